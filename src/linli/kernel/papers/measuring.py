"""How wide the columns of a table are, in shares of the page, by what stands in them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.papers.document import Cell, Table

NARROWEST, WIDEST, PADDING = 6, 28, 3  # letters; what is longer is broken


def letters(text: str) -> int:
    """Return how wide a text is, in Latin letters; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def shares(table: Table) -> list[float]:
    """Return the share of the width of each column; together they are 1."""
    wanted = []
    for at, head in enumerate(table.heads):
        widest = max((letters(_shown(row[at])) for row in table.rows), default=0)
        wanted.append(PADDING + min(max(widest, letters(head), NARROWEST), WIDEST))
    return [one / sum(wanted) for one in wanted]


def _shown(cell: Cell) -> str:
    return cell.text[: len(cell.text) * 3 // 4] if cell.is_path else cell.text  # set smaller
