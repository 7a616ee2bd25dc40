"""What a shop's own page tells: where its visitor is, what was ordered, and whether help came before."""
