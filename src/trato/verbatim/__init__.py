"""Free text that goes out to many people as it stands: known again by digests, said gently, counted."""
