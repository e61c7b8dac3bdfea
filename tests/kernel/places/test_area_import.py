"""Areas come in from GeoJSON: all or none, the same twice changes nothing."""

from __future__ import annotations

import json

import pytest

from linli.kernel.places import area_import
from linli.kernel.places.area_import import UnreadableAreas, import_areas
from linli.kernel.places.boundaries import boundaries_version
from linli.kernel.places.geojson import areas_geojson
from linli.kernel.places.locating import locate
from linli.kernel.places.models import Area
from tests.neighbourhood import square


def feature(code="g2", kind="grid", west=114.40, geometry=..., **more):
    return {
        "type": "Feature",
        "geometry": square(west, 30.5) if geometry is ... else geometry,
        "properties": {"code": code, "name": f"{code}网格", "kind": kind, **more},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def faults(report) -> list[tuple[int, str]]:
    return [(fault.index, fault.field) for fault in report.faults]


def test_it_makes_areas_that_points_are_found_in(here) -> None:
    report = import_areas(
        here.community,
        collection(
            feature(
                "b1", "building", 114.402, parent="g2", geometry=square(114.402, 30.502, 0.001)
            ),
            feature("g2", organisation="grid-1", population=120),
        ),
    )
    assert (report.created, report.written, report.faults, report.warnings) == (2, True, [], [])
    building, grid = Area.objects.get(code="b1"), Area.objects.get(code="g2")
    assert (building.parent, building.level) == (grid, 7)
    assert (grid.organisation, grid.population, grid.level) == (here.grid, 120, 5)
    found = locate(here.community, longitude=114.4025, latitude=30.5025)
    assert (found.area, found.organisation) == (building, here.grid)


def test_it_reads_a_file(here, tmp_path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text("\ufeff" + json.dumps(collection(feature())), encoding="utf-8")
    assert import_areas(here.community, path).created == 1


def test_the_same_twice_changes_nothing(here) -> None:
    features = collection(feature("g2"), feature("b1", "building", parent="g2"))
    import_areas(here.community, features)
    before = boundaries_version(here.community)
    report = import_areas(here.community, features)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert boundaries_version(here.community) == before


@pytest.mark.parametrize(
    "change",
    [
        {"west": 114.5},
        {"name": "新名"},
        {"parent": "c"},
        {"organisation": "grid-1"},
        {"population": 7},
    ],
)
def test_what_changed_is_updated(here, change) -> None:
    Area.objects.create(community=here.community, code="c", name="c", kind="community", level=4)
    import_areas(here.community, collection(feature()))
    report = import_areas(here.community, collection(feature(**change)))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert import_areas(here.community, collection(feature(**change))).unchanged == 1


def test_a_dry_run_writes_nothing(here) -> None:
    report = import_areas(here.community, collection(feature()), dry_run=True)
    assert (report.created, report.written) == (1, False)
    assert not Area.objects.filter(code="g2").exists()


def test_properties_may_have_other_names(here) -> None:
    one = {
        "type": "Feature", "geometry": None,
        "properties": {"DM": "g9", "MC": "九网格", "LX": "grid"},
    }  # fmt: skip
    names = {"code": "DM", "name": "MC", "kind": "LX"}
    assert import_areas(here.community, collection(one), properties=names).created == 1
    assert Area.objects.get(code="g9").boundary is None


def test_holes_and_several_parts_are_fine(here) -> None:
    ring = square(114.4, 30.5)["coordinates"][0]
    hole = square(114.402, 30.502, 0.002)["coordinates"][0]
    several = {
        "type": "MultiPolygon",
        "coordinates": [[ring, hole], square(114.6, 30.5)["coordinates"]],
    }
    assert import_areas(here.community, collection(feature(geometry=several))).created == 1
    assert locate(here.community, longitude=114.403, latitude=30.503).area is None
    assert locate(here.community, longitude=114.605, latitude=30.505).area is not None


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"code": ""}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"name": ""}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"kind": "planet"}, "kind"),
        ({"parent": "nowhere"}, "parent"),
        ({"parent": "g2"}, "parent"),
        ({"organisation": "nobody"}, "organisation"),
        ({"population": -3}, "population"),
        ({"population": True}, "population"),
        ({"population": "many"}, "population"),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"geometry": "x"}, "geometry"),
    ],
)
def test_a_fault_is_told_and_nothing_is_written(here, wrong, field) -> None:
    report = import_areas(here.community, collection(feature("ok", west=114.7), feature(**wrong)))
    assert faults(report) == [(1, field)]
    assert report.faults[0].sentence
    assert not report.written
    assert not Area.objects.filter(code="ok").exists()


