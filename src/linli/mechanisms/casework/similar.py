"""“Is it this?”: which open requests near by say the same; for residents, and for the desk.

Place and time first: a bounded query, by an index both databases have, finds some hundred
candidates; then `engines.similarity` compares their words. Nothing is kept between questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from linli.engines.similarity import Likeness, Report, SimilarityIndex, Spot
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.nearby import Near, open_around
from linli.kernel.matters.visibility import in_charge
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.stages import NOT_JOINED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Area

METRES = 250.0
MOST_COMPARED = 100
MOST_SHOWN = 3
AREA_DAYS, ANYWHERE_DAYS = 180, 30
SHORTEST = 4  # characters of a text that can be compared at all
RELATED = ("servicerequest", "area", "responsible")
LARGE = ("area__boundary",)


@dataclass(frozen=True)
class Asked:
    """What a resident has said so far."""

    text: str
    longitude: float | None = None
    latitude: float | None = None
    area: Area | None = None
    category: str = ""


@dataclass(frozen=True)
class Alike:
    """A matter that may be the same, and why."""

    matter: Matter
    likeness: Likeness


def similar_public(community: Community, asked: Asked) -> list[Alike]:
    """Return up to three public requests that may be what somebody is about to report.

    Compared by what anyone may read of them alone, at the place as it is published. Three
    queries at most.
    """
    if len(asked.text.strip()) < SHORTEST:
        return []
    rows = Matter.objects.filter(community=community, audience=Audience.PUBLIC)
    near: list[Near] = []
    if asked.longitude is not None and asked.latitude is not None:
        near = open_around(community, asked.longitude, asked.latitude, METRES, public=True)
    found = _candidates(rows, near, asked, timezone.now())
    spots = {one.key: Spot(one.longitude, one.latitude) for one in near}
    compared = [
        _report(community, matter, f"{matter.public_title}\n{matter.public_text}",
                spots.get(matter.pk))
        for matter in found
    ]  # fmt: skip
    return _nearest(compared, found, _asked(community, asked))


def probable_duplicates(person: Person, matter: Matter) -> list[Alike]:
    """Return up to three open requests in a person's charge that may be the same as a matter.

    Compared by the reporters' own words, at the exact place, also without one. Four queries.
    """
    community = matter.community
    rows = in_charge(person, community).exclude(pk=matter.pk)
    asked = Asked(
        f"{matter.title}\n{matter.text}", matter.longitude, matter.latitude, matter.area,
        matter.category,
    )  # fmt: skip
    near: list[Near] = []
    if asked.longitude is not None and asked.latitude is not None:
        near = open_around(community, asked.longitude, asked.latitude, METRES, public=False)
    found = _candidates(rows, near, asked, matter.created_at)
    compared = [
        _report(community, one, f"{one.title}\n{one.text}", _spot(one.longitude, one.latitude))
        for one in found
    ]
    return _nearest(compared, found, _asked(community, asked, matter.created_at))


def _candidates(
    rows: QuerySet[Matter], near: list[Near], asked: Asked, now: datetime
) -> list[Matter]:
    """Return whom to compare with: those around the point, else of the area, else the newest."""
    rows = rows.filter(procedure="casework", closed_at__isnull=True, stage__in=NOT_JOINED)
    rows = rows.select_related(*RELATED).defer(*LARGE)
    found: list[Matter] = []
    if near:
        nearest = sorted(near, key=lambda one: _distance(one, asked))[:MOST_COMPARED]
        found = list(rows.filter(pk__in=[one.key for one in nearest]))
    if asked.area is not None:
        since = now - timedelta(days=AREA_DAYS)
        rest = rows.filter(area=asked.area, created_at__gte=since)
        if asked.longitude is not None:
            rest = rest.filter(longitude__isnull=True)  # the others are near, or they are not
        found += rest.order_by("-created_at")[: MOST_COMPARED - len(found)]
    elif asked.longitude is None:
        since = now - timedelta(days=ANYWHERE_DAYS)
        found = list(rows.filter(created_at__gte=since).order_by("-created_at")[:MOST_COMPARED])
    return found


def _distance(one: Near, asked: Asked) -> float:
    return abs(one.longitude - (asked.longitude or 0)) + abs(one.latitude - (asked.latitude or 0))


def _report(community: Community, matter: Matter, text: str, spot: Spot | None) -> Report:
    return Report(
        matter.pk,
        text,
        spot,
        _day(matter.created_at),
        matter.area_id,
        about_category(community, matter.category),
    )


def _asked(community: Community, asked: Asked, at: datetime | None = None) -> Report:
    return Report(
        None,
        asked.text,
        _spot(asked.longitude, asked.latitude),
        _day(at or timezone.now()),
        asked.area.pk if asked.area else None,
        about_category(community, asked.category),
    )


def _nearest(compared: Iterable[Report], found: list[Matter], asked: Report) -> list[Alike]:
    by_key = {matter.pk: matter for matter in found}
    nearest = SimilarityIndex(compared).nearest(asked, MOST_SHOWN)
    return [Alike(by_key[one.key], one) for one in nearest]


def about_category(community: Community, code: str) -> str:
    """Return what the pack says of a category, its name and its hint: words that explain it."""
    category = pack_of(community).categories.get(code)
    return f"{category.label} {category.hint or ''}" if category else ""


def _spot(longitude: float | None, latitude: float | None) -> Spot | None:
    return None if longitude is None or latitude is None else Spot(longitude, latitude)


def _day(moment: datetime) -> float:
    return moment.timestamp() / 86_400


def open_for_support() -> Q:
    """Return the condition on public requests that can be supported."""
    return Q(audience=Audience.PUBLIC, procedure="casework", stage__in=NOT_JOINED)
