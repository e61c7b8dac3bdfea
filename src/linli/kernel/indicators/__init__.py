"""Figures kept from events, each opening to its evidence."""
