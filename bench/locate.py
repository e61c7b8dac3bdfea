"""Points to cells: a million points over a million grid cells of one city.

    python -m bench.locate [--cells 1000000] [--points 1000000] [--seed 1]

The peer is Shapely's `STRtree.query` asked plainly, on a sample of the same points in the same
run; both must give the same cells. Prints one line of JSON; the exit status says whether the
bound held.
"""

import argparse
import json
import resource
import sys
import time
from itertools import repeat

import numpy as np
import shapely  # type: ignore[import-untyped]
from numpy.typing import NDArray

from linli.engines.gridmap import GridMap

WEST, SOUTH, SIDE = 116.0, 39.4, 1.0  # a city of about 85 by 111 km
BOUND = 100_000  # points a second
JITTER = 0.3  # of a cell's side: corners move, yet no cell crosses itself
SAMPLE = 100_000


def city(cells: int, random: np.random.Generator) -> NDArray[np.object_]:
    """About so many quadrilaterals that tile the city without gaps."""
    side = max(1, round(cells**0.5))
    steps = np.linspace(0, SIDE, side + 1)
    corners = np.stack(np.meshgrid(WEST + steps, SOUTH + steps), axis=-1)
    corners += random.uniform(-JITTER, JITTER, corners.shape) * SIDE / side
    around = [corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]]
    rings = np.stack([*around, around[0]], axis=2).reshape(-1, 5, 2)
    polygons: NDArray[np.object_] = shapely.polygons(rings)
    return polygons


def ask_peer(
    polygons: NDArray[np.object_], points: NDArray[np.float64]
) -> tuple[float, NDArray[np.int64]]:
    """Seconds the plain tree takes, and its first cell of each point, -1 for none."""
    tree = shapely.STRtree(polygons)
    begun = time.perf_counter()
    point, cell = tree.query(shapely.points(points), predicate="intersects")
    seconds = time.perf_counter() - begun
    found = np.full(len(points), -1)
    found[point] = cell
    return seconds, found


def measure(cells: int, points: int, seed: int) -> dict[str, object]:
    random = np.random.default_rng(seed)
    polygons = city(cells, random)
    where = np.array([WEST, SOUTH]) + random.random((points, 2)) * SIDE

    begun = time.perf_counter()
    grid_map = GridMap(zip(range(len(polygons)), polygons, repeat(1), strict=False))
    built = time.perf_counter() - begun

    begun = time.perf_counter()
    found = grid_map.locate(where)
    rate = points / (time.perf_counter() - begun)

    sample = where[:SAMPLE]
    peer_seconds, peer_found = ask_peer(polygons, sample)
    peer_rate = len(sample) / peer_seconds
    agreed = bool((found[:SAMPLE] == peer_found).all())
    return {
        "name": "locate",
        "cells": len(polygons),
        "points": points,
        "points_per_second": round(rate),
        "build_seconds": round(built, 2),
        "peer_points_per_second": round(peer_rate),
        "ratio": round(rate / peer_rate, 2),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "bound": BOUND,
        "agreed": agreed,
        "ok": agreed and rate >= BOUND,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Points to cells of a city.")
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    result = measure(**vars(parser.parse_args()))
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
