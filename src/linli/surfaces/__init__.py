"""How people and machines reach Linli. Surfaces hold no rule."""
