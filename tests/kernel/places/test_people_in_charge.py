"""Who is in charge of an area."""

from __future__ import annotations

from datetime import date

from linli.kernel.places.charge import chain_of, organisation_in_charge, people_in_charge
from linli.kernel.places.models import Area


def test_the_nearest_come_first_and_residents_are_not_named(here) -> None:
    found = people_in_charge(here.grid_area)
    assert [(one.person, one.organisation) for one in found] == [
        ("Dh-Grid_Worker", here.grid),
        ("Dh-Secretary", here.committee),
        ("Dh-Supervisor", here.street),
    ]
    assert found[0].role == "网格员"


def test_it_climbs_the_areas_too(here) -> None:
    building = Area.objects.create(
        community=here.community, parent=here.grid_area, kind="building", code="b", name="2栋",
        organisation=here.property_company,
    )  # fmt: skip
    people = [one.person for one in people_in_charge(building)]
    assert people == ["Dh-Other_Handler", "Dh-Grid_Worker", "Dh-Secretary", "Dh-Supervisor"]


def test_who_left_the_post_is_not_named(here) -> None:
    here.grid_worker.memberships.update(since=date(2020, 1, 1), until=date(2020, 2, 1))
    assert "Dh-Grid_Worker" not in [one.person for one in people_in_charge(here.grid_area)]


def test_a_dissolved_organisation_answers_for_nothing(here) -> None:
    here.grid.dissolved_on = date(2020, 1, 1)
    here.grid.save()
    assert here.grid not in [one.organisation for one in people_in_charge(here.grid_area)]


def test_nobodys_area(here) -> None:
    area = Area.objects.create(community=here.community, kind="grid", code="x", name="x")
    assert people_in_charge(area) == []
    assert organisation_in_charge(area) is None


def test_a_circle_of_areas_ends(here) -> None:
    area = Area.objects.create(community=here.community, kind="grid", code="x", name="x")
    area.parent = area
    area.save()
    assert len(chain_of(area)) == 20
    assert organisation_in_charge(area) is None


def test_it_costs_four_queries(here, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):
        people_in_charge(Area.objects.select_related("community__pack").get(pk=here.grid_area.pk))
