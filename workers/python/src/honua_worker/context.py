"""What a process has beside its inputs: progress, messages, and where its outputs go."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .failures import TooLarge
from .storage import put_text, sha256_of

_PROGRESS_EVERY_S = 0.5
GEOJSON = "application/geo+json"
GEOTIFF = "image/tiff; application=geotiff"

Json = dict[str, Any]


@dataclass
class Limits:
    """How much a run may give."""

    features: int
    bytes: int


@dataclass
class Context:
    """Of one attempt. Outputs are files of `folder`; `scratch` is for what nobody needs afterwards."""

    folder: Path
    scratch: Path
    limits: Limits
    wanted: frozenset[str]
    outputs: Json = field(default_factory=dict)
    messages: list[Json] = field(default_factory=list)
    _percent: float = -1
    _told_at: float = -_PROGRESS_EVERY_S

    def progress(self, percent: float, message: str | None = None) -> None:
        """Tells how far it is, 0 to 100; never less than before, at most twice a second."""
        now = time.monotonic()
        if percent <= self._percent or now - self._told_at < _PROGRESS_EVERY_S:
            return
        self._percent, self._told_at = min(percent, 100), now
        said: Json = {"percent": round(self._percent, 1)}
        if message is not None:
            said["message"] = message
        put_text(self.folder / "progress.json", json.dumps(said))

    def warn(self, text: str) -> None:
        """A message to whoever reads the result."""
        self.messages.append({"level": "warning", "text": text})

    def inform(self, text: str) -> None:
        """As `warn`, for what is no cause for concern."""
        self.messages.append({"level": "info", "text": text})

    def give_value(self, output: str, value: Any) -> None:
        """A plain output: anything that JSON has, without NaN and infinity."""
        json.dumps(value, allow_nan=False)
        self.outputs[output] = {"value": value}

    def give_file(self, output: str, path: Path, media_type: str, features: int | None = None) -> None:
        """A file that was written below `folder`. Raises TooLarge."""
        size = path.stat().st_size
        if size > self.limits.bytes:
            raise TooLarge(f"The result has {size} bytes and may have {self.limits.bytes}.")
        entry: Json = {
            "rel": path.relative_to(self.folder).as_posix(),
            "type": media_type,
            "size": size,
            "sha256": sha256_of(path),
        }
        if features is not None:
            entry["features"] = features
        self.outputs[output] = entry

    def give_features(self, output: str, features: Iterable[Json], crs: str) -> None:
        """Writes features one by one as they come, in their coordinate system. Raises TooLarge."""
        path = self.folder / f"{output}.json"
        count = 0
        head = '{"type":"FeatureCollection",'
        if crs != "OGC:CRS84":
            head += f'"crs":{{"type":"name","properties":{{"name":{json.dumps(crs)}}}}},'
        with path.open("w", encoding="utf-8") as file:
            file.write(f'{head}"features":[')
            for feature in features:
                count += 1
                if count > self.limits.features:
                    raise TooLarge(f"The result has more than {self.limits.features} features.")
                text = json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                file.write(("," if count > 1 else "") + text)
            file.write("]}")
        self.give_file(output, path, GEOJSON, count)
