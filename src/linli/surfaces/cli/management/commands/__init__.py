"""The commands of ``linli``, each a module."""
