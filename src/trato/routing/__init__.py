"""Who helps: presence, capacity, offers, one leader."""
