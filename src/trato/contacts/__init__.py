"""People, their addresses, reversible merge."""
