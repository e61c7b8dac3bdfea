"""“Is it this?”: which open requests near by say the same; for residents, and for the desk.

Place and time first: a bounded query, by an index both databases have, finds some hundred
candidates; then `engines.similarity` compares their words. Nothing is kept between questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, Q
from django.utils import timezone

from linli.engines.similarity import Likeness, Report, SimilarityIndex, Spot
from linli.kernel.kept_queries import Given, KeptQuery, KeptRows, any_of, spread
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.nearby import Near, open_around
from linli.kernel.matters.visibility import in_charge
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.stages import NOT_JOINED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
PUBLIC_WORDS = ("public_title", "public_text")
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
    near = _near(community, asked, public=True)
    now = timezone.now()
    found = _candidates(_public(community), near, asked, now)
    return _nearest(community, found, near, asked, now)


def probable_duplicates(person: Person, matter: Matter) -> list[Alike]:
    """Return up to three open requests in a person's charge that may be the same as a matter.

    Compared by the reporters' own words, at the exact place, also without one. At most four
    queries besides those for the person's posts.
    """
    community = matter.community
    asked = Asked(
        f"{matter.title}\n{matter.text}", matter.longitude, matter.latitude, matter.area,
        matter.category,
    )  # fmt: skip
    near = _near(community, asked, public=False)
    rows = in_charge(person, community).exclude(pk=matter.pk)
    found = _candidates(_reading(rows, ("title", "text")), near, asked, matter.created_at)
    return _nearest(community, found, near, asked, matter.created_at)


@dataclass(frozen=True)
class _Reading:
    """How candidates are read: those of some keys, and the newest since then.

    ``newest`` takes an area or None, and whether only those without a point are meant.
    """

    of_keys: Callable[[Sequence[int]], list[Candidate]]
    newest: Callable[[Area | None, bool, datetime], list[Candidate]]


def _lists(rows: QuerySet[Matter], words: tuple[str, str]) -> QuerySet[Matter, Candidate]:
    """Return what is compared of requests; only that is read, since most are not shown."""
    rows = rows.filter(procedure="casework", closed_at__isnull=True, stage__in=NOT_JOINED)
    return rows.values_list("pk", *words, "created_at", "area_id", "category")


def _reading(rows: QuerySet[Matter], words: tuple[str, str]) -> _Reading:
    lists = _lists(rows, words)

    def newest(area: Area | None, placeless: bool, since: datetime) -> list[Candidate]:
        found = lists.filter(created_at__gte=since)
        if area is not None:
            found = found.filter(area=area)
        if placeless:
            found = found.filter(longitude__isnull=True)
        return list(found.order_by("-created_at")[:MOST_COMPARED])

    return _Reading(lambda keys: list(lists.filter(pk__in=keys)), newest)


def _public(community: Community) -> _Reading:
    """Return how public requests are read: at every pause of typing, so by kept queries."""

    def of_keys(keys: Sequence[int]) -> list[Candidate]:
        return _kept_of_keys(community=community.pk, **spread("key", keys, MOST_COMPARED))

    def newest(area: Area | None, placeless: bool, since: datetime) -> list[Candidate]:
        if area is None or not placeless:
            rows = Matter.objects.filter(community=community, audience=Audience.PUBLIC)
            return _reading(rows, PUBLIC_WORDS).newest(area, placeless, since)
        return _kept_of_area(community=community.pk, area=area.pk, since=since)

    return _Reading(of_keys, newest)


def _kept_lists() -> QuerySet[Matter, Candidate]:
    rows = Matter.objects.filter(community=Given("community"), audience=Audience.PUBLIC)
    return _lists(rows, PUBLIC_WORDS)


_kept_of_keys = KeptRows(lambda: _kept_lists().filter(pk__in=any_of("key", MOST_COMPARED)))
_kept_of_area = KeptRows(
    lambda: (
        _kept_lists()
        .filter(
            area=Given("area"),
            created_at__gte=Given("since", DateTimeField()),
            longitude__isnull=True,
        )
        .order_by("-created_at")[:MOST_COMPARED]
    )
)
_kept_shown = KeptQuery(
    lambda: (
        Matter.objects.filter(pk__in=any_of("key", MOST_SHOWN))
        .select_related(*RELATED)
        .defer(*LARGE)
    )
)


def _near(community: Community, asked: Asked, *, public: bool) -> list[Near]:
    if asked.longitude is None or asked.latitude is None:
        return []
    return open_around(community, asked.longitude, asked.latitude, METRES, public=public)


def _candidates(
    reading: _Reading, near: list[Near], asked: Asked, now: datetime
) -> list[Candidate]:
    """Return whom to compare with: those around the point, else of the area, else the newest."""
    found: list[Candidate] = []
    if near:
        nearest = sorted(near, key=lambda one: _distance(one, asked))[:MOST_COMPARED]
        found = reading.of_keys([one.key for one in nearest])
    placed = asked.longitude is not None
    if asked.area is not None and len(found) < MOST_COMPARED:
        # With a point the others are near, or they are not.
        rest = reading.newest(asked.area, placed, now - timedelta(days=AREA_DAYS))
        found += rest[: MOST_COMPARED - len(found)]
    elif asked.area is None and not placed:
        found = reading.newest(None, False, now - timedelta(days=ANYWHERE_DAYS))
    return found


def _distance(one: Near, asked: Asked) -> float:
    return abs(one.longitude - (asked.longitude or 0)) + abs(one.latitude - (asked.latitude or 0))


def _nearest(
    community: Community,
    found: list[Candidate],
    near: list[Near],
    asked: Asked,
    at: datetime,
) -> list[Alike]:
    """Rank the candidates and read those that are shown."""
    spots = {one.key: Spot(one.longitude, one.latitude) for one in near}
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
    keys = spread("key", [one.key for one in nearest], MOST_SHOWN)
    matters = {matter.pk: matter for matter in _kept_shown(**keys)}
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
