"""What happens by itself: promised times that run, and rules over what happens."""
