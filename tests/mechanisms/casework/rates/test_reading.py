"""The rates are what a plain count of the events gives, with and without what was left out."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.events.models import Event
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import Slice
from linli.kernel.indicators.rebuilding import rebuild
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.rates import evidence_of, rates_by
from linli.mechanisms.casework.rates.shares import three_rates

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 9, tzinfo=ZONE)
LONG_AGO, FAR = date(2020, 1, 1), date(2030, 1, 1)
WEIGHTS = {5: 1, 4: 1, 3: 1, 2: 0, 1: 0}


def whole(here, **more) -> Slice:
    return Slice(here.community, more.pop("since", LONG_AGO), more.pop("until", FAR), **more)


def case(here, dice: random.Random) -> None:
    """Live one random request, from the report to what became of it in the rates."""
    at = BEGIN + timedelta(days=dice.randint(0, 60))
    unit, handler = dice.choice(
        [(here.roads, here.handler), (here.property_company, here.other_handler)]
    )
    matter = here.report(by=here.resident).matter
    area = {"area": str(here.grid_area.uuid)} if dice.random() < 0.5 else {}
    category = dice.choice(["pothole", "lift", "streetlight"])
    steps = [
        (here.dispatcher, "triage", {"category": category, **area}),
        (here.dispatcher, "dispatch", {"to": str(unit.uuid)}),
        (handler, "reply", {"text": "办"}),
        (handler, "solve", {"text": "好"}),
    ]
    for by, action, facts in steps[: dice.choice([2, 3, 4, 4, 4, 4])]:
        at += timedelta(days=dice.choice([0, 1, 12]), minutes=5)
        perform(matter, action, by=by, facts=facts, at=at)
    at += timedelta(days=1)
    rated = {"contacted": True, "solved": dice.random() < 0.6, "satisfaction": dice.randint(1, 5)}
    ends = [
        (here.resident, "rate", rated),
        (here.caller, "call_back", rated),
        (here.caller, "not_reached", {"outcome": dice.choice(["no_answer", "refused"])}),
        (handler, "ask_exclusion", {"reason": "no_content", "text": "无"}),
        (here.supervisor, "decide_exclusion", {"decision": "accept", "grounds": "是"}),
        (here.supervisor, "reverse_exclusion", {"grounds": "否"}),
    ]
    for by, action, facts in ends:
        if dice.random() < 0.6:
            at += timedelta(hours=dice.choice([3, 30, 200]))
            try:
                perform(matter, action, by=by, facts=facts, at=at)
            except Refused:  # nothing to decide, not this stage: a history without it
                continue


def plainly(here, keep, *, excluded: bool) -> tuple[list[tuple[float, int]], int]:
    """Count by going through every event in turn: three shares, and how many were not reached."""
    events = list(Event.objects.filter(community=here.community).order_by("pk"))
    out: set[int] = set()
    for event in events:
        if event.kind == "casework.exclusion_decided" and event.facts["decision"] == "accept":
            out.add(event.matter_id)
        if event.kind == "casework.exclusion_reversed":
            out.discard(event.matter_id)
    kept: Counter[str] = Counter()
    for event in events:
        if not keep(event) or (excluded and event.matter_id in out):
            continue
        facts, kind = event.facts, event.kind.partition(".")[2]
        if kind == "replied" and facts.get("first") and facts.get("reply_clock"):
            kept[facts["reply_clock"]] += 1
        elif kind == "replied" and facts.get("reply_clock") == "broken":
            kept["broken"] += 1
        if kind in ("rated", "called_back"):
            kept["asked"] += 1
            kept["solved"] += facts["solved"]
            kept["satisfied"] += WEIGHTS[facts["satisfaction"]]
        if kind == "not_reached" and event.to_stage == "closed":
            kept["not_reached"] += 1
    shares = [
        (kept["kept"], kept["kept"] + kept["broken"]),
        (kept["solved"], kept["asked"]),
        (kept["satisfied"], kept["asked"]),
    ]
    return shares, kept["not_reached"]


def numbers(shares) -> list[tuple[float, int]]:
    return [(share.part, share.whole) for share in shares]


def check_all(here, since: date, until: date) -> None:
    def in_time(event) -> bool:
        return since <= event.at.astimezone(ZONE).date() <= until

    asked = whole(here, since=since, until=until)
    categories = pack_of(here.community).categories
    paths = dict(Organisation.objects.values_list("pk", "path"))
    unit_of = {str(unit.uuid): unit for unit in Organisation.objects.all()}
    belongs = {
        "unit": lambda event, key: paths[event.answerable_id].startswith(unit_of[key].path),
        "area": lambda event, key: str(here.grid_area.uuid) == key and event.area_id is not None,
        "category": lambda event, key: event.category == key,
        "group": lambda event, key: event.category and categories[event.category].parent == key,
    }
    for by, own in belongs.items():
        for row in rates_by(asked, by):

            def keep(event, own=own, row=row) -> bool:
                return in_time(event) and (not row.key or bool(own(event, row.key)))

            net, not_reached = plainly(here, keep, excluded=True)
            assert (numbers(row.shares), row.not_reached) == (net, not_reached), (by, row.name)
            assert numbers(row.whole_shares) == plainly(here, keep, excluded=False)[0]
    for share in rates_by(asked, "unit")[0].shares:
        found = evidence_of(asked, share.rate.counted, without=True)
        assert found.count() == share.part
        assert evidence_of(asked, share.rate.whole, without=True).count() == share.whole


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000))
def test_it_is_what_a_plain_count_gives(here, seed) -> None:
    with transaction.atomic():
        dice = random.Random(seed)
        for _ in range(7):
            case(here, dice)
        while fold_pending():
            pass
        check_all(here, LONG_AGO, FAR)
        check_all(here, BEGIN.date() + timedelta(days=15), BEGIN.date() + timedelta(days=40))
        assert rebuild(here.community) == []
        transaction.set_rollback(True)


def test_left_out_and_counted_again(here) -> None:
    matter = here.at_stage("closed")
    here.at_stage("closed", by=here.stranger)
    perform(matter, "ask_exclusion", by=here.handler, facts={"reason": "no_content", "text": "无"})
    fold_pending()
    yes = {"decision": "accept", "grounds": "是"}

    def solved() -> tuple[int, int]:
        row = rates_by(whole(here), "unit")[0]
        return row.shares[1].whole, row.whole_shares[1].whole

    assert solved() == (2, 2)
    perform(matter, "decide_exclusion", by=here.supervisor, facts=yes)
    assert solved() == (1, 2)
    perform(matter, "reverse_exclusion", by=here.supervisor, facts={"grounds": "否"})
    assert solved() == (2, 2)


def test_a_slice_narrows_the_rows(here) -> None:
    here.at_stage("closed")
    fold_pending()

    roads = rates_by(whole(here, organisation=here.roads), "category")
    other = rates_by(whole(here, organisation=here.property_company), "category")
    assert [row.key for row in roads] == ["", "pothole"]
    assert [row.key for row in other] == [""]


def test_the_weights_are_the_packs(here) -> None:
    pack = pack_of(here.community)
    weights = {"5": 1, "4": 1, "3": 0.5, "2": 0, "1": 0}
    call_back = pack.casework.call_back.model_copy(update={"weights": weights})
    casework = pack.casework.model_copy(update={"call_back": call_back})

    rate = three_rates(pack.model_copy(update={"casework": casework}))[2]

    assert rate.part["casework.satisfaction_3"] == 0.5
    assert rate.counted == tuple(f"casework.satisfaction_{answer}" for answer in (5, 4, 3))


@pytest.mark.parametrize("by", ["unit", "area", "category", "group"])
def test_the_queries_do_not_grow_with_the_rows(here, django_assert_max_num_queries, by) -> None:
    for person in (here.resident, here.stranger):
        here.at_stage("closed", by=person)
    fold_pending()
    pack_of(here.community)

    with django_assert_max_num_queries(4):
        assert len(rates_by(whole(here), by)) >= 1


def test_neighbours_do_not_count(here, elsewhere) -> None:
    elsewhere.at_stage("closed")
    fold_pending()

    assert [row.shares[1].whole for row in rates_by(whole(here), "unit")] == [0]
