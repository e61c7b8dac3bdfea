"""Reading what a demo neighbourhood is made of from its YAML files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from linli.surfaces.cli.demo.deck import Deck

# The pack a demo is asked for by, and the neighbourhood that shows it.
NEIGHBOURHOODS = {"cn-community": "donghu", "open311-city": "riverside"}


def _read(name: str) -> dict[str, Any]:
    text = files("linli.surfaces.cli.demo.texts").joinpath(f"{name}.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@dataclass
class Settings:
    """One demo neighbourhood: its file, its random numbers, its size ("full" or "small")."""

    values: dict[str, Any]
    random: Random
    size: str = "full"
    _decks: dict[str, Deck[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: str, size: str = "full", seed: int = 1) -> Settings:
        """Read the neighbourhood of a pack. Raises KeyError where none is written for it."""
        return cls(_read(NEIGHBOURHOODS[pack]), Random(seed), size)  # noqa: S311 - not a secret

    @cached_property
    def reports(self) -> dict[str, dict[str, Any]]:
        """What is reported, by category."""
        return _read(self.values["reports"])

    @cached_property
    def phrases(self) -> dict[str, Any]:
        """What people say around it."""
        return _read(self.values["phrases"])

    @cached_property
    def whistles(self) -> list[dict[str, Any]]:
        """Whistles and who came, see `whistles`."""
        return list(_read(self.values["whistles"])["whistles"])

    @cached_property
    def topics(self) -> dict[str, Any]:
        """What many report, and the topics of the month, see `topics`."""
        return _read(self.values["topics"])

    def deal(self, name: str) -> Any:
        """Return the next of a list of phrases."""
        return self.dealt(name, self.phrases[name])

    def dealt(self, name: str, items: list[Any]) -> Any:
        """Return the next of a list that is dealt under a name."""
        if name not in self._decks:
            self._decks[name] = Deck(items, self.random)
        return self._decks[name].deal()

    def number(self, what: str) -> int:
        """Return how many matters or people the size has."""
        return int(self.values[what][self.size])
