"""The kinds of papers, and what each may be filled with; mechanisms declare them when loaded.

>>> declare("reply_letter", _("Letter of reply"), variables=("number", "title"))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: its variables, its tables with their columns, its lists and pictures."""

    name: str
    label: Any
    variables: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


KINDS: dict[str, PaperKind] = {}


def declare(
    name: str,
    label: Any,
    *,
    variables: Sequence[str],
    tables: Mapping[str, Sequence[str]] | None = None,
    lists: Sequence[str] = (),
    pictures: Sequence[str] = (),
) -> PaperKind:
    """Make a kind of paper known to packs. Declaring it twice the same changes nothing."""
    columns = {table: tuple(names) for table, names in (tables or {}).items()}
    kind = PaperKind(name, label, tuple(variables), columns, tuple(lists), tuple(pictures))
    KINDS[name] = kind
    return kind
