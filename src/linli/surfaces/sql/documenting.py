"""The reference page of the views, written from their declarations."""

from __future__ import annotations

from linli.surfaces.sql.views import VIEWS

INTRODUCTION = """\
# Views for analysts

Generated from the code by `linli docs`; do not edit. `linli views install` makes these views, in
the schema `analysts` on PostgreSQL (`analysts.requests`) and with the prefix `analysts_` on SQLite
(`analysts_requests`). [How to use them](../how-to/let-analysts-in.md).

None of them tells names, contacts, words of anyone, points, addresses or doorways, nor who acted
or reported. Times are instants in UTC. On SQLite true and false are 1 and 0, and days and times
are texts.
"""


def views_markdown() -> str:
    """Return the reference page of the views, in English, ending in one newline."""
    parts = [INTRODUCTION]
    for view in VIEWS:
        rows = [f"| `{name}` | {told} |" for name, told in view.columns]
        parts.append(f"## `{view.name}`\n")
        parts.append(f"{view.told}\n")
        parts.append("\n".join(["| column | meaning |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)
