"""热点: what many requests of different people are about, found anew each night.

A topic keeps its identity from night to night, and with it its history and what staff corrected.
Nothing here changes a matter.
"""
