"""Promised times: policies, and the clocks that run by them."""
