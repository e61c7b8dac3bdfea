"""Two people act at once: one wins, the other is told; numbers have no twins."""

from __future__ import annotations

import pytest
from django.db import connection

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import ChangedMeanwhile, WrongStage
from linli.kernel.procedures.performing import begin, perform
from tests.neighbourhood import make_neighbourhood
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _not_in_memory() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads need a database file or a server")


def test_one_wins_and_the_other_is_told() -> None:
    here = make_neighbourhood()
    matter = here.at_stage("dispatched")
    handlers = [here.handler, here.person("second", here.roads, "handler")]

    def accept(number: int) -> Event:
        person = Person.objects.get(pk=handlers[number].pk)
        return perform(matter, "accept", by=person, version=matter.version)

    results = together(2, accept)

    assert sum(isinstance(result, Event) for result in results) == 1
    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == 1


def test_without_a_version_the_second_meets_the_wrong_stage() -> None:
    here = make_neighbourhood()
    matter = here.at_stage("dispatched")

    results = together(2, lambda _: perform(matter, "accept", by=here.handler))

    assert sum(isinstance(result, WrongStage) for result in results) == 1


def test_a_double_click_leaves_one_event_and_both_see_it() -> None:
    here = make_neighbourhood()
    facts = {"text": "路灯坏了"}

    results = together(
        6,
        lambda _: begin(
            "casework", "report", community=here.community, by=None, facts=facts, key="same-key"
        ),
    )

    assert len({result.pk for result in results}) == 1
    assert len({result.result["token"] for result in results}) == 1
    assert Matter.objects.count() == 1


def test_many_reports_at_once_have_numbers_without_gap_or_twin() -> None:
    here = make_neighbourhood()

    together(
        12,
        lambda number: begin(
            "casework", "report", community=here.community, by=None, facts={"text": f"第{number}件"}
        ),
    )

    serials = sorted(int(number[-6:]) for number in Matter.objects.values_list("number", flat=True))
    assert serials == list(range(1, 13))
