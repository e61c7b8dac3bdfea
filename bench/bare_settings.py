"""Linli's settings with the peer of the intake bench beside it."""

from linli.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
