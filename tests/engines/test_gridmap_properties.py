"""The map against asking every cell about every point."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.gridmap import GridMap

seeds = st.integers(0, 2**32 - 1)


def tessellation(random, count):
    """Cells around random sites, which leave no gap in the square they fill."""
    sites = shapely.MultiPoint(random.uniform(0, 10, (count, 2)))
    square = shapely.box(0, 0, 10, 10)
    return [part.intersection(square) for part in shapely.voronoi_polygons(sites).geoms]


def overlapping(random, count):
    """Cells of every size over each other, some with many corners, some on whole degrees."""
    centres = random.integers(0, 10, (count, 2))
    sizes, corners = random.integers(1, 5, count), random.choice([1, 2, 16], count)
    return [
        shapely.Point(centre).buffer(size, quad_segs=int(quarter))
        for centre, size, quarter in zip(centres, sizes, corners, strict=True)
    ]


def cells_of(random, polygons):
    ids = random.choice(1000, len(polygons), replace=False)
    priorities = random.integers(0, 3, len(polygons))
    return list(zip(ids.tolist(), polygons, priorities.tolist(), strict=True))


def points_of(random, polygons):
    """Points anywhere, on corners, and on whole degrees."""
    corners = shapely.get_coordinates(polygons)
    return np.concatenate(
        [random.uniform(-1, 11, (60, 2)), corners[:60], random.integers(-1, 12, (60, 2))]
    )


def naive(cells, point):
    where = shapely.Point(point)
    holding = [cell for cell in cells if cell[1].intersects(where)]
    ordered = sorted(holding, key=lambda cell: (-cell[2], cell[1].area, cell[0]))
    return [cell_id for cell_id, _, _ in ordered]


@pytest.mark.parametrize("drawn", [tessellation, overlapping])
@given(seed=seeds, count=st.integers(1, 30))
def test_every_point_is_where_the_naive_search_finds_it(drawn, seed, count):
    random = np.random.default_rng(seed)
    cells = cells_of(random, drawn(random, count))
    points = points_of(random, [polygon for _, polygon, _ in cells])
    expected = [naive(cells, point) for point in points]
    grid_map = GridMap(cells)
    assert [grid_map.locate_one(*point) for point in points] == expected
    assert grid_map.locate(points).tolist() == [([*ids, -1])[0] for ids in expected]


@pytest.mark.parametrize("drawn", [tessellation, overlapping])
@given(seed=seeds)
def test_the_order_of_cells_and_points_does_not_matter(drawn, seed):
    random = np.random.default_rng(seed)
    cells = cells_of(random, drawn(random, 20))
    points = points_of(random, [polygon for _, polygon, _ in cells])
    found = GridMap(cells).locate(points)
    cells_moved, points_moved = random.permutation(len(cells)), random.permutation(len(points))
    again = GridMap([cells[place] for place in cells_moved]).locate(points[points_moved])
    assert (again == found[points_moved]).all()


@given(seed=seeds)
def test_a_tessellation_leaves_no_point_out(seed):
    random = np.random.default_rng(seed)
    grid_map = GridMap(cells_of(random, tessellation(random, 25)))
    assert (grid_map.locate(random.uniform(0, 10, (200, 2))) >= 0).all()
