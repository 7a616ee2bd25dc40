"""Outgoing webhooks (Standard Webhooks) over the event log."""