def test_every_fault_of_a_feature_is_told(here) -> None:
    report = import_areas(here.community, collection(feature(code="", name="", kind="x")))
    assert faults(report) == [(0, "code"), (0, "name"), (0, "kind")]


@pytest.mark.parametrize("thing", [None, 3, {"type": "Feature"}, {"properties": []}])
def test_what_is_no_feature_is_told(here, thing) -> None:
    assert faults(import_areas(here.community, collection(thing))) == [(0, "feature")]


def test_a_code_twice_in_the_file_is_told(here) -> None:
    assert faults(import_areas(here.community, collection(feature(), feature(west=115)))) == [
        (1, "code")
    ]


def test_codes_may_have_to_be_national_ones(here) -> None:
    good, bad = feature("42011100100101"), feature("g3", west=115)
    report = import_areas(here.community, collection(good, bad), national_codes=True)
    assert faults(report) == [(1, "code")]


def test_siblings_that_overlap_are_a_warning_and_neighbours_are_none(here) -> None:
    report = import_areas(
        here.community,
        collection(
            feature("g2", west=114.40), feature("g3", west=114.41), feature("g4", west=114.415),
            feature("b1", "building", west=114.40, parent="g2"),
        ),
    )  # fmt: skip
    assert [(one.index, one.field) for one in report.warnings] == [(2, "geometry")]
    assert "g3网格" in report.warnings[0].sentence
    assert report.created == 4


def test_another_communitys_areas_are_left_alone(here, elsewhere) -> None:
    report = import_areas(here.community, collection(feature(elsewhere.grid_area.code)))
    assert report.created == 1
    elsewhere.grid_area.refresh_from_db()
    assert elsewhere.grid_area.name == "第一网格"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"type":"Feature","features":[]}', '{"type":"FeatureCollection","features":{}}', "[" * 100_000])  # fmt: skip
def test_what_is_no_collection_is_refused(here, tmp_path, content) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(UnreadableAreas):
        import_areas(here.community, path)


def test_too_large_a_file_is_refused(here, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(area_import, "LARGEST_FILE", 10)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(collection(feature())))
    with pytest.raises(UnreadableAreas):
        import_areas(here.community, path)


def test_it_costs_as_many_queries_for_many_as_for_few(here, django_assert_max_num_queries) -> None:
    features = [feature(f"n{number}", west=110 + number / 50) for number in range(300)]
    with django_assert_max_num_queries(16):
        import_areas(here.community, collection(*features))


def test_what_went_in_comes_out(here) -> None:
    import_areas(here.community, collection(feature("g2", organisation="grid-1")))
    out = areas_geojson(here.community, ["grid"])
    assert out["version"] == boundaries_version(here.community)
    codes = {one["properties"]["code"]: one for one in out["features"]}
    assert codes["g2"]["geometry"] == square(114.40, 30.5)
    assert codes["g2"]["properties"]["organisation"] == "第一网格"
    assert areas_geojson(here.community, ["building"])["features"] == []
    assert len(areas_geojson(here.community)["features"]) == 2


def test_a_map_costs_two_queries(here, django_assert_num_queries) -> None:
    import_areas(here.community, collection(feature(), feature("b", "building", parent="g2")))
    with django_assert_num_queries(2):
        areas_geojson(here.community)
