"""Matters on a map: single pins while they can be told apart, else clusters with their number.

However many there are, a map looks at no more than `MOST_COUNTED` of each of its squares: a
cluster of more says “999+”. So it is as fast over a million as over a thousand, and never stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from linli.kernel.matters.cells import FINEST, cells_within, column_and_row
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.models import Matter
from linli.kernel.matters.visibility import Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

MOST_COUNTED = 1_000
MOST_SQUARES = 150
MOST_PINS = 150
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cluster:
    """Several matters near each other; ``more``: there are more than the count says."""

    longitude: float
    latitude: float
    count: int
    more: bool


@dataclass(frozen=True)
class OnMap:
    """What a map shows: either pins or clusters may be empty."""

    clusters: list[Cluster]
    pins: list[Matter]


def on_map(person: Person | None, community: Community, box: Box, zoom: int) -> OnMap:
    """Return what a map shows of ``box`` (west, south, east, north in degrees) at a zoom.

    For staff: the open matters they are in charge of; for nobody in particular (None): the
    public ones, closed or not. Matters for named people only are on no map. Two queries.
    Raises ValueError for a box that is none.
    """
    squares = _squares(box, zoom)
    scope = scope_of(person, community) if person is not None else None
    counted = _count(squares, community, scope)
    if sum(count for _, count, *_ in counted) <= MOST_PINS:
        return OnMap([], _pins([square for square, *_ in counted], community, scope))
    single = [key for _, count, _, _, key in counted if count == 1]
    clusters = [
        Cluster(longitude, latitude, min(count, MOST_COUNTED - 1), count == MOST_COUNTED)
        for _, count, longitude, latitude, _ in counted
        if count > 1
    ]
    return OnMap(clusters, _matters(single))


def _squares(box: Box, zoom: int) -> list[tuple[int, int]]:
    """Return the ranges of cells of the squares that cover the box, coarser if they are many."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("a box goes from west to east and from south to north")
    for level in range(min(max(zoom, 0) + 1, FINEST), -1, -1):
        left, top = column_and_row(west, north, level)
        right, bottom = column_and_row(east, south, level)
        if (right - left + 1) * (bottom - top + 1) <= MOST_SQUARES:
            break
    return [
        cells_within(column, row, level)
        for column in range(left, right + 1)
        for row in range(top, bottom + 1)
    ]


def _count(
    squares: Sequence[tuple[int, int]], community: Community, scope: Scope | None
) -> list[tuple[tuple[int, int], int, float, float, int]]:
    """Return of each square that holds any: number, mean point, and the first matter's key."""
    before, condition, values = _condition(community, scope)
    # The condition is made of names and integers of ours; all else are parameters.
    one = (
        "SELECT {n}, count(*), avg(longitude), avg(latitude), min(matter_id) FROM "  # noqa: S608
        "(SELECT longitude, latitude, matter_id FROM matters_searchentry "
        f"WHERE {condition} AND cell >= %s AND cell < %s LIMIT {MOST_COUNTED}) AS s{{n}}"
    )
    sql = before + " UNION ALL ".join(one.format(n=n) for n in range(len(squares)))
    params = [value for square in squares for value in (*values, *square)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [row for row in cursor.fetchall() if row[1]]
    return [(squares[n], count, float(x), float(y), key) for n, count, x, y, key in rows]


def _condition(community: Community, scope: Scope | None) -> tuple[str, str, list[Any]]:
    """Return what stands before the query, the condition of each square, and its parameters.

    The organisations and areas of a scope are named once, however many squares there are.
    """
    if scope is None:
        return "", "community_id = %s AND is_public AND cell IS NOT NULL", [community.pk]
    condition, values = "community_id = %s AND is_open AND cell IS NOT NULL", [community.pk]
    if scope.whole:
        return "", condition, values
    if not scope:
        return "", f"{condition} AND 1 = 0", values
    named = {"organisations": scope.organisations, "areas": scope.areas}
    tables = [
        f"{name} (id) AS (VALUES {', '.join(f'({int(key)})' for key in sorted(keys))})"
        for name, keys in named.items()
        if keys
    ]
    columns = {"responsible_id": "organisations", "desk_id": "organisations", "area_id": "areas"}
    within = " OR ".join(  # names and integers of ours
        f"{column} IN (SELECT id FROM {name})"  # noqa: S608
        for column, name in columns.items()
        if named[name]
    )
    return f"WITH {', '.join(tables)} ", f"{condition} AND ({within})", values


def _pins(
    squares: list[tuple[int, int]], community: Community, scope: Scope | None
) -> list[Matter]:
    within = Q(pk__in=[])
    for low, high in _joined(squares):
        within |= Q(cell__gte=low, cell__lt=high)
    rows = SearchEntry.objects.filter(within, community=community)
    if scope is None:
        rows = rows.filter(is_public=True)
    else:
        rows = rows.filter(is_open=True)
        if not scope.whole:
            rows = rows.filter(
                Q(responsible_id__in=scope.organisations)
                | Q(desk_id__in=scope.organisations)
                | Q(area_id__in=scope.areas)
            )
    return _matters(list(rows.values_list("pk", flat=True)[:MOST_PINS]))


def _joined(squares: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join ranges that touch."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(squares):
        if found and found[-1][1] == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _matters(keys: list[int]) -> list[Matter]:
    rows = Matter.objects.select_related("pack").defer("pack__content")
    return list(rows.filter(pk__in=keys).order_by("pk")) if keys else []
