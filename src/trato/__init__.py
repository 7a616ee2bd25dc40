"""Trato: customer service that treats every person as somebody you already know."""

__version__ = "0.1.0"
