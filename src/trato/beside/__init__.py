"""What stands beside what is said with a contact: what happened around it, and the talk of colleagues."""
