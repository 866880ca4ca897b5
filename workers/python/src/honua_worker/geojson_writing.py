"""A FeatureCollection, written as its features come, one a line."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any

from honua_worker.crs import LON_LAT, Crs
from honua_worker.faults import TooLarge
from honua_worker.limits import Limits

MEDIA_TYPE = "application/geo+json"


class FeatureWriter:
    """Throws TooLarge as soon as there are more features or bytes than there may be."""

    def __init__(self, path: Path, crs: Crs, limits: Limits) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._limits = limits
        self._bytes = 0
        self.count = 0
        named = "" if crs.name == LON_LAT else f',"crs":{_json({"type": "name", "properties": {"name": crs.urn}})}'
        self._file.write(f'{{"type":"FeatureCollection"{named},"features":[')

    def write(self, properties: dict[str, Any], geometry: Any, identity: Any = None) -> None:
        """`geometry` is GeoJSON or None. What is no number in `properties` (NaN) is not JSON: write None."""
        if self.count >= self._limits.max_output_features:
            raise TooLarge(f"The result would have more than {self._limits.max_output_features} features.")
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        if identity is not None:
            feature["id"] = identity
        line = ("\n" if self.count == 0 else ",\n") + _json(feature)
        self._bytes += len(line)
        if self._bytes > self._limits.max_output_bytes:
            raise TooLarge(f"The result would have more than {self._limits.max_output_bytes} bytes.")
        self._file.write(line)
        self.count += 1

    def __enter__(self) -> "FeatureWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._file.write("\n]}\n")
        self._file.close()


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
