"""The routes of the access API, by what they are for."""
