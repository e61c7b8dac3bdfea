"""A rebuild and the evidence give what was kept of every figure, also those added tomorrow.

Events are written as each figure's declaration wants them, without the rules that lead there:
what folding, rebuilding and evidence make of an event is the question here, not how it comes
about.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.indicators.declaration import registry
from linli.kernel.indicators.distributions import distributions
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import PendingEvent, Rollup, Summary
from linli.kernel.indicators.reading import Slice, evidence, total
from linli.kernel.indicators.rebuilding import rebuild
from linli.kernel.indicators.stocks import stocks
from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.funnel import STEPS, reached, still_open, stopped
from linli.mechanisms.casework.stages import procedure

NUMBER = {"gte": 0, "gt": 1, "lte": 0, "lt": -1, "exact": 0}


def fulfilling(condition: Q, found: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return columns and facts of an event that fulfils a condition: the first way of several."""
    found = {"facts": {}} if found is None else found
    children = condition.children[:1] if condition.connector == Q.OR else condition.children
    for child in children:
        if isinstance(child, Q):
            fulfilling(child, found)
            continue
        column, *path = child[0].split("__")
        value = child[1]
        if path and path[-1] == "in":
            value = next(iter(value))
        elif path and path[-1] in NUMBER:
            value += NUMBER[path[-1]]
        if column == "facts":
            found["facts"][path[0]] = value
        else:
            found[column] = value
    return found


@pytest.fixture
def written(here):
    """Three events for each figure, in random places of two matters' years."""
    dice, now = random.Random(11), timezone.now()
    units = [here.roads, here.property_company, here.desk, None]
    wanted = [{"kind": one.kinds[0], **fulfilling(one.condition)} for one in registry.values()] + [
        {"kind": dice.choice(one.kinds), "facts": {one.fact: dice.choice([0, 7, 95, 6000])}}
        for one in distributions.values()
    ]
    for number, values in enumerate(wanted * 3):
        matter = Matter.objects.create(
            community=here.community, procedure="casework", number=f"T-{number}", stage="received",
            pack=here.community.pack, created_at=now - timedelta(days=dice.randint(0, 90)),
        )  # fmt: skip
        event = Event.objects.create(**{
            "community": here.community, "matter": matter, "seq": 1, "action": "x",
            "relation": "system", "to_stage": "received", "audience": "staff",
            "answerable": dice.choice(units), "organisation": dice.choice(units),
            "area": dice.choice([None, here.grid_area]), "leaf_hash": b"",
            "category": dice.choice(["", "pothole", "lift"]), "at": matter.created_at, **values,
        })  # fmt: skip
        PendingEvent.objects.create(event=event)
    _stories(here, dice, now)
    while fold_pending(limit=170):
        pass
    return here


def _stories(here, dice: random.Random, now) -> None:
    """One matter for each step and each stage it may stand at, having gone through the steps."""
    stages = [stage.name for stage in procedure.stages]
    for last in range(len(STEPS)):
        for stage in stages:
            matter = Matter.objects.create(
                community=here.community, procedure="casework", number=f"S-{last}-{stage}",
                stage=stage, pack=here.community.pack, created_at=now - timedelta(days=30),
            )  # fmt: skip
            at = matter.created_at
            for step in range(last + 1):
                at += timedelta(days=dice.randint(0, 4) if step else 0)
                event = Event.objects.create(**{
                    "community": here.community, "matter": matter, "seq": step + 1, "action": "x",
                    "relation": "system", "audience": "staff", "leaf_hash": b"",
                    "answerable": here.desk if step < 2 else dice.choice([here.roads, here.desk]),
                    "area": here.grid_area if step else None,
                    "category": "lift" if step > 1 else "",
                    "at": at,
                    "to_stage": stage if step == last else "received",
                    **fulfilling(STEPS[step][2]),
                })  # fmt: skip
                PendingEvent.objects.create(event=event)


def test_every_figure_is_reached_kept_and_opened_alike(written) -> None:
    here, today = written, timezone.localdate()
    span = (today - timedelta(days=120), today + timedelta(days=5))
    assert rebuild(here.community) == []
    figures = [*registry.values(), *distributions.values(), *reached, *stopped.values(), still_open]
    for figure in figures:
        kept = total(figure, here.community, *span)
        assert kept > 0, figure.name
        assert evidence(figure, here.community, *span).count() == kept, figure.name
    for figure in (*distributions.values(), *reached, still_open, registry["casework.rated"]):
        for filters in (
            {"organisation": here.roads}, {"area": here.grid_area}, {"category": "lift"},
            {"organisation": here.desk, "area": here.grid_area, "category": "lift"},
        ):  # fmt: skip
            for days in (span, (today - timedelta(days=40), today - timedelta(days=27))):
                kept = total(figure, here.community, *days, **filters)
                opened = evidence(figure, here.community, *days, **filters).count()
                assert opened == kept, (figure.name, filters)


def test_a_wrong_summary_is_found_and_put_right(written) -> None:
    row = Summary.objects.filter(indicator="casework.rated", level="month:oc").first()
    Summary.objects.filter(pk=row.pk).update(value=row.value + 3)
    ((cell, kept, counted),) = rebuild(written.community)
    assert (cell.level, kept - counted) == ("month:oc", 3)
    assert rebuild(written.community) == []


def test_states_passed_through_leave_no_rows(written) -> None:
    stock = stocks["casework.funnel"]
    names = [stock.kept_as(state) for state in stock.states]
    assert not Rollup.objects.filter(indicator__in=names, value=0).exists()
    assert not Summary.objects.filter(indicator__in=names, value=0).exists()


def test_any_stretch_of_days_is_the_sum_of_its_days(written) -> None:
    dice, today = random.Random(3), timezone.localdate()
    for _ in range(12):
        since = today - timedelta(days=dice.randint(0, 130))
        until = since + timedelta(days=dice.randint(0, 100))
        asked = Slice(written.community, since, until)
        rows = Rollup.objects.filter(
            community=asked.community, day__gte=since, day__lte=until, indicator="casework.reported"
        )
        assert total("casework.reported", asked.community, since, until) == sum(
            rows.values_list("value", flat=True)
        )
