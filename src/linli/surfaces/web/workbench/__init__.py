"""The workbench: what staff do with matters, people and organisations."""
