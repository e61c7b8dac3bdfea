"""Notices written with the event that causes them, delivered later by a worker."""
