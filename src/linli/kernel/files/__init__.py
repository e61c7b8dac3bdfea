"""Uploads checked by content, images re-encoded, links signed."""
