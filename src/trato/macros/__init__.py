"""Macros: texts with places that fill what an agent writes, and never send it."""
