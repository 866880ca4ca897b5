"""Features as they were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput

Feature = dict[str, Any]
Numbers = NDArray[np.float64]
Shapes = NDArray[np.object_]

LARGEST = 1e150
"""Beyond this the square of a distance may be no number."""


@dataclass(frozen=True)
class FeatureSet:
    """`features` are GeoJSON; `shapes` their geometries in the same order, None where there is none or it is empty."""

    input_name: str
    features: Sequence[Feature]
    shapes: Shapes
    crs: Crs

    def __len__(self) -> int:
        return len(self.features)

    @cached_property
    def present(self) -> NDArray[np.intp]:
        """Numbers of the features that lie somewhere."""
        return np.flatnonzero(~shapely.is_missing(self.shapes))

    def only(self, numbers: NDArray[np.intp]) -> "FeatureSet":
        """Those with these numbers."""
        features = [self.features[at] for at in numbers.tolist()]
        return FeatureSet(self.input_name, features, self.shapes[numbers], self.crs)

    def places(self) -> Numbers:
        """Where each feature counts, n by 2: its centroid in the plane of its coordinates, NaN where it is nowhere."""
        shapes = together(self.shapes) if self.crs.geographic else self.shapes
        centres = shapely.centroid(shapes)
        places: Numbers = np.column_stack([shapely.get_x(centres), shapely.get_y(centres)])
        if np.any(np.abs(places) > LARGEST):
            raise InvalidInput(self.input_name, "has coordinates too large for distances between them")
        return places

    def bounds(self) -> Numbers:
        """West, south, east, north of all; NaN where nothing lies anywhere."""
        return np.asarray(shapely.total_bounds(self.shapes), dtype=np.float64)

    def require(self, *kinds: str) -> None:
        """Throws InvalidInput where a shape is of another kind: `point`, `line` or `polygon`, single or several."""
        dimensions = {("point", "line", "polygon").index(kind) for kind in kinds}
        found = shapely.get_dimensions(self.shapes[self.present])
        wrong = ~np.isin(found, list(dimensions))
        if np.any(wrong):
            at = int(self.present[np.argmax(wrong)])
            raise InvalidInput(self.input_name, f"takes {' and '.join(kinds)} features only, and feature {at} is none")


def together(shapes: Shapes) -> Shapes:
    """Shapes of degrees that are cut at the antimeridian in one piece, which may run on beyond 180°."""
    joined = shapes.copy()
    bounds = shapely.bounds(shapes)
    for at in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > 180):
        parts = shapely.get_parts(shapes[at])
        middles = shapely.bounds(parts)[:, [0, 2]].mean(axis=1)
        moved = np.array([_moved(part) if middle < 0 else part for part, middle in zip(parts, middles, strict=True)])
        west, _, east, _ = shapely.total_bounds(moved)
        if east - west < bounds[at, 2] - bounds[at, 0]:
            joined[at] = shapely.GeometryCollection(list(moved))
    return joined


def _moved(shape: Any) -> Any:
    return shapely.transform(shape, lambda places: places + np.array([360, 0]))
