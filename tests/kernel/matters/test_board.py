"""The public board: what was released, and nothing else."""

from __future__ import annotations

import pytest

from linli.kernel.matters.queries import GROUPS, public_matters
from linli.kernel.places.models import Area
from linli.kernel.procedures.performing import perform


def test_it_works(here) -> None:
    here.report(text="还没有分类")
    first = here.at_stage("in_hand")
    second = here.at_stage("closed")

    assert list(public_matters(here.community)) == [second, first]


def test_groups(here) -> None:
    waiting = here.at_stage("received")
    in_hand = here.at_stage("in_hand")
    closed = here.at_stage("closed")

    found = {group: set(public_matters(here.community, group=group)) for group in GROUPS}
    assert found == {
        "open": {waiting, in_hand},
        "waiting": {waiting},
        "in_hand": {in_hand},
        "closed": {closed},
    }
    assert not public_matters(here.community, group="x")


def test_a_category_stands_for_its_parts(here) -> None:
    matter = here.at_stage("received")

    assert list(public_matters(here.community, category="pothole")) == [matter]
    assert list(public_matters(here.community, category="roads")) == [matter]
    assert not public_matters(here.community, category="lift")
    assert not public_matters(here.community, category="nothing")


def test_an_area_stands_for_its_parts(here) -> None:
    whole = Area.objects.create(
        community=here.community, kind="community", code="whole", name="全社区"
    )
    Area.objects.filter(pk=here.grid_area.pk).update(parent=whole)
    matter = here.at_stage("received", doorway=here.doorway.doorway_code)
    here.at_stage("received")

    assert list(public_matters(here.community, area=whole)) == [matter]
    assert list(public_matters(here.community, area=here.grid_area)) == [matter]


@pytest.mark.parametrize("filters", [{}, {"category": "lift"}, {"group": "waiting"}])
def test_words_are_those_the_public_reads(here, filters) -> None:
    matter = here.report(text="王大妈家电梯坏了", category="lift").matter
    facts = {"category": "lift", "public_title": "三号楼电梯停运", "public_text": "正在等配件"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)

    for text in ("电梯停运", "配件"):
        assert list(public_matters(here.community, text=text, **filters)) == [matter]
    for text in ("王大妈", "坏了", "??"):
        assert not public_matters(here.community, text=text, **filters)


def test_another_community_is_another_board(here, elsewhere) -> None:
    here.at_stage("in_hand")

    assert not public_matters(elsewhere.community)
    assert not public_matters(elsewhere.community, text="路灯")


def test_the_number_of_queries_is_fixed(here, django_assert_num_queries) -> None:
    for _ in range(3):
        here.at_stage("received")
    with django_assert_num_queries(1):
        assert len(public_matters(here.community)) == 3
    with django_assert_num_queries(3):
        assert len(public_matters(here.community, text="路面")) == 3
