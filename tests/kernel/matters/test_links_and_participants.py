"""What may stand between matters, and between matters and people: the database insists."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from linli.kernel.matters.models import MatterLink, Participant


@pytest.fixture
def two(here):
    return here.report(by=here.resident).matter, here.report(by=here.resident).matter


def test_it_works(two) -> None:
    one, other = two
    link = MatterLink.objects.create(source=one, target=other, kind=MatterLink.Kind.ARISES_FROM)

    assert list(one.links_out.all()) == list(other.links_in.all()) == [link]


def test_the_same_two_may_be_linked_in_several_ways(two) -> None:
    one, other = two
    for kind in MatterLink.Kind.values:
        MatterLink.objects.create(source=one, target=other, kind=kind)

    assert one.links_out.count() == len(MatterLink.Kind.values)


def test_a_link_stands_once(two) -> None:
    one, other = two
    MatterLink.objects.create(source=one, target=other, kind="part_of")
    with pytest.raises(IntegrityError), transaction.atomic():
        MatterLink.objects.create(source=one, target=other, kind="part_of")


def test_no_matter_is_linked_to_itself(two) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MatterLink.objects.create(source=two[0], target=two[0], kind="related_to")


def test_a_matter_others_point_to_stays(two) -> None:
    one, other = two
    MatterLink.objects.create(source=one, target=other, kind="part_of")
    with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
        other.delete()


def test_a_person_takes_part_once_in_each_role(two, here) -> None:
    matter = two[0]
    Participant.objects.create(matter=matter, person=here.stranger, role="follower")
    Participant.objects.create(matter=matter, person=here.stranger, role="supporter")
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(matter=matter, person=here.stranger, role="follower")
