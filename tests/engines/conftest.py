"""Engines are tested for what they answer; how fast they do is for bench/."""

from hypothesis import settings

settings.register_profile("engines", deadline=None)
settings.load_profile("engines")
