"""The hash of every event, from which the public ledger grows."""
