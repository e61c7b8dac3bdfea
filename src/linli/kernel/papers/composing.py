"""Filling what a pack declares with what a mechanism gives: the one place where papers are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import override

from linli.kernel.papers.document import (
    Cell,
    Document,
    FactLines,
    Heading,
    Paragraph,
    Picture,
    Points,
    Table,
)
from linli.kernel.papers.wording import clean, filled, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.packs.schema import PackContent
    from linli.kernel.packs.texts import Label
    from linli.kernel.papers.declared import BlockSetting, PaperSetting, TableSetting
    from linli.kernel.papers.document import Block

MOST_ROWS = 200  # of a table


class NoSuchPaper(LookupError):
    """The pack of the community declares no paper of that kind."""


def declared(pack: PackContent, kind: str, wanted: str) -> tuple[PaperSetting, str]:
    """Return what a pack says of a paper, and its language: the wanted one, else the pack's first.

    Raises NoSuchPaper.
    """
    setting = pack.papers.get(kind)
    if setting is None:
        raise NoSuchPaper(kind)
    fitting = (wanted, wanted.partition("-")[0])
    return setting, next((one for one in pack.languages if one in fitting), pack.languages[0])


@dataclass(frozen=True)
class Content:
    """What a paper is filled with; ``numbers``: which columns hold numbers, of any table."""

    values: Mapping[str, str]
    tables: Mapping[str, Sequence[Mapping[str, Cell]]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()


def compose(setting: PaperSetting, content: Content, language: str) -> Document:
    """Return a declared paper filled with its content, in a language of the pack.

    Raises KeyError where the content lacks a name that the pack uses: `checking` refuses a pack
    that uses one its kind does not offer.
    """
    with override(language):
        return _Filling(content).document(setting, language)


class _Filling:
    """The texts of one paper, being filled."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.values = {name: shortened(value).strip() for name, value in content.values.items()}

    def document(self, setting: PaperSetting, language: str) -> Document:
        blocks: list[Block] = []
        for block in setting.body:
            if block.when is None or self._holds(block.when):
                blocks.extend(self._blocks(block))
        return Document(
            language=language,
            letterhead=self._line(setting.letterhead),
            mark=self._line(setting.mark),
            title=self._line(setting.title),
            blocks=tuple(blocks),
            closing=self._line(setting.closing),
            signature=tuple(self._lines(setting.signature)),
            footer=self._line(setting.footer),
        )

    def _holds(self, name: str) -> bool:
        """Whether a variable is not empty, or a table has rows."""
        return bool(self.values[name] if name in self.values else self.content.tables[name])

    def _blocks(self, block: BlockSetting) -> Iterator[Block]:
        if block.heading is not None:
            yield Heading(self._line(block.heading))
        elif block.paragraph is not None:
            for line in self._lines(block.paragraph):
                yield Paragraph(line, block.style)
        elif block.facts is not None:
            lines = [(self._line(one.label), self._text(one.value)) for one in block.facts]
            if kept := tuple((label, value) for label, value in lines if value):
                yield FactLines(kept)
        elif block.table is not None:
            yield from self._table(block.table)
        elif block.points is not None:
            if sentences := tuple(map(_clean, self.content.lists[block.points])):
                yield Points(sentences)
        elif block.picture is not None and (found := self.content.pictures.get(block.picture)):
            yield Picture(found.png, self._line(block.caption), found.link, found.width)

    def _table(self, setting: TableSetting) -> Iterator[Block]:
        rows = self.content.tables[setting.rows][:MOST_ROWS]
        if rows:
            yield Table(
                tuple(self._line(head) for head in setting.columns.values()),
                tuple(tuple(_clean(row[name]) for name in setting.columns) for row in rows),
                frozenset(
                    at for at, name in enumerate(setting.columns) if name in self.content.numbers
                ),
            )
        elif setting.empty is not None:
            yield Paragraph(self._text(setting.empty), "plain")

    def _text(self, label: Label | None) -> str:
        return filled(str(label), self.values).strip() if label is not None else ""

    def _lines(self, label: Label | None) -> list[str]:
        return [line.strip() for line in self._text(label).split("\n") if line.strip()]

    def _line(self, label: Label | None) -> str:
        return " ".join(self._text(label).split())


def _clean(cell: Cell) -> Cell:
    return Cell(clean(cell.text), cell.link, cell.path)
