"""Reading one row by the map: the facts of a request, and of the answer to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.importing.mapping import OTHERWISE
from linli.mechanisms.casework.intake import desk_of

if TYPE_CHECKING:
    from linli.kernel.files.tables import Row
    from linli.kernel.organisations.models import Community
    from linli.mechanisms.casework.importing.mapping import ImportMap

LONGEST_ID = 60
PLAIN = ("address", "doorway", "name", "phone", "email")
EARLIEST = 1949


class Unfit(ValueError):
    """The row cannot be brought in; its text says why, with the field named."""


@dataclass(frozen=True)
class Said:
    """When something was said or answered, and the facts of it."""

    at: datetime
    facts: dict[str, Any]


class RowReader:
    """Reads the rows of one table; ``columns`` are those the table has."""

    def __init__(self, mapping: ImportMap, community: Community, columns: list[str]) -> None:
        self.map, self.community = mapping, community
        self.names: dict[str, str] = mapping.columns.model_dump(exclude_none=True)
        self.missing = sorted({name for name in self.names.values() if name not in columns})
        self.zone = ZoneInfo(mapping.zone or community.timezone)
        self.now = timezone.now()
        self.categories = set(pack_of(community).leaf_categories())
        standing = Organisation.objects.standing().filter(community=community)
        self.units = {unit.code: str(unit.uuid) for unit in standing.exclude(code="")}
        desk = desk_of(community)
        self.default_unit = str(desk.uuid) if desk else ""

    def identity(self, row: Row) -> str:
        """Return the number the row has in its source. Raises Unfit."""
        if row.fault:
            raise Unfit(row.fault)
        found = self._given(row, "id")
        if not found:
            raise Unfit(self._about("id", _("Please fill this in.")))
        if len(found) > LONGEST_ID:
            text = _("Please use at most %(max)s characters.") % {"max": LONGEST_ID}
            raise Unfit(self._about("id", text))
        return found

    def key(self, identity: str) -> str:
        """Return the idempotency key of a request: what comes in again under it is the same."""
        digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
        return f"import:{self.map.source}:{digest}"

    def request(self, row: Row) -> Said:
        """Return the request of a row. Raises Unfit."""
        at = self._time(row, "time")
        facts: dict[str, Any] = {
            "text": self._given(row, "text"),
            "source": self.map.source,
            "source_id": self.identity(row),
            "publish": self.map.publish,
        }
        if since := self.map.running_since:
            facts["running"] = at >= datetime.combine(since, time(), self.zone)
        if title := self._given(row, "title"):
            facts["headline"] = title[:200]
        facts |= {name: text for name in PLAIN if (text := self._given(row, name))}
        facts |= self._point(row)
        if category := self._category(row):
            facts["category"] = category
        if channel := self._channel(row):
            facts["channel"] = channel
        if likes := self._given(row, "likes"):
            facts["likes"] = likes
        return Said(at, facts)

    def answer(self, row: Row) -> Said | None:
        """Return the answer of a row, None where there is none. Raises Unfit."""
        text = self._given(row, "reply")
        if not text:
            return None
        return Said(self._time(row, "reply_time"), {"text": text, "unit": self._unit(row)})

    # --- single values ------------------------------------------------------------------------
    def _given(self, row: Row, field: str) -> str:
        column = self.names.get(field)
        return str(row.cells.get(column, "")).strip() if column else ""

    def _about(self, field: str, sentence: str) -> str:
        return f"{self.names.get(field, field)}: {sentence}"

    def _time(self, row: Row, field: str) -> datetime:
        cell = row.cells.get(self.names.get(field, ""), "")
        if not cell:
            raise Unfit(self._about(field, _("Please fill this in.")))
        found = cell if isinstance(cell, datetime) else self._parsed(cell)
        if found is None:
            sentence = _("“%(value)s” is no time that the map describes.")
            raise Unfit(self._about(field, sentence % {"value": str(cell)[:40]}))
        moment = (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)
        if moment > self.now or moment.year < EARLIEST:
            raise Unfit(
                self._about(field, _("This time is impossible: %(time)s.") % {"time": cell})
            )
        return moment

    def _parsed(self, text: str) -> datetime | None:
        for form in self.map.times:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
        return None

    def _point(self, row: Row) -> dict[str, float]:
        given = {name: self._given(row, name) for name in ("longitude", "latitude")}
        try:
            return {name: float(text) for name, text in given.items() if text}
        except ValueError:
            raise Unfit(self._about("longitude", _("Please give a number."))) from None

    def _category(self, row: Row) -> str:
        word = self._given(row, "category")
        meant = self.map.categories
        code = meant.get(word) or (word if word in self.categories else meant.get(OTHERWISE, ""))
        if word and not code:
            raise Unfit(self._about("category", self._unmapped(word, "categories")))
        return code

    def _channel(self, row: Row) -> str:
        word = self._given(row, "channel")
        code = self.map.channels.get(word) or self.map.channels.get(OTHERWISE)
        if word and not code:
            raise Unfit(self._about("channel", self._unmapped(word, "channels")))
        return code or ""

    def _unit(self, row: Row) -> str:
        word = self._given(row, "unit")
        meant = self.map.units
        code = meant.get(word) or (word if word in self.units else meant.get(OTHERWISE, ""))
        if word and not code:
            raise Unfit(self._about("unit", self._unmapped(word, "units")))
        return self.units.get(code, "") or self.default_unit

    @staticmethod
    def _unmapped(word: str, section: str) -> str:
        return _("The map says nothing of “%(word)s” under “%(section)s”.") % {
            "word": word[:40],
            "section": section,
        }
