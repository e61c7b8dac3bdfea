"""The residents' first page, and how pages look to them."""
