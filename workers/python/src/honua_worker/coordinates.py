"""Coordinate systems, and features as arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .failures import InvalidInput
from .inputs import Features

Floats = npt.NDArray[np.float64]


def is_geographic(crs: str) -> bool:
    """Whether coordinates are degrees of longitude and latitude."""
    if crs == "OGC:CRS84":
        return True
    from pyproj import CRS

    return bool(CRS.from_user_input(crs).is_geographic)


def require_projected(name: str, crs: str, what: str) -> None:
    """Raises InvalidInput on longitude and latitude: degrees are no lengths."""
    if is_geographic(crs):
        raise InvalidInput(f"{name}: is in longitude and latitude, where {what}; bring it into a projected system first.")


@dataclass(frozen=True)
class Samples:
    """Places with values: `xy` is (n, 2) in units of the system, `values` (n,)."""

    xy: Floats
    values: Floats
    crs: str
    left_out: int

    def __len__(self) -> int:
        return len(self.values)


def number_of(feature: dict[str, Any], field: str) -> float | None:
    """The finite number of an attribute, or None."""
    value = (feature.get("properties") or {}).get(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def place_of(feature: dict[str, Any]) -> tuple[float, float] | None:
    """Where a feature is: a point, or the centroid of anything else; None without geometry."""
    geometry = feature.get("geometry")
    if not geometry:
        return None
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"][:2]
        return float(x), float(y)
    from shapely.geometry import shape

    centroid = shape(geometry).centroid
    return None if centroid.is_empty else (centroid.x, centroid.y)


def read_samples(features: Features, field: str) -> Samples:
    """Features that have a place and a number. Raises InvalidInput where no feature has such an attribute."""
    if features.features and not any(field in (f.get("properties") or {}) for f in features.features):
        raise InvalidInput(f"{features.name}: no feature has the attribute '{field}'.")
    found = [(place_of(feature), number_of(feature, field)) for feature in features.features]
    kept = [(place, value) for place, value in found if place is not None and value is not None]
    xy = np.array([place for place, _ in kept], dtype=float).reshape(-1, 2)
    values = np.array([value for _, value in kept], dtype=float)
    return Samples(xy, values, features.crs, len(found) - len(kept))


def at_different_places(samples: Samples) -> tuple[Samples, int]:
    """One sample a place, with the mean of its values; and how many were merged."""
    places, index = np.unique(samples.xy, axis=0, return_inverse=True)
    index = index.reshape(-1)
    counts = np.bincount(index, minlength=len(places))
    sums = np.bincount(index, weights=samples.values, minlength=len(places))
    merged = len(samples) - len(places)
    return Samples(places, sums / counts, samples.crs, samples.left_out), merged
