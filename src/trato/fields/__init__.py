"""Fields of an installation's own, on contacts and on cases: what they are, and what stands in them."""
