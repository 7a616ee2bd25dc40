"""Incidents: what is broken or will be worked on, whom it touches, and who is told when it works again."""
