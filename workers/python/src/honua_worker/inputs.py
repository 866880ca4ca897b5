"""The inputs of a request: plain values as they are, files once they are asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import InvalidInput
from .storage import verified


@dataclass(frozen=True)
class Features:
    """GeoJSON features and the coordinate system that they are in (`OGC:CRS84` or `EPSG:<code>`)."""

    name: str
    features: list[dict[str, Any]]
    crs: str


class Inputs:
    """By name. Values were checked against the process definition by the server; files were not looked into."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def get(self, name: str, default: Any = None) -> Any:
        """A plain value, or the default where it was left out."""
        value = self._values.get(name)
        return default if value is None else value

    def number(self, name: str, default: float | None = None) -> float:
        """A number that has a default or is required."""
        value = self.get(name, default)
        if value is None:
            raise InvalidInput(f"{name}: is required.")
        return float(value)

    def text(self, name: str, default: str | None = None) -> str:
        """A text that has a default or is required."""
        value = self.get(name, default)
        if value is None:
            raise InvalidInput(f"{name}: is required.")
        return str(value)

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return self._values.get(name) is not None

    def file(self, name: str) -> Path:
        """The one file of an input."""
        return self.files(name)[0]

    def files(self, name: str) -> list[Path]:
        """The files of an input that may occur several times."""
        value = self._values.get(name)
        if value is None:
            raise InvalidInput(f"{name}: is required.")
        entries = value if isinstance(value, list) else [value]
        return [verified(name, entry["uri"], entry["sha256"]) for entry in entries]

    def features(self, name: str) -> Features:
        """Features of GeoJSON. Raises InvalidInput for a file that holds none."""
        path = self.file(name)
        crs = self._values[name].get("crs", "OGC:CRS84")
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            features = document["features"]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"{name}: is no GeoJSON FeatureCollection.") from error
        return Features(name, features, crs)
