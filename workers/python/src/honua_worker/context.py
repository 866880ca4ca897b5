"""What a process works with besides its inputs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from honua_worker import geojson_writing, geotiff_writing, storage
from honua_worker.crs import Crs
from honua_worker.geojson_writing import FeatureWriter
from honua_worker.geotiff_writing import Kind, RasterWriter
from honua_worker.limits import Limits
from honua_worker.manifest import Manifest
from honua_worker.progress import Progress
from honua_worker.stored import Stored


class Context:
    """Takes outputs by their names; each may be given once."""

    def __init__(
        self,
        *,
        limits: Limits,
        manifest: Manifest,
        progress: Progress,
        scratch: Path,
        output_uri: str,
        own_folder: str = "",
        wanted: list[str] | None,
        command: dict[str, Any] | None = None,
    ) -> None:
        self.limits = limits
        self._manifest = manifest
        self._progress = progress
        self.scratch = scratch
        self.command = command or {}
        """What the process says of its command: which outputs are which files, and the values of variables."""
        self._output_uri = output_uri
        self._own_folder = own_folder
        self._wanted = wanted
        self._files: dict[str, dict[str, object]] = {}

    def progress(self, percent: float, message: str) -> None:
        """0 to 100; call it as often as you like."""
        self._progress.report(percent, message)

    def info(self, text: str) -> None:
        self._manifest.say("info", text)

    def warn(self, text: str) -> None:
        self._manifest.say("warning", text)

    def wants(self, output: str) -> bool:
        return self._wanted is None or output in self._wanted

    def value(self, output: str, value: Any) -> None:
        """An output that is JSON by itself."""
        if self.wants(output):
            self._manifest.outputs[output] = {"value": value}

    @contextmanager
    def features(self, output: str, crs: Crs) -> Iterator[FeatureWriter]:
        """Features, in coordinates of `crs`."""
        path = self.scratch / f"{output}.json"
        with FeatureWriter(path, crs, self.limits) as writer:
            yield writer
        self._keep(output, path, geojson_writing.MEDIA_TYPE, {"features": writer.count})

    @contextmanager
    def raster(
        self,
        output: str,
        *,
        width: int,
        height: int,
        crs: Any,
        transform: Any,
        bands: tuple[str, ...],
        kind: Kind = "float32",
        nodata: float = np.nan,
    ) -> Iterator[RasterWriter]:
        """A GeoTIFF. `bands` are descriptions, one for each."""
        path = self.scratch / f"{output}.tif"
        with RasterWriter(
            path,
            self.limits,
            width=width,
            height=height,
            crs=crs,
            transform=transform,
            bands=bands,
            kind=kind,
            nodata=nodata,
        ) as writer:
            yield writer
        self._keep(output, path, geotiff_writing.MEDIA_TYPE, {})

    def file(self, path: Path, rel: str, name: str, media_type: str) -> Stored:
        """Keeps a file below the output, under a name that it can be asked for by."""
        own = f"{self._own_folder}{rel}"
        stored = storage.store(path, f"{self._output_uri}{own}")
        about = {"type": media_type, "size": stored.size, "sha256": stored.sha256}
        self._files[name] = {"rel": own, **about}
        self._manifest.artifacts.append({"rel": name, "path": own, **about})
        return stored

    def output_of_file(self, output: str, name: str) -> None:
        """A file that is kept is an output."""
        if self.wants(output):
            self._manifest.outputs[output] = {**self._files[name]}

    def _keep(self, output: str, path: Path, media_type: str, more: dict[str, object]) -> None:
        self.file(path, path.name, output, media_type)
        self._manifest.outputs[output] = {**self._files[output], **more}
