"""Pages of one's own data, and of a forgotten password."""
