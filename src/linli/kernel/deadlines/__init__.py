"""Clocks in working time on matters: start, pause, extend, escalate."""
