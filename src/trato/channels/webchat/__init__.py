"""Web chat: the channel of the widget that a shop puts on its own pages."""
