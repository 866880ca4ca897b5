"""GeoTIFF files to read, a window at a time, so that large ones need little memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honua_worker.faults import InvalidInput

WINDOW_ROWS = 512
WINDOW_COLUMNS = 4096
"""A multiple of the tiles that are written, so that each is written once."""

Band = NDArray[np.float64]
"""Rows by columns, north first; NaN where there is no value."""


class Raster:
    """Throws InvalidInput where the file is no GeoTIFF, or turns out to be broken while it is read."""

    def __init__(self, path: Path, input_name: str) -> None:
        import rasterio

        self.input_name = input_name
        self._broken = rasterio.errors.RasterioError
        try:
            self._dataset = rasterio.open(path, driver="GTiff")
        except self._broken as error:
            raise InvalidInput(input_name, "is no GeoTIFF that can be read") from error
        self.width: int = self._dataset.width
        self.height: int = self._dataset.height
        self.bands: int = self._dataset.count
        self.crs: Any = self._dataset.crs
        self.transform: Any = self._dataset.transform

    @property
    def grid(self) -> dict[str, Any]:
        """What a raster with the same cells is made with."""
        return {"width": self.width, "height": self.height, "crs": self.crs, "transform": self.transform}

    def require_band(self, number: int, input_name: str) -> None:
        if not 1 <= number <= self.bands:
            only = "only 1 band" if self.bands == 1 else f"{self.bands} bands"
            raise InvalidInput(input_name, f"there is no band {number}, {self.input_name} has {only}")

    def require_same_grid(self, other: "Raster") -> None:
        """Throws InvalidInput where cells of the two do not lie on each other."""
        if (self.crs or other.crs) and self.crs != other.crs:
            raise InvalidInput(other.input_name, f"is in another coordinate system than {self.input_name}")
        if (self.width, self.height) != (other.width, other.height):
            raise InvalidInput(other.input_name, f"has not as many columns and rows as {self.input_name}")
        if not self.transform.almost_equals(other.transform, precision=abs(self.transform.a) * 1e-3):
            raise InvalidInput(other.input_name, f"lies elsewhere than {self.input_name}")

    def windows(self) -> Iterator[Any]:
        """All of it, from the north-west on."""
        yield from windows_of(self.width, self.height)

    def read(self, band: int, window: Any) -> Band:
        """What the band has no data for is NaN."""
        try:
            values = self._dataset.read(band, window=window, masked=True)
        except self._broken as error:
            raise InvalidInput(self.input_name, "is broken: a part of it cannot be read") from error
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan))

    def read_around(self, band: int, window: Any) -> Band:
        """With one row and column more on every side, which are NaN beyond the raster."""
        from rasterio.windows import Window

        west, north = max(0, window.col_off - 1), max(0, window.row_off - 1)
        east = min(self.width, window.col_off + window.width + 1)
        south = min(self.height, window.row_off + window.height + 1)
        around = np.full((window.height + 2, window.width + 2), np.nan)
        row, column = north - window.row_off + 1, west - window.col_off + 1
        values = self.read(band, Window(west, north, east - west, south - north))
        around[row : row + south - north, column : column + east - west] = values
        return around


def windows_of(width: int, height: int) -> Iterator[Any]:
    from rasterio.windows import Window

    for row in range(0, height, WINDOW_ROWS):
        for column in range(0, width, WINDOW_COLUMNS):
            yield Window(column, row, min(WINDOW_COLUMNS, width - column), min(WINDOW_ROWS, height - row))


def count_windows(width: int, height: int) -> int:
    return -(-height // WINDOW_ROWS) * -(-width // WINDOW_COLUMNS)
