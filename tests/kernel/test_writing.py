"""Rows of several tables written together."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from linli.kernel.matters.models import Matter, MatterLink, NumberSeries, Participant
from linli.kernel.writing import Writing, reserve_keys

pytestmark = pytest.mark.django_db


def taking_part(matter: Matter, person, role=Participant.Role.FOLLOWER) -> Participant:
    return Participant(matter=matter, person=person, role=role)


@pytest.fixture
def matter(here) -> Matter:
    return here.report(by=here.resident).matter


def test_it_works(here, matter, django_assert_max_num_queries) -> None:
    writing = Writing()
    matter.title = "100%的路灯'坏了'; --"
    writing.insert(taking_part(matter, here.stranger), taking_part(matter, here.handler))
    writing.update(matter)

    with django_assert_max_num_queries(2):  # one on PostgreSQL
        writing.send()

    followers = matter.participants.filter(role=Participant.Role.FOLLOWER)
    assert {one.person_id for one in followers} == {here.stranger.pk, here.handler.pk}
    assert Matter.objects.get(pk=matter.pk).title == matter.title


def test_nothing_is_written_before_it_is_sent_and_nothing_twice(here, matter) -> None:
    writing = Writing()
    writing.insert(taking_part(matter, here.stranger))
    assert not matter.participants.filter(person=here.stranger).exists()

    writing.send()
    writing.send()

    assert matter.participants.filter(person=here.stranger).count() == 1


def test_nothing_to_write_asks_nothing(django_assert_num_queries) -> None:
    writing = Writing()
    writing.insert()
    with django_assert_num_queries(0):
        assert writing.send() is None


def test_the_last_statement_answers(here, matter) -> None:
    writing = Writing()
    count = "SELECT count(*), %s FROM matters_participant WHERE person_id = %s"
    writing.insert(taking_part(matter, here.stranger))

    assert writing.send(count, 7, here.stranger.pk) == (1, 7)
    assert writing.send(count, 8, here.stranger.pk) == (1, 8)


def test_a_reference_to_what_got_its_key_meanwhile_is_kept(here) -> None:
    first = here.report(by=here.resident).matter
    later = Matter.objects.get(pk=first.pk)
    later.pk, later.uuid, later.number = None, Matter().uuid, "DH-LATER"
    link = MatterLink(source=later, target=first, kind=MatterLink.Kind.RELATED_TO)

    with transaction.atomic():
        (later.pk,) = reserve_keys(Matter)
        writing = Writing()
        writing.insert(link)  # checked at commit
        writing.insert(later)
        writing.send()

    assert MatterLink.objects.get(target=first).source == later


def test_a_row_that_is_there_already_is_passed_over_only_when_said_so(here, matter) -> None:
    twins = [taking_part(matter, here.stranger), taking_part(matter, here.stranger)]
    for row in twins:
        writing = Writing()
        writing.insert(row, unless_there=True)
        writing.send()
    assert matter.participants.filter(person=here.stranger).count() == 1

    writing = Writing()
    writing.insert(taking_part(matter, here.stranger))
    with pytest.raises(IntegrityError), transaction.atomic():
        writing.send()


def test_what_was_not_read_stays_as_it_is(matter) -> None:
    half_read = Matter.objects.only("title").get(pk=matter.pk)
    Matter.objects.filter(pk=matter.pk).update(text="新的话")
    half_read.title = "别的"

    writing = Writing()
    writing.update(half_read)
    writing.send()

    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.title, stored.text) == ("别的", "新的话")


def test_an_expression_is_no_value(here) -> None:
    row = NumberSeries(community=here.community, year=2031, last=F("last") + 1)
    with pytest.raises(TypeError):
        Writing().insert(row)


def test_keys_are_those_the_database_goes_on_from(here) -> None:
    with transaction.atomic():
        (key,) = reserve_keys(NumberSeries)
        writing = Writing()
        writing.insert(NumberSeries(pk=key, community=here.community, year=2031))
        writing.send()

    assert NumberSeries.objects.create(community=here.community, year=2032).pk > key
