"""Pure algorithms: no Django, no input or output; arrays and plain data in and out."""
