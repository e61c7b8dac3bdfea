"""From a point to the cell of the map it lies in, over a million polygons.

>>> import numpy as np
>>> from shapely import box
>>> grids = GridMap([(7, box(116, 39, 117, 40), 0), (8, box(116.2, 39.2, 116.4, 39.4), 1)])
>>> grids.locate(np.array([[116.3, 39.3], [116.9, 39.9], [0.0, 0.0]]))
array([ 8,  7, -1])
>>> grids.locate_one(116.3, 39.3)
[8, 7]
"""

from linli.engines.gridmap.geojson import polygon_from_geojson
from linli.engines.gridmap.index import Cell, GridMap
from linli.engines.gridmap.polygons import InvalidCell

__all__ = ["Cell", "GridMap", "InvalidCell", "polygon_from_geojson"]
