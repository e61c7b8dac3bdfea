"""Exchanging requests with other cities: fetching theirs, sending ours, hearing of both."""
