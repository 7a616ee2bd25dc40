"""A fictitious shop to look around in."""
