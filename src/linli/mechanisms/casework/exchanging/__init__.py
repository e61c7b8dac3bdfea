"""Exchanging requests with other cities: fetching theirs, sending ours, hearing what became of them.
"""
