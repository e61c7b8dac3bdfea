"""A paper as plain data, between what a pack words and the files made of it.

Texts are plain: every writer escapes them itself. Lengths are in millimetres.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A text, and where it leads: ``link`` whole for files, ``path`` short for print."""

    text: str
    link: str = ""
    path: str = ""

    @property
    def is_path(self) -> bool:
        """Whether it says nothing but where something is looked up."""
        return bool(self.path) and self.text == self.path


@dataclass(frozen=True)
class Heading:
    """A line over what follows."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A text; ``style`` is "text", "plain" or "quote"."""

    text: str
    style: str = "text"
    kind: str = "paragraph"


@dataclass(frozen=True)
class FactLines:
    """Lines of a label and a value."""

    lines: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Table:
    """Heads and rows of equal width; ``numbers``: which columns hold numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    kind: str = "table"

    @property
    def lined(self) -> list[list[tuple[Cell, str, bool]]]:
        """The rows, each cell with its head and whether it is a number."""
        return [
            [(cell, self.heads[at], at in self.numbers) for at, cell in enumerate(row)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Points:
    """Sentences, each a point, with where its figure can be looked up."""

    sentences: tuple[Cell, ...]
    kind: str = "points"


@dataclass(frozen=True)
class Picture:
    """A PNG of a width, with a caption and where it leads."""

    png: bytes
    caption: str = ""
    link: str = ""
    width: float = 28.0
    kind: str = "picture"

    @property
    def data_uri(self) -> str:
        """The picture as the source of an image on a page."""
        return "data:image/png;base64," + b64encode(self.png).decode()


Block = Heading | Paragraph | FactLines | Table | Points | Picture


@dataclass(frozen=True)
class Document:
    """A whole paper in one language."""

    language: str
    letterhead: str
    title: str
    blocks: tuple[Block, ...]
    mark: str = ""
    closing: str = ""
    signature: tuple[str, ...] = ()
    footer: str = ""

    @property
    def chinese(self) -> bool:
        """Whether it is set as Chinese is: indented by two characters, no spaces between words."""
        return self.language.startswith("zh")
