"""What the demo neighbourhoods are made of, as YAML."""
