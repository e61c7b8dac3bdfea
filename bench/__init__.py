"""Measurements of speed, each against a peer or a bound in the same run."""
