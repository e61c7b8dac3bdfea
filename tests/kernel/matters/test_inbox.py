"""The inbox: sorted by clock, page by page, filtered, and only what lies with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from linli.kernel.matters.inbox import InboxFilters, inbox
from linli.kernel.matters.models import Matter


def numbers(page) -> list[str]:
    return [matter.number for matter in page.matters]


@pytest.fixture
def many(here) -> list[Matter]:
    """Twelve received matters: some due at the same moment, three without a clock."""
    matters = [here.report(text=f"第{n}件：路灯坏了").matter for n in range(12)]
    now = timezone.now()
    for n, matter in enumerate(matters):
        due = None if n % 4 == 3 else now + timedelta(hours=n // 2 - 2)
        Matter.objects.filter(pk=matter.pk).update(due_at=due)
    return matters


def test_it_works(here) -> None:
    late = here.at_stage("dispatched")
    Matter.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    fresh = here.report().matter
    here.at_stage("closed")

    assert numbers(inbox(here.dispatcher, here.community)) == [late.number, fresh.number]
    assert numbers(inbox(here.handler, here.community)) == [late.number]
    assert numbers(inbox(here.other_handler, here.community)) == []
    assert inbox(here.dispatcher, here.community, counted=True).size == 2


def test_what_only_the_public_or_the_reporter_sees_is_not_in_it(here) -> None:
    here.at_stage("in_hand", by=here.other_handler)

    assert numbers(inbox(here.other_handler, here.community)) == []
    assert numbers(inbox(here.resident, here.community)) == []


@pytest.mark.parametrize("size", [1, 2, 5, 11, 12, 50])
def test_pages_meet_without_gap_or_twin(here, many, size: int) -> None:
    found, after = [], ""
    while True:
        page = inbox(here.dispatcher, here.community, after=after, size=size)
        assert len(page.matters) <= size
        found += page.matters
        after = page.after
        if not after:
            break

    assert len(found) == len({matter.pk for matter in found}) == 12
    keys = [(m.due_at is None, m.due_at or timezone.now(), m.pk) for m in found[:9]]
    assert keys == sorted(keys)
    assert [matter.due_at for matter in found[9:]] == [None] * 3


@pytest.mark.parametrize(
    "after",
    ["x", "due~~", "due~2026-01-01~1", "due~yesterday~1", "undated~~-1", "closed~~1",
     "undated~2026-01-01T00:00:00+00:00~1", "undated~~99999999999999999999"],
)  # fmt: skip
def test_a_senseless_position_starts_anew(here, many, after: str) -> None:
    first = inbox(here.dispatcher, here.community)

    assert numbers(inbox(here.dispatcher, here.community, after=after)) == numbers(first)


def test_closed_ones_come_newest_first(here) -> None:
    first, second, third = (here.at_stage("closed") for _ in range(3))
    filters = InboxFilters(closed=True)

    page = inbox(here.dispatcher, here.community, filters, size=2)
    assert numbers(page) == [third.number, second.number]
    rest = inbox(here.dispatcher, here.community, filters, size=2, after=page.after)
    assert numbers(rest) == [first.number]


def test_each_filter(here) -> None:
    pothole = here.at_stage("in_hand", text="东门路面塌了", doorway=here.doorway.doorway_code)
    lift = here.report(text="电梯停了", category="lift").matter

    def found(**filters) -> list[str]:
        return numbers(inbox(here.dispatcher, here.community, InboxFilters(**filters)))

    both = found()
    assert set(both) == {pothole.number, lift.number}
    assert found(stage="in_hand") == [pothole.number]
    assert found(category="pothole") == [pothole.number]
    assert found(category="roads") == [pothole.number]
    assert found(area=here.grid_area) == [pothole.number]
    assert found(responsible=here.roads) == [pothole.number]
    assert found(urgency="urgent") == [lift.number]
    assert found(text="塌了") == [pothole.number]
    assert found(text=lift.number) == [lift.number]
    assert found(text="没有这样的") == []
    assert found(narrow=Q(title__contains="电梯")) == [lift.number]
    assert found(overdue=True) == []
    Matter.objects.filter(pk=lift.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert found(overdue=True) == [lift.number]


def test_another_community_has_its_own(here, elsewhere) -> None:
    here.report()

    assert numbers(inbox(elsewhere.secretary, here.community)) == []
    assert numbers(inbox(here.secretary, elsewhere.community)) == []


def test_the_number_of_queries_is_fixed(here, many, django_assert_num_queries) -> None:
    from linli.kernel.people.models import Person

    person = Person.objects.get(pk=here.dispatcher.pk)
    with django_assert_num_queries(4):  # posts, areas, dated, undated
        page = inbox(person, here.community)
        assert [str(m.responsible) + str(m.desk) + str(m.area) for m in page.matters]
