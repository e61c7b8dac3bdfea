"""Several join, support and answer at the same moment: no ring, nobody forgotten, no deadlock."""

from __future__ import annotations

import pytest
from django.db import connection

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter, MatterLink
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin, perform
from tests.neighbourhood import make_neighbourhood
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _not_in_memory() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads need a database file or a server")


def test_two_joined_crosswise_make_no_ring() -> None:
    here = make_neighbourhood()
    pair = [here.report().matter, here.report().matter]

    def merge(number: int) -> Event:
        person = Person.objects.get(pk=here.dispatcher.pk)
        facts = {"into": pair[1 - number].number}
        return perform(pair[number], "merge", by=person, facts=facts)

    results = together(2, merge)

    assert sum(isinstance(one, Event) for one in results) == 1
    assert sum(isinstance(one, InvalidFacts) for one in results) == 1
    assert MatterLink.objects.count() == 1


def test_who_joins_while_it_is_answered_is_answered() -> None:
    here = make_neighbourhood()
    main, twins = here.at_stage("accepted"), [here.report().matter for _ in range(3)]

    def work(number: int) -> Event:
        if number == 3:
            facts = {"text": "本周修"}
            return perform(main, "reply", by=Person.objects.get(pk=here.handler.pk), facts=facts)
        person = Person.objects.get(pk=here.dispatcher.pk)
        return perform(twins[number], "merge", by=person, facts={"into": main.number})

    together(4, work)

    for twin in Matter.objects.filter(stage="joined").select_related("servicerequest"):
        assert twin.servicerequest.reply == "本周修"


def test_one_person_supports_once_however_fast() -> None:
    here = make_neighbourhood()
    main = here.report().matter
    facts = {"category": "streetlight", "public_title": "路灯不亮"}
    perform(main, "triage", by=here.dispatcher, facts=facts)

    def support(_number: int) -> Event:
        person = Person.objects.get(pk=here.stranger.pk)
        return begin("casework", "support", community=here.community, by=person,
                     facts={"into": main.number})  # fmt: skip

    results = together(4, support)

    assert sum(isinstance(one, Event) for one in results) == 1
    assert Matter.objects.filter(stage="joined").count() == 1
