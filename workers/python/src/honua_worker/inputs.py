"""The inputs of a process, each read when the process asks for it."""

import math
from typing import Any

import numpy as np

from honua_worker.crs import LON_LAT, Crs, reference_of
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.lengths import length_in
from honua_worker.raster import Raster
from honua_worker.staged import StagedFile

PARQUET = "application/vnd.apache.parquet"


class Inputs:
    """Every accessor throws InvalidInput, which names the input, where it is missing or is not what it must be."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._features: dict[str, FeatureSet] = {}

    def given(self) -> dict[str, Any]:
        """All of them as they were laid ready."""
        return self._given

    def has(self, name: str) -> bool:
        return self._given.get(name) is not None

    def name_of(self, *names: str) -> str:
        """The first of these names that was used, else the first."""
        return next((name for name in names if self.has(name)), names[0])

    def number(
        self,
        name: str,
        default: float | None = None,
        *,
        above: float = -math.inf,
        least: float = -math.inf,
        most: float = math.inf,
    ) -> float:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidInput(name, "must be a number")
        if value <= above:
            raise InvalidInput(name, f"must be more than {above:g}")
        if not least <= value <= most:
            bound = f"at least {least:g}" if value < least else f"at most {most:g}"
            raise InvalidInput(name, f"must be {bound}")
        return float(value)

    def integer(
        self, name: str, default: int | None = None, *, least: float = -math.inf, most: float = math.inf
    ) -> int:
        value = self.number(name, default, least=least, most=most)
        if not value.is_integer():
            raise InvalidInput(name, "must be a whole number")
        return int(value)

    def text(self, name: str, default: str | None = None, *, among: tuple[str, ...] = ()) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise InvalidInput(name, "must be a text")
        if among and value not in among:
            raise InvalidInput(name, f"must be one of {', '.join(among)}")
        return value

    def boolean(self, name: str, default: bool) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise InvalidInput(name, "must be true or false")
        return value

    def values(self, name: str) -> list[Any]:
        """A value by itself is a list of one."""
        value = self._value(name, None)
        return value if isinstance(value, list) else [value]

    def length(self, name: str, crs: Crs, *, above: float = -math.inf) -> float:
        """In the units of the system, in metres on longitude and latitude."""
        length = length_in(crs, self._value(name, None), name)
        if not math.isfinite(length) or length < 0 or length <= above:
            raise InvalidInput(name, f"must be {'more than' if above >= 0 else 'at least'} 0")
        return length

    def extent(self, name: str, crs: Crs) -> Numbers:
        """West, south, east, north in `crs`, which a box of another system is refused for."""
        value = self._value(name, None)
        box = value.get("bbox") if isinstance(value, dict) else value
        if not isinstance(box, list) or len(box) not in (4, 6):
            raise InvalidInput(name, "must have 4 numbers, or 6 with heights")
        if not all(isinstance(side, int | float) and math.isfinite(side) for side in box):
            raise InvalidInput(name, "must have finite numbers")
        own = Crs.named(reference_of(value.get("crs") or LON_LAT), name) if isinstance(value, dict) else crs
        if not own.is_same_as(crs):
            raise InvalidInput(name, f"is in {own.name}, the features in {crs.name}: let its crs name theirs")
        half = len(box) // 2
        west, south, east, north = (float(box[at]) for at in (0, 1, half, half + 1))
        if west > east:
            raise InvalidInput(name, "has its west beyond its east: ask for either side of 180° by itself")
        if south > north:
            raise InvalidInput(name, "has its south above its north")
        return np.array([west, south, east, north])

    def features(self, name: str) -> FeatureSet:
        """GeoJSON or GeoParquet; read once."""
        if name not in self._features:
            self._features[name] = self._read_features(name)
        return self._features[name]

    def raster(self, name: str) -> Raster:
        """A GeoTIFF, opened."""
        return _raster(self._value(name, None), name)

    def rasters(self, name: str) -> list[Raster]:
        """One or several."""
        return [_raster(value, name) for value in self.values(name)]

    def _read_features(self, name: str) -> FeatureSet:
        from honua_worker.geojson_reading import features_of, read_geojson

        value = self._value(name, None)
        staged = StagedFile.of(value, name)
        if staged is None:
            return features_of(value, name, Crs(LON_LAT))
        crs = Crs.named(reference_of(staged.crs), name) if staged.crs else None
        if staged.media_type.split(";")[0].strip() == PARQUET:
            from honua_worker.geoparquet_reading import read_geoparquet

            return read_geoparquet(staged.path(), name, crs)
        return read_geojson(staged.path().read_bytes(), name, crs or Crs(LON_LAT))

    def _value(self, name: str, default: Any) -> Any:
        value = self._given.get(name)
        if value is not None:
            return value
        if default is None:
            raise InvalidInput(name, "is required")
        return default


def _raster(value: Any, name: str) -> Raster:
    staged = StagedFile.of(value, name)
    if staged is None:
        raise InvalidInput(name, "must be a GeoTIFF file")
    return Raster(staged.path(), name)
