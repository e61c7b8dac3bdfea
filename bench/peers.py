"""What one writes first, to compare with: OFFSET, LIKE, and counting all there is on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.db.models.functions import Round

from bench.city import EAST, NORTH, SOUTH, WEST
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.visibility import in_charge

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from bench.city import City


def board(city: City, chance: Random) -> None:
    """A page of public matters somewhere down the list, by OFFSET, with the number of all."""
    rows = Matter.objects.filter(community=city.community, audience=Audience.PUBLIC)
    rows.count()
    first = chance.randrange(0, 10_000) * 20
    list(rows.order_by("-created_at")[first : first + 20])


def board_points(city: City, chance: Random) -> None:
    """Clusters of all public matters in a box, counted by rounded places."""
    rows = Matter.objects.filter(community=city.community, audience=Audience.PUBLIC)
    _clusters(rows.filter(_box(chance)))


def map_points(city: City, chance: Random) -> None:
    """Clusters of the open matters of a box."""
    rows = in_charge(city.people["dispatcher"], city.community).filter(closed_at__isnull=True)
    _clusters(rows.filter(_box(chance)))


def _box(chance: Random) -> Q:
    west = chance.uniform(WEST, (WEST + EAST) / 2)
    south = chance.uniform(SOUTH, (SOUTH + NORTH) / 2)
    return Q(longitude__gte=west, longitude__lte=west + 0.15, latitude__gte=south) & Q(
        latitude__lte=south + 0.1
    )


def _clusters(rows: object) -> None:
    places = rows.annotate(x=Round("longitude", 2), y=Round("latitude", 2))  # type: ignore[attr-defined]
    list(places.values("x", "y").annotate(count=Count("pk")).order_by())


def inbox(city: City, chance: Random) -> None:
    """A page of an inbox by OFFSET, matters without a clock last, with the number of all."""
    rows = in_charge(city.people["supervisor"], city.community).filter(closed_at__isnull=True)
    rows.count()
    first = chance.randrange(0, 400) * 50
    rows = rows.select_related("responsible", "area", "desk", "pack")
    list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[first : first + 50])


def search(city: City, chance: Random) -> None:
    """Words anywhere in title or text, by LIKE, newest first."""
    words = chance.choice(city.phrases[200:])[1]
    rows = Matter.objects.filter(Q(title__icontains=words) | Q(text__icontains=words))
    list(rows.filter(community=city.community).order_by("-created_at")[:100])


PEERS: dict[str, Callable[[City, Random], None]] = {
    "board": board,
    "board_points": board_points,
    "map_points": map_points,
    "inbox_api": inbox,
    "inbox": inbox,
    "search_api": search,
    "search": search,
}
