"""A point, an address text or a doorway leads to the area and who is in charge."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.organisations.models import Organisation
from linli.kernel.places.boundaries import boundaries_version
from linli.kernel.places.locating import locate
from linli.kernel.places.models import Address, Area
from tests.neighbourhood import square


@pytest.fixture
def building(here) -> Area:
    return Area.objects.create(
        community=here.community, parent=here.grid_area, kind="building", level=6, code="b1",
        name="2栋", boundary=square(114.304, 30.504, 0.002),
    )  # fmt: skip


def test_a_point_leads_to_the_finest_area_and_its_organisation(here, building) -> None:
    found = locate(here.community, longitude=114.305, latitude=30.505)
    assert found.area == building
    assert found.organisation == here.grid  # of the grid the building is part of
    assert locate(here.community, longitude=114.309, latitude=30.509).area == here.grid_area


def test_a_point_on_no_ground_of_ours_has_no_area(here) -> None:
    found = locate(here.community, longitude=0, latitude=0)
    assert (found.area, found.organisation, found.longitude) == (None, None, 0)


def test_half_a_point_is_no_point(here) -> None:
    found = locate(here.community, longitude=114.305)
    assert (found.area, found.longitude) == (None, None)


def test_a_changed_boundary_counts_at_once(here) -> None:
    assert locate(here.community, longitude=114.305, latitude=30.505).area == here.grid_area
    here.grid_area.boundary = square(100, 20)
    here.grid_area.save()
    assert locate(here.community, longitude=114.305, latitude=30.505).area is None
    assert locate(here.community, longitude=100.005, latitude=20.005).area == here.grid_area


def test_a_deleted_area_counts_at_once(here, building) -> None:
    assert locate(here.community, longitude=114.305, latitude=30.505).area == building
    Area.objects.filter(pk=building.pk).delete()
    assert locate(here.community, longitude=114.305, latitude=30.505).area == here.grid_area


def test_a_new_name_counts_at_once(here) -> None:
    locate(here.community, longitude=114.305, latitude=30.505)
    here.grid_area.name = "湖心网格"
    here.grid_area.save()
    found = locate(here.community, longitude=114.305, latitude=30.505)
    assert found.area is not None
    assert found.area.name == "湖心网格"


def test_what_is_done_to_a_found_area_is_done_to_a_copy(here) -> None:
    found = locate(here.community, longitude=114.305, latitude=30.505)
    found.area.name = "nobody saved this"
    assert locate(here.community, longitude=114.305, latitude=30.505).area.name == "第一网格"


def test_neighbours_do_not_share_a_map(here, elsewhere) -> None:
    assert locate(here.community, longitude=114.305, latitude=30.505).area == here.grid_area
    found = locate(elsewhere.community, longitude=114.305, latitude=30.505)
    assert found.area == elsewhere.grid_area


def test_a_point_costs_one_small_query(here, django_assert_num_queries) -> None:
    locate(here.community, longitude=114.305, latitude=30.505)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        locate(here.community, longitude=114.301, latitude=30.501)
    assert len(queries) == 1
    assert "places_boundaries" in queries[0]["sql"]
    with django_assert_num_queries(0):
        locate(here.community)


def test_the_stamp_changes_with_the_areas_alone(here) -> None:
    before = boundaries_version(here.community)
    here.doorway.save()
    assert boundaries_version(here.community) == before
    here.grid_area.save()
    assert boundaries_version(here.community) != before


def test_a_doorway_leads_to_its_address(here) -> None:
    found = locate(here.community, doorway=" dh-0001 ")
    assert (found.address, found.area) == (here.doorway, here.grid_area)
    assert (found.longitude, found.latitude) == (114.305, 30.505)
    assert found.text == "东湖路1号2栋1单元"


def test_a_doorway_of_another_community_is_unknown(here, elsewhere) -> None:
    found = locate(here.community, doorway=elsewhere.doorway.doorway_code)
    assert (found.address, found.area, found.text) == (None, None, "")


def test_no_doorway_is_not_the_one_without_a_code(here) -> None:
    Address.objects.create(
        community=here.community, area=here.grid_area, text="无码处", normalised="无码处"
    )
    assert locate(here.community).address is None


def test_the_point_decides_over_the_doorway(here, building) -> None:
    found = locate(here.community, longitude=114.305, latitude=30.505, doorway="DH0001")
    assert (found.area, found.address) == (building, here.doorway)
    assert here.doorway.area == here.grid_area


def test_a_point_outside_leaves_it_to_the_doorway(here) -> None:
    found = locate(here.community, longitude=1, latitude=1, doorway="DH0001")
    assert (found.area, found.longitude) == (here.grid_area, 1)


def test_an_area_without_an_organisation_asks_the_one_it_is_part_of(here, building) -> None:
    organisation = Organisation.objects.get(pk=here.property_company.pk)
    building.organisation = organisation
    building.save()
    found = locate(here.community, longitude=114.305, latitude=30.505)
    assert found.organisation == organisation
