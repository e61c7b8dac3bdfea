"""What differs from place to place, as checked YAML."""
