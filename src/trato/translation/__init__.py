"""The place where a translator stands: off until one is configured, asked by a person, never by itself."""
