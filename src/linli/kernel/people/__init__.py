"""People, how they sign in, and their contact data, encrypted with a key of their own."""
