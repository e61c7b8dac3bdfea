"""Addresses from a CSV or Excel file, row by row: a bad row is told and left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.files.tables import Row, UnreadableTable, read_table
from linli.kernel.places.addresses import normalise
from linli.kernel.places.boundaries import areas_at
from linli.kernel.places.doorways import clean_doorway_code
from linli.kernel.places.models import Address, Area

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

FIELDS = ("text", "building", "doorway", "longitude", "latitude", "area")
LONGEST_CODE = 24
BATCH = 500


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row: its number in the file, the field, a sentence."""

    row: int
    field: str
    sentence: str


@dataclass
class AddressReport:
    """What an import of addresses did, or would do when it is a dry run."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[RowFault] = field(default_factory=list)


def import_addresses(
    community: Community,
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> AddressReport:
    """Create or update a community's addresses, by their normal form.

    Fields are text, building (put behind the text), doorway (a code), longitude, latitude
    (degrees, WGS 84) and area (a code); ``columns`` maps a field to the file's column. Without
    an area's code the point decides. Raises UnreadableTable.
    """
    names = {name: name for name in FIELDS} | dict(columns or {})
    table = read_table(path)
    if names["text"] not in table.columns:
        column = names["text"]
        raise UnreadableTable(_("The column “%(column)s” is missing.") % {"column": column})
    reading = _Reading(community, names)
    with transaction.atomic():
        wanted = [address for row in table.rows if (address := reading.read(row))]
        if not dry_run:
            _save(wanted)
    return reading.report


def _save(wanted: list[Address]) -> None:
    new = [address for address in wanted if address.pk is None]
    old = [address for address in wanted if address.pk is not None]
    Address.objects.bulk_create(new, batch_size=BATCH)
    fields = ["text", "area", "longitude", "latitude", "doorway_code"]
    Address.objects.bulk_update(old, fields, batch_size=BATCH)


class _Reading:
    """Reads rows against what the community has already."""

    def __init__(self, community: Community, names: Mapping[str, str]) -> None:
        self.community, self.names, self.report = community, names, AddressReport()
        self.areas = {
            area.code: area for area in Area.objects.filter(community=community).defer("boundary")
        }
        rows = Address.objects.filter(community=community)
        self.known = {address.normalised: address for address in rows}
        # Codes are unique over the whole installation: QR codes carry nothing else.
        coded = Address.objects.filter(doorway_code__isnull=False)
        self.code_of = dict(coded.values_list("doorway_code", "normalised"))
        self.seen: set[str] = set()

    def read(self, row: Row) -> Address | None:
        """Return the address to write, or None after noting what is wrong or nothing to do."""
        faults: list[tuple[str, str]] = [("", row.fault)] if row.fault else []
        text = self._text(row, faults)
        normal = normalise(text, self.community.name)
        if text and normal in self.seen:
            faults.append(("text", _("This address stands twice in the file.")))
        self.seen.add(normal)
        point = self._point(row, faults)
        area = self._area(row, point, faults)
        code = self._code(row, normal, faults)
        if faults or area is None:
            self.report.faults.extend(RowFault(row.number, *fault) for fault in faults)
            return None
        return self._changed(text, normal, area, point, code)

    def _given(self, row: Row, name: str) -> str:
        return str(row.cells.get(self.names[name], "")).strip()

    def _text(self, row: Row, faults: list[tuple[str, str]]) -> str:
        text = self._given(row, "text") + self._given(row, "building")
        if not self._given(row, "text"):
            faults.append(("text", _("Please fill this in.")))
        elif len(text) > 200:
            faults.append(("text", _("Please use at most %(max)s characters.") % {"max": 200}))
        return text

    def _point(
        self, row: Row, faults: list[tuple[str, str]]
    ) -> tuple[float, float] | tuple[None, None]:
        given = [self._given(row, "longitude"), self._given(row, "latitude")]
        if not any(given):
            return None, None
        try:
            longitude, latitude = map(float, given)
        except ValueError:
            faults.append(("longitude", _("A point needs both longitude and latitude.")))
            return None, None
        if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
            faults.append(("longitude", _("This point lies outside the world.")))
            return None, None
        return longitude, latitude

    def _area(
        self,
        row: Row,
        point: tuple[float, float] | tuple[None, None],
        faults: list[tuple[str, str]],
    ) -> Area | None:
        code = self._given(row, "area")
        if code and code not in self.areas:
            faults.append(("area", _("No area has this code.")))
        if code:
            return self.areas.get(code)
        holding = areas_at(self.community, *point) if point[0] is not None else []
        if not holding:
            faults.append(("area", _("Neither a code nor a point says in which area it lies.")))
        return holding[0] if holding else None

    def _code(self, row: Row, normal: str, faults: list[tuple[str, str]]) -> str | None:
        code = clean_doorway_code(self._given(row, "doorway")) or None
        if code is None:
            return None
        if len(code) > LONGEST_CODE:
            max_length = {"max": LONGEST_CODE}
            faults.append(("doorway", _("Please use at most %(max)s characters.") % max_length))
        elif self.code_of.setdefault(code, normal) != normal:
            faults.append(("doorway", _("Another address has this code.")))
        return code

    def _changed(
        self,
        text: str,
        normal: str,
        area: Area,
        point: tuple[float, float] | tuple[None, None],
        code: str | None,
    ) -> Address | None:
        known = self.known.get(normal)
        address = known or Address(community=self.community, normalised=normal)
        # What the file leaves open stays as it is.
        longitude, latitude = (
            point if point[0] is not None else (address.longitude, address.latitude)
        )
        values = {
            "text": text,
            "area_id": area.pk,
            "longitude": longitude,
            "latitude": latitude,
            "doorway_code": code or address.doorway_code,
        }
        if known and all(getattr(known, name) == value for name, value in values.items()):
            self.report.unchanged += 1
            return None
        for name, value in values.items():
            setattr(address, name, value)
        self.report.created += known is None
        self.report.updated += known is not None
        return address
