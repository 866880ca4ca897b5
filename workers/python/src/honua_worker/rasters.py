"""GeoTIFF in and out, block by block: memory does not grow with the raster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .failures import InvalidInput

_ROWS_BYTES = 32 * 1024 * 1024
NODATA = -9999.0


@contextmanager
def open_raster(name: str, path: Path) -> Iterator[Any]:
    """A rasterio dataset. Raises InvalidInput for a file that is no raster."""
    import rasterio

    try:
        dataset = rasterio.open(path, driver="GTiff")
    except rasterio.errors.RasterioIOError as error:
        raise InvalidInput(f"{name}: is no GeoTIFF.") from error
    with dataset:
        yield dataset


def require_band(name: str, dataset: Any, band: int) -> int:
    """Raises InvalidInput for a band that the raster has not."""
    if not 1 <= band <= dataset.count:
        raise InvalidInput(f"{name}: the raster has {dataset.count} band(s), and no band {band}.")
    return band


def require_same_grid(name: str, dataset: Any, other: Any) -> None:
    """Raises InvalidInput where two rasters do not lie on each other cell by cell."""
    if dataset.crs != other.crs:
        raise InvalidInput(f"{name}: is in another coordinate system than the first raster.")
    same_size = (dataset.width, dataset.height) == (other.width, other.height)
    if not same_size or not dataset.transform.almost_equals(other.transform):
        raise InvalidInput(f"{name}: has other cells than the first raster.")


def row_windows(dataset: Any) -> Iterator[Any]:
    """Windows over all columns, some rows each, as the blocks of the file suit."""
    from rasterio.windows import Window

    block = dataset.block_shapes[0][0]
    rows = max(1, _ROWS_BYTES // (8 * dataset.width))
    rows = max(block, rows - rows % block) if rows >= block else rows
    for first in range(0, dataset.height, rows):
        yield Window(0, first, dataset.width, min(rows, dataset.height - first))


def read_floats(dataset: Any, band: int, window: Any = None, **more: Any) -> npt.NDArray[np.float64]:
    """Cells of a band as numbers, NaN where there are none."""
    masked = dataset.read(band, window=window, masked=True, **more)
    return np.ma.filled(masked.astype(np.float64), np.nan)


def float_profile(dataset: Any) -> dict[str, Any]:
    """How a raster is written that lies on another: one band of float32, tiled and compressed."""
    return {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": dataset.height,
        "width": dataset.width,
        "crs": dataset.crs,
        "transform": dataset.transform,
        "nodata": NODATA,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "predictor": 3,
        "bigtiff": "if_safer",
    }


def write_floats(target: Any, values: npt.NDArray[np.float64], window: Any) -> None:
    """Into the first band; what is no number becomes no data."""
    target.write(np.where(np.isfinite(values), values, NODATA).astype(np.float32), 1, window=window)


class Summary:
    """Count, least, greatest and mean of cells that come in pieces."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0
        self._least = np.inf
        self._greatest = -np.inf

    def add(self, values: npt.NDArray[np.float64]) -> None:
        """NaN does not count."""
        known = values[np.isfinite(values)]
        if known.size == 0:
            return
        self.count += int(known.size)
        self._sum += float(known.sum())
        self._least = min(self._least, float(known.min()))
        self._greatest = max(self._greatest, float(known.max()))

    def told(self) -> dict[str, float | int | None]:
        """As JSON; null where no cell has a value."""
        if self.count == 0:
            return {"count": 0, "min": None, "max": None, "mean": None}
        mean = self._sum / self.count
        return {"count": self.count, "min": self._least, "max": self._greatest, "mean": mean}
