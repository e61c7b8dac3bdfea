"""From points to the cells they lie in."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from shapely import box

from linli.engines.gridmap import GridMap, InvalidCell

CITY = box(116, 39, 117, 40)
STREET = box(116.2, 39.2, 116.8, 39.8)
GRID = box(116.4, 39.4, 116.6, 39.6)


@pytest.fixture
def nested() -> GridMap:
    return GridMap([(1, CITY, 0), (2, STREET, 1), (3, GRID, 2)])


def test_each_point_goes_to_its_finest_cell(nested):
    points = [[116.5, 39.5], [116.3, 39.5], [116.1, 39.5], [115, 39.5]]
    found = nested.locate(points)
    assert found.tolist() == [3, 2, 1, -1]
    assert found.dtype == np.int64


def test_all_cells_of_one_point_finest_first(nested):
    assert nested.locate_one(116.5, 39.5) == [3, 2, 1]
    assert nested.locate_one(116.1, 39.5) == [1]
    assert nested.locate_one(0, 0) == []


def test_the_priority_goes_before_the_size():
    patrolled_as_a_whole = GridMap([(1, CITY, 5), (2, GRID, 0)])
    assert patrolled_as_a_whole.locate_one(116.5, 39.5) == [1, 2]


def test_within_a_priority_the_smallest_goes_first():
    assert GridMap([(1, CITY, 0), (2, GRID, 0), (3, STREET, 0)]).locate_one(116.5, 39.5) == [
        2,
        3,
        1,
    ]


def test_a_point_between_two_equal_cells_goes_to_the_lowest_id():
    cells = [(9, box(0, 0, 1, 1), 0), (4, box(1, 0, 2, 1), 0), (6, box(0, 1, 1, 2), 0)]
    for given in (cells, cells[::-1]):
        grid_map = GridMap(given)
        assert grid_map.locate([[1, 0.5], [0.5, 1], [1, 1]]).tolist() == [4, 6, 4]
        assert grid_map.locate_one(1, 1) == [4, 6, 9]


def test_a_cell_holds_its_outer_boundary_and_that_of_its_holes():
    ring = CITY.difference(STREET)
    found = GridMap([(1, ring, 0)]).locate([[116, 39], [116.2, 39.5], [116.5, 39.5]])
    assert found.tolist() == [1, 1, -1]


def test_a_cell_of_several_parts():
    islands = shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    assert GridMap([(1, islands, 0)]).locate([[0.5, 0.5], [5.5, 5.5], [3, 3]]).tolist() == [
        1,
        1,
        -1,
    ]


def test_an_intricate_boundary():
    coast = shapely.Point(116.5, 39.5).buffer(0.3, quad_segs=500)
    found = GridMap([(1, coast, 0)]).locate([[116.5, 39.799], [116.5, 39.801], [116.75, 39.75]])
    assert found.tolist() == [1, -1, -1]


def test_cells_may_be_geojson():
    geojson = shapely.geometry.mapping(GRID)
    assert GridMap([(3, geojson, 0)]).locate([[116.5, 39.5]]).tolist() == [3]


def test_a_point_that_is_none_is_nowhere():
    world = GridMap([(1, box(-180, -90, 180, 90), 0)])
    nan, inf = float("nan"), float("inf")
    points = [[nan, 1], [1, nan], [inf, 1], [1, -inf], [180.1, 0], [0, -90.1], [1e308, -1e308]]
    assert world.locate([*points, [180, 90], [0, 0]]).tolist() == [-1] * 7 + [1, 1]
    assert [world.locate_one(lon, lat) for lon, lat in points] == [[]] * 7


def test_no_points_and_no_cells(nested):
    assert nested.locate(np.empty((0, 2))).tolist() == []
    assert nested.locate([]).tolist() == []
    assert GridMap([]).locate([[116.5, 39.5]]).tolist() == [-1]
    assert GridMap([]).locate_one(116.5, 39.5) == []
    assert (len(nested), len(GridMap([]))) == (3, 0)


def test_more_points_than_are_taken_at_a_time(nested):
    longitudes = np.linspace(115.95, 117.05, 200_001)
    found = nested.locate(np.column_stack([longitudes, np.full(len(longitudes), 39.5)]))
    expected = np.full(len(longitudes), -1)
    for cell_id, west, east in ((1, 116, 117), (2, 116.2, 116.8), (3, 116.4, 116.6)):
        expected[(longitudes >= west) & (longitudes <= east)] = cell_id
    assert (found == expected).all()


def test_threads_may_share_a_map():
    coast = shapely.Point(116.5, 39.5).buffer(0.3, quad_segs=500)
    shared = GridMap([(1, coast, 1), (2, CITY, 0)])
    points = np.random.default_rng(1).uniform([116, 39], [117, 40], (20_000, 2))
    expected = shared.locate(points)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: shared.locate(points), range(8)))
    assert all((answer == expected).all() for answer in answers)


@pytest.mark.parametrize("points", [[116.5, 39.5], [[116.5, 39.5, 1.0]], [[[116.5, 39.5]]]])
def test_points_of_another_shape_are_refused(nested, points):
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        nested.locate(points)


@pytest.mark.parametrize("cell_id", [-1, 1 << 63])
def test_an_id_out_of_range_is_refused(cell_id):
    with pytest.raises(InvalidCell, match="whole number from 0") as refused:
        GridMap([(cell_id, CITY, 0)])
    assert refused.value.cell_id == cell_id


def test_an_id_given_twice_is_refused():
    with pytest.raises(InvalidCell, match="cell 7: given more than once"):
        GridMap([(3, CITY, 0), (7, STREET, 0), (7, GRID, 0)])


@pytest.mark.parametrize(("cell_id", "priority"), [("7", 0), (7.0, 0), (7, 0.5)])
def test_numbers_that_are_not_whole_are_refused(cell_id, priority):
    with pytest.raises(TypeError):
        GridMap([(cell_id, CITY, priority)])


@pytest.mark.parametrize(
    ("polygon", "said"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "Self-intersection"),
        (shapely.MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]), "Self-intersection"),
        (shapely.Polygon([(0, 0), (1, 1), (2, 2)]), "Self-intersection"),
        (shapely.Polygon(), "empty"),
        (shapely.Point(1, 1), "not Point"),
        (None, "not NoneType"),
        ("POLYGON EMPTY", "not str"),
        (box(39, 116, 40, 117), "swapped"),
        (box(-200, 0, 10, 10), "within ±180"),
        (shapely.Polygon([(0, 0), (float("inf"), 1), (1, 1)]), "finite|Invalid Coordinate"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_a_polygon_that_is_no_cell_is_refused_by_its_id(polygon, said):
    with pytest.raises(InvalidCell, match=said) as refused:
        GridMap([(3, CITY, 0), (42, polygon, 0), (5, GRID, 0)])
    assert refused.value.cell_id == 42
    assert str(refused.value).startswith("cell 42: ")
