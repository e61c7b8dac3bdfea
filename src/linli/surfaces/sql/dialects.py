"""What the two databases say differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCHEMA = "analysts"


@dataclass(frozen=True)
class Dialect:
    """How SQL is written for one database; ``vendor`` is Django's word for it."""

    vendor: str

    @property
    def _postgresql(self) -> bool:
        return self.vendor == "postgresql"

    def view(self, name: str) -> str:
        """Return the name of a view."""
        return f'"{SCHEMA}"."{name}"' if self._postgresql else f'"{SCHEMA}_{name}"'

    def fact(self, column: str, key: str) -> str:
        """Return a fact of an event as text; true and false as such on both."""
        if self._postgresql:
            return f"({column}->>'{key}')"
        value = f"json_extract({column}, '$.{key}')"
        kind = f"json_type({column}, '$.{key}')"
        return f"(CASE {kind} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE {value} END)"

    def integer(self, text: str) -> str:
        """Return a text as a whole number."""
        return f"CAST({text} AS integer)"

    def minutes(self, begin: str, end: str) -> str:
        """Return the minutes between two instants, as a whole number, by the wall clock."""
        if self._postgresql:
            return f"CAST(floor(extract(epoch FROM ({end} - {begin})) / 60) AS bigint)"
        seconds = f"(strftime('%s', {end}) - strftime('%s', {begin}))"
        return f"CAST({seconds} / 60 AS integer)"

    def day_after(self, day: str) -> str:
        """Return the next day."""
        return f"({day} + 1)" if self._postgresql else f"date({day}, '+1 day')"

    def day(self, text: str) -> str:
        """Return a literal day."""
        return f"DATE '{text}'" if self._postgresql else f"'{text}'"

    def weekday(self, day: str) -> str:
        """Return the weekday of a day, Monday 1 to Sunday 7."""
        if self._postgresql:
            return f"CAST(extract(isodow FROM {day}) AS integer)"
        return f"((CAST(strftime('%w', {day}) AS integer) + 6) % 7 + 1)"

    def part(self, day: str, part: str) -> str:
        """Return the year or month of a day as a whole number."""
        if self._postgresql:
            return f"CAST(extract({part} FROM {day}) AS integer)"
        code = {"year": "%Y", "month": "%m"}[part]
        return f"CAST(strftime('{code}', {day}) AS integer)"

    def values(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> str:
        """Return a table of constants for a WITH clause; ``columns``: names with their types."""
        lines = [f"({', '.join(self._literal(value) for value in row)})" for row in rows]
        listed = ", ".join(columns)
        if lines:
            return f"{name}({listed}) AS (VALUES {', '.join(lines)})"
        nothing = ", ".join(f"CAST(NULL AS {kind})" for kind in columns.values())
        return f"{name}({listed}) AS (SELECT {nothing} WHERE 1 = 0)"

    def _literal(self, value: Any) -> str:
        if value is None:
            return "CAST(NULL AS text)"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return str(value)
        quoted = str(value).replace("\x00", "").replace("'", "''")
        return f"'{quoted}'"
