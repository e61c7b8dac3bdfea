"""Whistles on the workbench: the list, whistling, the table of those called, the figures."""
