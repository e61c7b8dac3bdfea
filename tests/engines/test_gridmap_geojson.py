"""Reading a boundary from GeoJSON."""

import pytest
import shapely

from linli.engines.gridmap import InvalidCell, polygon_from_geojson

SQUARE = [[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]
HOLE = [[116.4, 39.4], [116.6, 39.4], [116.6, 39.6], [116.4, 39.4]]
FAR = [[118, 39], [119, 39], [119, 40], [118, 39]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_polygon_with_a_hole():
    read = polygon_from_geojson(polygon(SQUARE, HOLE))
    assert read.equals(shapely.Polygon(SQUARE, [HOLE]))
    assert read.area == pytest.approx(0.98)


def test_a_polygon_of_several_parts():
    read = polygon_from_geojson({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [FAR]]})
    assert read.area == pytest.approx(0.98 + 0.5)


def test_a_feature_gives_its_geometry():
    feature = {"type": "Feature", "properties": {"name": "第三网格"}, "geometry": polygon(SQUARE)}
    assert polygon_from_geojson(feature).equals(shapely.Polygon(SQUARE))


def test_heights_are_dropped():
    read = polygon_from_geojson(polygon([[*position, 45.0] for position in SQUARE]))
    assert not read.has_z
    assert read.area == pytest.approx(1)


@pytest.mark.parametrize(
    ("obj", "said"),
    [
        (None, "an object, not NoneType"),
        ([SQUARE], "an object, not list"),
        ({}, "not None"),
        ({"type": "Point", "coordinates": [116, 39]}, "not 'Point'"),
        ({"type": "Feature", "geometry": None}, "an object, not NoneType"),
        ({"type": "Polygon"}, "list of rings"),
        (polygon(), "empty"),
        (polygon([]), "empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "empty"),
        ({"type": "MultiPolygon", "coordinates": [SQUARE]}, r"\[longitude, latitude\]"),
        (polygon("116,39"), "list of positions"),
        (polygon(SQUARE[:-1]), "not closed"),
        (polygon([[116, 39], [117, 39], [116, 39]]), "less than three corners"),
        (polygon([[116, 39], [117, 39], [117, 39], [116, 39]]), "less than three corners"),
        (polygon([[116, 39], [117, 40], [117, 39], [116, 40], [116, 39]]), "Self-intersection"),
        (polygon(HOLE, SQUARE), "Hole lies outside shell"),
        (polygon([[116], *SQUARE[1:]]), r"\[longitude, latitude\]"),
        (polygon([["116", "39"], *SQUARE[1:]]), "finite number"),
        (polygon([[True, 39], *SQUARE[1:]]), "finite number"),
        (polygon([[116, 39], [float("nan"), 39], [117, 40], [116, 39]]), "finite number"),
        (polygon([position[::-1] for position in SQUARE]), "swapped"),
        (polygon([[lon + 100, lat] for lon, lat in SQUARE]), "within ±180"),
    ],
)
def test_what_is_no_boundary_is_refused(obj, said):
    with pytest.raises(InvalidCell, match=said) as refused:
        polygon_from_geojson(obj, cell_id=42)
    assert refused.value.cell_id == 42
    assert str(refused.value) == f"cell 42: {refused.value.reason}"


def test_without_an_id_only_the_reason_is_said():
    with pytest.raises(InvalidCell, match=r"^the polygon is empty$"):
        polygon_from_geojson(polygon())
