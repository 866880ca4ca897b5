"""Places as vectors: in the plane, or in space where they are in longitude and latitude."""

from __future__ import annotations

import numpy as np

from .coordinates import Floats, is_geographic

_EARTH_RADIUS = 6_371_008.8


def vectors_of(xy: Floats, crs: str) -> Floats:
    """(n, 2) in the plane as they are; degrees as (n, 3) metres from the centre of the ellipsoid (WGS 84)."""
    if not is_geographic(crs):
        return np.asarray(xy, dtype=float)
    from pyproj import Transformer

    to_space = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    x, y, z = to_space.transform(xy[:, 0], xy[:, 1], np.zeros(len(xy)))
    return np.column_stack([x, y, z])


def straight(distance: float, crs: str) -> float:
    """The straight way in space for a distance on the ground; in the plane they are the same."""
    if not is_geographic(crs):
        return distance
    return float(2 * _EARTH_RADIUS * np.sin(min(np.pi / 2, distance / (2 * _EARTH_RADIUS))))
