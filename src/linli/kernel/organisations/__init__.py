"""Communities, the tree of organisations within them, memberships and federations."""
