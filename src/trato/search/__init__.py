"""Finds the article, and in it the passage, that answers a question; and says how sure it is of that."""

from trato.search.engine import Search
from trato.search.values import Article, Found, Hit

__all__ = ["Article", "Found", "Hit", "Search"]
