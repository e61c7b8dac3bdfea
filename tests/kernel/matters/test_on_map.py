"""The map: pins while they can be told apart, else clusters; nothing that is not theirs."""

from __future__ import annotations

import random

import pytest

from linli.kernel.matters import map as maps
from linli.kernel.matters.cells import FINEST, cell_of, cells_within, column_and_row
from linli.kernel.matters.map import on_map
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.search import reindex
from linli.kernel.people.models import Person

HERE = (114.29, 30.49, 114.32, 30.52)
AWAY = (10.0, 40.0, 11.0, 41.0)


def test_it_works(here) -> None:
    matter = here.report(longitude=114.305, latitude=30.505).matter
    here.report(text="没有地点")

    assert on_map(here.dispatcher, here.community, HERE, 14).pins == [matter]
    assert on_map(here.dispatcher, here.community, AWAY, 14).pins == []


def test_nobody_sees_more_than_an_inbox_or_the_board_shows(here, elsewhere) -> None:
    hidden = here.report(longitude=114.305, latitude=30.505).matter
    shown = here.at_stage("in_hand", longitude=114.306, latitude=30.505)
    done = here.at_stage("closed", longitude=114.307, latitude=30.505)

    def pins(person) -> set[Matter]:
        return set(on_map(person, here.community, HERE, 14).pins)

    assert pins(None) == {shown, done}
    assert pins(here.dispatcher) == pins(here.supervisor) == {hidden, shown}
    assert pins(here.handler) == {shown}
    assert pins(here.other_handler) == pins(here.resident) == pins(elsewhere.secretary) == set()


def test_what_is_for_named_people_is_on_no_map(here) -> None:
    matter = here.report(longitude=114.305, latitude=30.505).matter
    Matter.objects.filter(pk=matter.pk).update(audience=Audience.NAMED)
    reindex(Matter.objects.all())

    assert on_map(here.dispatcher, here.community, HERE, 14).pins == []


def test_many_become_clusters_that_lose_none(here, monkeypatch) -> None:
    monkeypatch.setattr(maps, "MOST_PINS", 5)
    chance = random.Random(1)
    for _ in range(30):
        point = {"longitude": chance.uniform(114.30, 114.31), "latitude": 30.505}
        here.report(**point)

    seen = on_map(here.dispatcher, here.community, HERE, 14)
    assert sum(cluster.count for cluster in seen.clusters) + len(seen.pins) == 30
    assert len(seen.clusters) > 1
    assert not any(cluster.more for cluster in seen.clusters)
    for cluster in seen.clusters:
        assert 114.30 <= cluster.longitude <= 114.31
        assert cluster.latitude == pytest.approx(30.505)


def test_a_crowd_is_counted_only_so_far(here, monkeypatch) -> None:
    monkeypatch.setattr(maps, "MOST_PINS", 3)
    monkeypatch.setattr(maps, "MOST_COUNTED", 5)
    for _ in range(8):
        here.report(longitude=114.305, latitude=30.505)

    (cluster,) = on_map(here.dispatcher, here.community, HERE, 14).clusters
    assert (cluster.count, cluster.more) == (4, True)


@pytest.mark.parametrize(
    "box",
    [(1, 1, 1, 2), (2, 1, 1, 2), (1, 2, 2, 1), (-181, 0, 1, 1), (0, 0, 1, 91),
     (float("nan"), 0, 1, 1)],
)  # fmt: skip
def test_a_box_that_is_none(here, box) -> None:
    with pytest.raises(ValueError, match="a box goes"):
        on_map(here.dispatcher, here.community, box, 10)


@pytest.mark.parametrize("zoom", [-3, 0, 5, 18, 40])
def test_any_zoom_over_any_box_is_bounded(here, zoom: int, django_assert_num_queries) -> None:
    here.report(longitude=114.305, latitude=30.505)
    assert len(maps._squares((-180, -90, 180, 90), zoom)) <= maps.MOST_SQUARES
    person = Person.objects.get(pk=here.dispatcher.pk)
    with django_assert_num_queries(5):  # posts, areas, squares, keys, pins
        assert len(on_map(person, here.community, (-180, -90, 180, 90), zoom).pins) == 1


def test_cells_of_a_square_are_one_range() -> None:
    chance = random.Random(2)
    for _ in range(300):
        point = chance.uniform(-180, 180), chance.uniform(-85, 85)
        for zoom in (0, 3, 11, FINEST):
            low, high = cells_within(*column_and_row(*point, zoom), zoom)
            assert low <= cell_of(*point) < high
            other = chance.uniform(-180, 180), chance.uniform(-85, 85)
            same = column_and_row(*other, zoom) == column_and_row(*point, zoom)
            assert (low <= cell_of(*other) < high) == same
