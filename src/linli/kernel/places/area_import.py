"""Areas from a GeoJSON file: checked as a whole, then all written or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.gridmap import InvalidCell, polygon_from_geojson
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.boundaries import boundaries_changed
from linli.kernel.places.grid_codes import BadGridCode, read_grid_code
from linli.kernel.places.models import Area
from linli.kernel.places.overlaps import overlapping

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

LARGEST_FILE = 200 * 1024 * 1024  # bytes
MOST_FEATURES = 1_000_000
FIELDS = ("code", "name", "kind", "parent", "organisation", "population")
LONGEST = {"code": 40, "name": 120}
PLAIN = ("kind", "level", "name", "population")
TAKEN = ("code", *PLAIN, "organisation")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one feature: its place in the file (from 0), the field, a sentence."""

    index: int
    field: str
    sentence: str


@dataclass
class AreaReport:
    """What an import did, or would do when it is a dry run or has faults."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    written: bool = False


class UnreadableAreas(ValueError):
    """The file is no GeoJSON FeatureCollection; its text is a plain sentence."""


@dataclass
class _Wanted:
    index: int
    values: dict[str, Any]
    boundary: Mapping[str, Any] | None
    shape: Any


def import_areas(
    community: Community,
    source: Path | Mapping[str, Any],
    *,
    properties: Mapping[str, str] | None = None,
    dry_run: bool = False,
    national_codes: bool = False,
) -> AreaReport:
    """Create or update a community's areas from a GeoJSON FeatureCollection, by their codes.

    Fields are code, name, kind, parent (a code), organisation (a code), population;
    ``properties`` maps a field to the name the file gives it. Geometry is Polygon, MultiPolygon
    or null, WGS 84. A feature whose area is as it was changes nothing. Any fault, and nothing is
    written. ``national_codes``: codes of grids must be those of GB/T 30428.1.
    Raises UnreadableAreas.
    """
    features = _features(source)
    report = AreaReport()
    names = {name: name for name in FIELDS} | dict(properties or {})
    reading = _Reading(community, names, national_codes, report)
    wanted = [item for number, one in enumerate(features) if (item := reading.read(number, one))]
    reading.check_parents(wanted)
    siblings = [((item.values["parent"], item.values["kind"]), item.shape) for item in wanted]
    for one, other in overlapping(siblings):
        sentence = _("It overlaps “%(other)s”.") % {"other": wanted[one].values["name"]}
        report.warnings.append(Fault(wanted[other].index, "geometry", sentence))
    with transaction.atomic():
        _write(community, wanted, report, dry_run=dry_run or bool(report.faults))
    return report


def _features(source: Path | Mapping[str, Any]) -> list[Any]:
    content: Any = source
    if isinstance(source, Path):
        if source.stat().st_size > LARGEST_FILE:
            limit = LARGEST_FILE // 1024 // 1024
            raise UnreadableAreas(_("The file is larger than %(limit)s MB.") % {"limit": limit})
        try:
            content = json.loads(source.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise UnreadableAreas(_("The file is not JSON in UTF-8.")) from error
    features = content.get("features") if isinstance(content, Mapping) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise UnreadableAreas(_("This is no GeoJSON FeatureCollection."))
    if len(features) > MOST_FEATURES:
        raise UnreadableAreas(
            _("The file has more than %(limit)s features.") % {"limit": MOST_FEATURES}
        )
    return features


class _Reading:
    """Reads features one by one against the pack and what is there already."""

    def __init__(
        self,
        community: Community,
        names: Mapping[str, str],
        national_codes: bool,
        report: AreaReport,
    ) -> None:
        self.names, self.national_codes, self.report = names, national_codes, report
        self.kinds = pack_of(community).area_kinds
        standing = Organisation.objects.standing().filter(community=community)
        self.organisations = {row.code: row for row in standing if row.code}
        known = Area.objects.filter(community=community).defer("boundary")
        self.known = {area.code: area for area in known}
        self.codes: set[str] = set()

    def fault(self, index: int, name: str, sentence: str) -> None:
        self.report.faults.append(Fault(index, name, sentence))

    def read(self, index: int, feature: Any) -> _Wanted | None:
        """Return what a feature asks for, or None after noting every fault of it."""
        before = len(self.report.faults)
        if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
            self.fault(index, "feature", _("A feature is an object with properties."))
            return None
        given = feature["properties"]
        values = {name: given.get(self.names[name]) for name in FIELDS}
        for name in ("code", "name", "kind", "parent", "organisation"):
            values[name] = "" if values[name] is None else str(values[name]).strip()
        self._check_texts(index, values)
        self._check_references(index, values)
        shape = self._shape(index, feature.get("geometry"))
        if len(self.report.faults) > before:
            return None
        return _Wanted(index, values, feature.get("geometry"), shape)

    def _check_texts(self, index: int, values: dict[str, Any]) -> None:
        for name, longest in LONGEST.items():
            if not values[name]:
                self.fault(index, name, _("Please fill this in."))
            elif len(values[name]) > longest:
                self.fault(
                    index, name, _("Please use at most %(max)s characters.") % {"max": longest}
                )
        if values["code"] in self.codes:
            self.fault(index, "code", _("This code stands twice in the file."))
        self.codes.add(values["code"])
        population = values["population"]
        if population in (None, ""):
            values["population"] = None
        elif isinstance(population, bool) or not str(population).isdecimal():
            self.fault(index, "population", _("Please give a whole number."))
        else:
            values["population"] = int(population)

    def _check_references(self, index: int, values: dict[str, Any]) -> None:
        if values["kind"] not in self.kinds:
            known = "、".join(self.kinds)
            sentence = _("This kind is not in the pack. It has: %(known)s.") % {"known": known}
            self.fault(index, "kind", sentence)
        elif self.national_codes and values["kind"] == "grid":
            try:
                read_grid_code(values["code"])
            except BadGridCode as error:
                self.fault(index, "code", str(error))
        code = values["organisation"]
        if code and code not in self.organisations:
            self.fault(index, "organisation", _("No organisation has this code."))
        values["organisation"] = self.organisations.get(code)

    def _shape(self, index: int, geometry: Any) -> Any:
        if geometry is None:
            return None
        try:
            return polygon_from_geojson(geometry)
        except InvalidCell as error:
            sentence = _("The boundary is not valid: %(reason)s") % {"reason": error.reason}
            self.fault(index, "geometry", sentence)
        return None

    def check_parents(self, wanted: list[_Wanted]) -> None:
        """Every parent exists, is of a coarser kind, and so no circle can close."""
        level = {code: area.level for code, area in self.known.items()}
        level |= {item.values["code"]: self.kinds[item.values["kind"]].level for item in wanted}
        for item in wanted:
            parent = item.values["parent"]
            own = self.kinds[item.values["kind"]].level
            item.values["level"] = own
            if parent and parent not in level:
                self.fault(item.index, "parent", _("No area has this code."))
            elif parent and level[parent] >= own:
                self.fault(item.index, "parent", _("The area it is part of must be a coarser one."))


def _write(
    community: Community, wanted: list[_Wanted], report: AreaReport, *, dry_run: bool
) -> None:
    """Write coarse areas before the finer ones that are part of them."""
    known = {area.code: area for area in Area.objects.filter(community=community)}
    code_of = {area.pk: area.code for area in known.values()}
    by_level: dict[int, list[Area]] = {}
    for item in wanted:
        area = known.setdefault(item.values["code"], Area(community=community))
        if area.pk is not None and _as_it_was(area, item, code_of):
            report.unchanged += 1
            continue
        report.created += area.pk is None
        report.updated += area.pk is not None
        for name in TAKEN:
            setattr(area, name, item.values[name])
        area.boundary = item.boundary
        by_level.setdefault(area.level, []).append(area)
    if by_level and not dry_run:
        parents = {item.values["code"]: item.values["parent"] for item in wanted}
        for level in sorted(by_level):
            _save(by_level[level], known, parents)
        boundaries_changed(community.pk)
        report.written = True


def _as_it_was(area: Area, item: _Wanted, code_of: dict[int, str]) -> bool:
    organisation = item.values["organisation"]
    return (
        all(getattr(area, name) == item.values[name] for name in PLAIN)
        and area.boundary == item.boundary
        and area.organisation_id == (organisation.pk if organisation else None)
        and code_of.get(area.parent_id or 0, "") == item.values["parent"]
    )


def _save(areas: list[Area], known: dict[str, Area], parents: dict[str, str]) -> None:
    for area in areas:
        area.parent = known.get(parents[area.code])
    new = [area for area in areas if area.pk is None]
    old = [area for area in areas if area.pk is not None]
    Area.objects.bulk_create(new, batch_size=500)
    Area.objects.bulk_update(old, [*TAKEN[1:], "boundary", "parent"], batch_size=200)
