"""Finds people, cases, messages and articles while somebody types."""
