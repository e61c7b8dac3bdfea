"""Linli's settings with the peer beside it."""

from linli.settings import *  # noqa: F403
from linli.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.bare"]
ROOT_URLCONF = "bench.bare_urls"
