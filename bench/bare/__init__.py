"""The peer of the intake bench: a table and a view with nothing around them."""
