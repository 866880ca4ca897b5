"""Which shapes lie within a distance of each other: on the plane any, on longitude and latitude points."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers, Shapes
from honua_worker.space import vectors_of

Indices = NDArray[np.intp]
FLATTEST = 1.0034
"""By so much the largest radius of curvature of the ellipsoid is greater than half its longer axis."""


@dataclass(frozen=True)
class Pairs:
    """Both directions of each pair, and each with itself; ordered by `first`, then `second`."""

    first: Indices
    second: Indices
    distances: Numbers


def pairs_within(features: FeatureSet, distance: float) -> Pairs:
    """Of the features that lie somewhere, by their numbers. Throws InvalidInput for lines and areas in degrees."""
    present = features.present
    shapes = features.shapes[present]
    if features.crs.geographic:
        if np.any(shapely.get_type_id(shapes) != shapely.GeometryType.POINT):
            message = "has lines or areas on longitude and latitude, between which no distances are known: reproject it"
            raise InvalidInput(features.input_name, message)
        first, second, distances = _on_globe(features.crs, shapely.get_coordinates(shapes), distance)
    else:
        first, second, distances = _on_plane(shapes, distance)
    order = np.lexsort((second, first))
    return Pairs(present[first[order]], present[second[order]], distances[order])


def place_pairs_within(crs: Crs, places: Numbers, distance: float) -> tuple[Indices, Indices, Numbers]:
    """The same of places, n by 2, which may be on longitude and latitude; in no order."""
    if crs.geographic:
        return _on_globe(crs, places, distance)
    found = cKDTree(places).query_pairs(distance, output_type="ndarray")
    apart = np.linalg.norm(places[found[:, 0]] - places[found[:, 1]], axis=1)
    return _both_ways(found[:, 0], found[:, 1], apart, len(places))


def _on_globe(crs: Crs, places: Numbers, distance: float) -> tuple[Indices, Indices, Numbers]:
    """Geodesic distances on the ellipsoid, in metres; a tree of straight ways finds those that may be near enough."""
    radius = crs.geod.a * FLATTEST
    straight = 2 * radius * np.sin(min(np.pi / 2, distance / (2 * radius))) * (1 + 1e-9) + 1e-6
    found = cKDTree(vectors_of(crs, places)).query_pairs(straight, output_type="ndarray")
    a, b = places[found[:, 0]], places[found[:, 1]]
    apart = np.asarray(crs.geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
    near = apart <= distance
    return _both_ways(found[near, 0], found[near, 1], apart[near], len(places))


def _both_ways(one: Indices, other: Indices, apart: Numbers, count: int) -> tuple[Indices, Indices, Numbers]:
    own = np.arange(count)
    return (
        np.concatenate([own, one, other]),
        np.concatenate([own, other, one]),
        np.concatenate([np.zeros(count), apart, apart]),
    )


def _on_plane(shapes: Shapes, distance: float) -> tuple[Indices, Indices, Numbers]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    return first, second, shapely.distance(shapes[first], shapes[second])
