"""Cards: what another system says of a contact, asked for when a conversation is opened, shown beside it."""
