"""Grids and their boundaries, addresses; a point or an address leads to the people in charge."""
