"""“Is it this?”: which open requests near by say the same; for residents, and for the desk.

Place and time first: a bounded query, by an index both databases have, finds some hundred
candidates; then `engines.similarity` compares their words. Nothing is kept between questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Area

METRES = 250.0
MOST_COMPARED = 60
MOST_SHOWN = 3
AREA_DAYS, ANYWHERE_DAYS = 180, 30
SHORTEST = 4  # characters of a text that can be compared at all
RELATED = ("servicerequest", "area", "responsible")
LARGE = ("area__boundary",)
Candidate = tuple[int, str, str, datetime, int | None, str]


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

    Compared by what anyone may read of them alone, at the place as it is published. At most four
    queries.
    """
    if len(asked.text.strip()) < SHORTEST:
        return []
    rows = Matter.objects.filter(community=community, audience=Audience.PUBLIC)
    near = _near(community, asked, public=True)
    spots = {one.key: Spot(one.longitude, one.latitude) for one in near}
    now = timezone.now()
    found = _candidates(rows, near, asked, now, ("public_title", "public_text"))
    return _nearest(community, found, spots, asked, now)


def probable_duplicates(person: Person, matter: Matter) -> list[Alike]:
    """Return up to three open requests in a person's charge that may be the same as a matter.

    Compared by the reporters' own words, at the exact place, also without one. At most four
    queries besides those for the person's posts.
    """
    community = matter.community
    rows = in_charge(person, community).exclude(pk=matter.pk)
    asked = Asked(
        f"{matter.title}\n{matter.text}", matter.longitude, matter.latitude, matter.area,
        matter.category,
    )  # fmt: skip
    near = _near(community, asked, public=False)
    spots = {one.key: Spot(one.longitude, one.latitude) for one in near}
    found = _candidates(rows, near, asked, matter.created_at, ("title", "text"))
    return _nearest(community, found, spots, asked, matter.created_at)


def _near(community: Community, asked: Asked, *, public: bool) -> list[Near]:
    if asked.longitude is None or asked.latitude is None:
        return []
    return open_around(community, asked.longitude, asked.latitude, METRES, public=public)


def _candidates(
    rows: QuerySet[Matter],
    near: list[Near],
    asked: Asked,
    now: datetime,
    words: tuple[str, str],
) -> list[Candidate]:
    """Return whom to compare with: those around the point, else of the area, else the newest.

    Only what is compared is read, since most of them are not shown.
    """
    rows = rows.filter(procedure="casework", closed_at__isnull=True, stage__in=NOT_JOINED)
    lists = rows.values_list("pk", *words, "created_at", "area_id", "category")
    found: list[Candidate] = []
    if near:
        nearest = sorted(near, key=lambda one: _distance(one, asked))[:MOST_COMPARED]
        found = list(lists.filter(pk__in=[one.key for one in nearest]))
    if asked.area is not None:
        since = now - timedelta(days=AREA_DAYS)
        rest = lists.filter(area=asked.area, created_at__gte=since)
        if asked.longitude is not None:
            rest = rest.filter(longitude__isnull=True)  # the others are near, or they are not
        found += rest.order_by("-created_at")[: MOST_COMPARED - len(found)]
    elif asked.longitude is None:
        since = now - timedelta(days=ANYWHERE_DAYS)
        found = list(lists.filter(created_at__gte=since).order_by("-created_at")[:MOST_COMPARED])
    return found


def _distance(one: Near, asked: Asked) -> float:
    return abs(one.longitude - (asked.longitude or 0)) + abs(one.latitude - (asked.latitude or 0))


def _nearest(
    community: Community,
    found: list[Candidate],
    spots: dict[int, Spot],
    asked: Asked,
    at: datetime,
) -> list[Alike]:
    """Rank the candidates and read those that are shown."""
    about = {code: about_category(community, code) for code in {one[5] for one in found}}
    index = SimilarityIndex(
        Report(key, f"{title}\n{text}", spots.get(key), _day(created), area, about[category])
        for key, title, text, created, area, category in found
    )
    spot = None
    if asked.longitude is not None and asked.latitude is not None:
        spot = Spot(asked.longitude, asked.latitude)
    area = asked.area.pk if asked.area else None
    report = Report(
        None, asked.text, spot, _day(at), area, about_category(community, asked.category)
    )
    nearest = index.nearest(report, MOST_SHOWN)
    if not nearest:
        return []
    rows = Matter.objects.select_related(*RELATED).defer(*LARGE)
    matters = rows.in_bulk([one.key for one in nearest])
    return [Alike(matters[one.key], one) for one in nearest if one.key in matters]


def about_category(community: Community, code: str) -> str:
    """Return what the pack says of a category, its name and its hint: words that explain it."""
    category = pack_of(community).categories.get(code)
    return f"{category.label} {category.hint or ''}" if category else ""


def _day(moment: datetime) -> float:
    return moment.timestamp() / 86_400


def open_for_support() -> Q:
    """Return the condition on public requests that can be supported."""
    return Q(audience=Audience.PUBLIC, procedure="casework", stage__in=NOT_JOINED)
