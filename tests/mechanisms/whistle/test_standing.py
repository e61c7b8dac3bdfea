"""How departments stand is what the events say, and each number opens to as many of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import Slice, evidence
from linli.mechanisms.whistle.standing import COUNTS, standings
from tests.mechanisms.whistle.whistling import blow, call_of, do

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(here) -> Slice:
    today = timezone.localdate()
    return Slice(here.community, today - timedelta(days=9), today + timedelta(days=1))


def counted(asked: Slice, unit) -> dict[str, int]:
    while fold_pending():
        pass
    rows = {one.unit: one for one in standings(asked)}
    return {name.partition(".")[2]: value for name, value in rows[unit].counts.items()}


def test_it_works(here, asked) -> None:
    first, second = (blow(here, at=timezone.now() - timedelta(hours=hours)) for hours in (2, 25))
    do(call_of(first, here.roads), "report_in", here.handler)
    find_overdue()
    do(call_of(second, here.roads), "report_in", here.handler)
    second = do(second, "record", here.secretary, found="只有市政所到场。")
    do(call_of(second, here.roads), "rate", here.secretary, on_time=False, worked=True, result=3)
    do(second, "close", here.secretary, outcome="好了")

    roads = {"called": 2, "in_time": 1, "late": 1, "missed": 1, "absent": 0}
    company = {"called": 2, "in_time": 0, "late": 0, "missed": 1, "absent": 1}
    assert counted(asked, here.roads) == roads
    assert counted(asked, here.property_company) == company
    everyone, *units = standings(asked)
    assert everyone.counts["whistle.called"] == 4
    assert [one.unit for one in units] == [here.roads, here.property_company]
    assert units[0].per_cent == 50.0
    assert units[0].minutes == pytest.approx((120 + 1500) / 2, abs=2)
    assert (units[0].result, units[0].rated) == (3.0, 1)


def test_each_number_opens_to_its_events(here, asked) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    do(call_of(whistle, here.roads), "report_in", here.handler)  # before the worker noticed
    call = call_of(whistle, here.property_company)
    do(call, "decline", here.other_handler, reason="law", explanation="无执法权。")
    while fold_pending():
        pass
    for one in standings(asked)[1:]:
        for name in COUNTS:
            events = evidence(name, here.community, asked.since, asked.until, one.unit)
            assert events.count() == one.counts[name], (name, one.unit)


def test_declining_and_coming_counts_as_missed_once(here, asked) -> None:
    call = call_of(blow(here), here.roads)
    do(call, "decline", here.handler, reason="law", explanation="无执法权。")
    do(call, "report_in", here.handler)

    assert counted(asked, here.roads)["missed"] == 1
    assert counted(asked, here.roads)["late"] == 1


def test_who_was_called_off_is_neither(here, asked) -> None:
    do(blow(here), "withdraw", here.secretary, reason="false_alarm")

    assert counted(asked, here.roads) == {
        "called": 1, "in_time": 0, "late": 0, "missed": 0, "absent": 0,
    }  # fmt: skip
    assert standings(asked)[0].per_cent is None


def test_nothing_was_called(here, asked) -> None:
    assert standings(asked) == []


def test_query_count(here, asked, django_assert_num_queries) -> None:
    for _number in range(2):
        do(call_of(blow(here), here.roads), "report_in", here.handler)
    while fold_pending():
        pass
    with django_assert_num_queries(3):
        standings(asked)
