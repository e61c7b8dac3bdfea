"""Bringing in requests and answers from tables of an earlier system.

`mapping` says which column means what, `rows` reads a row by it, `running` writes them in batches,
each once however often the file is read.
"""
