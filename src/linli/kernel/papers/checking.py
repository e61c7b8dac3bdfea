"""Whether the papers of a pack can be filled: every name in them is one their kind offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.kernel.papers.kinds import KINDS
from linli.kernel.papers.wording import wrong_variables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from linli.kernel.packs.texts import Label
    from linli.kernel.papers.declared import BlockSetting, PaperSetting
    from linli.kernel.papers.kinds import PaperKind

Path_ = tuple[str | int, ...]
Found = tuple[Path_, str]


def wrong_papers(papers: Mapping[str, PaperSetting]) -> Iterator[Found]:
    """Return what is wrong with papers, each with where it stands and a sentence."""
    for name, paper in papers.items():
        path: Path_ = ("papers", name)
        kind = KINDS.get(name)
        if kind is None:
            yield path, _unknown(name, KINDS)
            continue
        for part in ("letterhead", "mark", "title", "closing", "signature", "footer"):
            yield from _text(getattr(paper, part), (*path, part), kind)
        for number, block in enumerate(paper.body):
            yield from _block(block, (*path, "body", number), kind)


def _block(block: BlockSetting, path: Path_, kind: PaperKind) -> Iterator[Found]:
    for part in ("heading", "paragraph", "caption"):
        yield from _text(getattr(block, part), (*path, part), kind)
    for number, line in enumerate(block.facts or ()):
        yield from _text(line.label, (*path, "facts", number, "label"), kind)
        yield from _text(line.value, (*path, "facts", number, "value"), kind)
    if block.table is not None:
        yield from _table(block.table, (*path, "table"), kind)
    offered = {
        "points": kind.lists,
        "picture": kind.pictures,
        "when": (*kind.variables, *kind.tables),
    }
    for part, known in offered.items():
        name = getattr(block, part)
        if name is not None and name not in known:
            yield (*path, part), _unknown(name, known)


def _table(table: Any, path: Path_, kind: PaperKind) -> Iterator[Found]:
    columns = kind.tables.get(table.rows)
    if columns is None:
        yield (*path, "rows"), _unknown(table.rows, kind.tables)
        return
    for name, head in table.columns.items():
        if name not in columns:
            yield (*path, "columns", name), _unknown(name, columns)
        yield from _text(head, (*path, "columns", name), kind)
    yield from _text(table.empty, (*path, "empty"), kind)


def _text(label: Label | None, path: Path_, kind: PaperKind) -> Iterator[Found]:
    for language, text in label.root.items() if label else ():
        for sentence in wrong_variables(text, kind.variables):
            yield (*path, language), sentence


def _unknown(name: str, known: Collection[str]) -> str:
    return _("“%(name)s” is not offered here; known are: %(known)s.") % {
        "name": name,
        "known": ", ".join(sorted(known)) or "–",
    }
