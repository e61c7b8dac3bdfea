"""How a pack declares a paper: its frame, and what it says, block by block."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from linli.kernel.packs.texts import Code, Label, Strict


class FactLineSetting(Strict):
    """One line of facts: what it is, and its value."""

    label: Label
    """what it is"""
    value: Label
    """its value, with variables; the line is left out where nothing is left of it"""


class TableSetting(Strict):
    """A table: its rows come from the figures, the pack chooses the columns and heads them."""

    rows: Code
    """which rows, of those the paper offers"""
    columns: dict[Code, Label] = Field(min_length=1)
    """the columns wanted, in this order, with their heads"""
    empty: Label | None = None
    """what stands in its place where there are no rows; without it, nothing"""


class BlockSetting(Strict):
    """One piece of a paper: exactly one of heading, paragraph, facts, table, points and picture."""

    heading: Label | None = None
    """a line over what follows"""
    paragraph: Label | None = None
    """a text, with variables; each line of it is a paragraph"""
    style: Literal["text", "plain", "quote"] = "text"
    """of a paragraph: `text` begins indented where the language does, `quote` is set in"""
    facts: list[FactLineSetting] | None = None
    """lines of a label and a value"""
    table: TableSetting | None = None
    """a table"""
    points: Code | None = None
    """sentences made of the figures, each a point"""
    picture: Code | None = None
    """a picture the paper offers, such as a QR code"""
    caption: Label | None = None
    """what stands beside the picture"""
    when: Code | None = None
    """only where this variable is not empty, or this table has rows"""

    @model_validator(mode="after")
    def _one(self) -> BlockSetting:
        parts = (self.heading, self.paragraph, self.facts, self.table, self.points, self.picture)
        if sum(part is not None for part in parts) != 1:
            raise ValueError(
                _("Give exactly one of heading, paragraph, facts, table, points and picture.")
            )
        return self


class PaperSetting(Strict):
    """A letter or report; texts are filled with the variables of its kind, as `{number}`."""

    letterhead: Label
    """who it comes from, at the head of the first page"""
    mark: Label | None = None
    """its number, below the letterhead"""
    title: Label
    """what it is"""
    body: list[BlockSetting] = Field(min_length=1)
    """what it says, in this order"""
    closing: Label | None = None
    """the last line before the signature"""
    signature: Label | None = None
    """who signs and when, one a line"""
    footer: Label | None = None
    """at the foot of every page, beside its number"""
