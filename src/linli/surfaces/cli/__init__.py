"""The command ``linli``."""
