"""What a request is likely about and whose duty it likely is, learnt from what the desk decided.

Only the words of requests are read, never anything about who reported. A person always decides:
a suggestion fills in a form, no more.
"""
