"""Queries compiled once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from linli.kernel.kept_queries import Given, KeptQuery, KeptRows, any_of, spread
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def test_it_works(here, elsewhere) -> None:
    built = []

    def build():
        built.append(1)
        return Organisation.objects.filter(community=Given("community")).order_by("path")

    kept = KeptQuery(build)

    for place in (here, elsewhere, here):
        wanted = Organisation.objects.filter(community=place.community).order_by("path")
        assert kept(community=place.community.pk) == list(wanted)
    assert len(built) == 1


def test_what_is_asked_costs_one_query_with_what_is_related(
    here, django_assert_num_queries
) -> None:
    kept = KeptQuery(
        lambda: (
            Matter.objects.filter(uuid=Given("uuid", Matter._meta.get_field("uuid")))
            .select_related("community", "responsible", "reporter")
            .defer("text")
        )
    )
    matter = here.report(by=here.resident).matter

    with django_assert_num_queries(1):
        found = kept.first(uuid=matter.uuid)
        assert found == matter
        assert (found.community, found.responsible) == (here.community, None)
        assert found.reporter == here.resident
    assert found.get_deferred_fields() == {"text"}


def test_nothing_found_is_none(here) -> None:
    kept = KeptQuery(lambda: Organisation.objects.filter(code=Given("code", CharField())))

    assert kept.first(code="nobody") is None
    assert kept(code="nobody") == []


def test_values_are_prepared_as_their_kind_needs(here) -> None:
    kept = KeptQuery(lambda: Matter.objects.filter(created_at__lte=Given("at", DateTimeField())))
    matter = here.report(by=here.resident).matter
    now = timezone.now()

    assert kept(at=now + timedelta(hours=1)) == [matter]
    assert kept(at=now - timedelta(hours=1)) == []


def test_a_value_cannot_say_more_than_a_value(here) -> None:
    kept = KeptQuery(lambda: Organisation.objects.filter(code=Given("code", CharField())))

    assert kept(code="' OR 1=1 --") == []


def test_a_value_not_given_is_a_fault_of_ours() -> None:
    kept = KeptQuery(lambda: Organisation.objects.filter(code=Given("code", CharField())))

    with pytest.raises(KeyError):
        kept()


def test_values_of_up_to_so_many_keys_come_as_tuples(here, django_assert_num_queries) -> None:
    kept = KeptRows(
        lambda: (
            Matter.objects.filter(pk__in=any_of("key", 4))
            .order_by("pk")
            .values_list("pk", "created_at", "title")
        )
    )
    matters = [here.report(by=here.resident, text=f"第{n}件").matter for n in range(5)]

    for asked in (matters[:1], matters[:4], matters[2:4]):
        with django_assert_num_queries(1):
            found = kept(**spread("key", [one.pk for one in asked], 4))
        assert found == [(one.pk, one.created_at, one.title) for one in asked]
