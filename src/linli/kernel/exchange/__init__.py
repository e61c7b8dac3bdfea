"""Other cities' Open311 servers: where they are, what was shared with them, how they are asked."""
