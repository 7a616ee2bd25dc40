"""Lists of one's own making, and what is done with many conversations at once."""
