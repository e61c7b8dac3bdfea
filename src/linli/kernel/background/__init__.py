"""What Linli does on its own while a worker runs."""
