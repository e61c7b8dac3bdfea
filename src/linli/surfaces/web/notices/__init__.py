"""The inbox of notices that everybody has, which ways to be told, and push messages."""
