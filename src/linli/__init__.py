"""Linli (邻里): everything is a matter that goes through a procedure and leaves events."""

__version__ = "0.1.0"
