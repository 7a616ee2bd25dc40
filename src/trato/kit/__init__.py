"""Small tools without a home of their own: ids, clock, errors, text. Imports nothing of Trato."""
