"""The straight line: receive, inbound, assign, outbound."""
