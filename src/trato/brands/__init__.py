"""Organisation, brands and channel accounts."""
