"""Standard replies: texts a unit keeps for what it answers often, with places to fill in.

`models` keeps them, `variables` fills them in, `keeping` says who may see and change which,
`words` checks a reply for plain words.
"""
