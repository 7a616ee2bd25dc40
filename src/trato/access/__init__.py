"""Users, agents, roles, sessions, API keys, audit."""
