"""What a contact sees and does of their own once they have signed in; its routes are in `routes`."""
