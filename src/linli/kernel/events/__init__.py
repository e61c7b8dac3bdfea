"""The append-only log of what happened, and what each reader may see of it."""
