"""Cases, conversations, messages, interactions, facts."""
