"""Squares that fill a frame, from its south-west corner on; the last may stand out to the east and to the north."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.inputs import Inputs

ROUNDING = 1e-9
"""What of a part of a cell is only by rounding."""

MOST_CELLS_OF_A_RASTER = 400_000_000


@dataclass(frozen=True)
class FrameCells:
    """Cells are counted by columns, each from the south; `input_name` says how many there are."""

    west: float
    south: float
    size: float
    columns: int
    rows: int
    input_name: str

    @property
    def count(self) -> int:
        return self.columns * self.rows

    def require_at_most(self, most: int) -> None:
        if self.count > most:
            raise InvalidInput(self.input_name, f"the grid would have more than {most} cells")

    def middles(self, start: int, end: int) -> Numbers:
        """Of the cells with these numbers."""
        at = np.arange(start, min(end, self.count))
        return self._middles(at // self.rows, at % self.rows)

    def middles_in(self, window: Any) -> Numbers:
        """Of the cells in a window of the raster of them: by rows, the northmost first."""
        rows = self.rows - 1 - np.arange(window.row_off, window.row_off + window.height)
        columns = np.arange(window.col_off, window.col_off + window.width)
        j, i = np.meshgrid(rows, columns, indexing="ij")
        return self._middles(i.ravel(), j.ravel())

    def cell(self, at: int) -> tuple[int, int]:
        """Column and row of a number."""
        return at // self.rows, at % self.rows

    def square(self, at: int) -> dict[str, Any]:
        """As GeoJSON."""
        i, j = self.cell(at)
        west, east = (self.west + self.size * n for n in (i, i + 1))
        south, north = (self.south + self.size * n for n in (j, j + 1))
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}

    @property
    def transform(self) -> Any:
        from rasterio.transform import from_origin

        return from_origin(self.west, self.south + self.size * self.rows, self.size, self.size)

    def windows(self) -> Iterator[Any]:
        from honua_worker.raster import windows_of

        return windows_of(self.columns, self.rows)

    def _middles(self, i: Any, j: Any) -> Numbers:
        return np.column_stack([self.west + self.size * (i + 0.5), self.south + self.size * (j + 0.5)])


def frame_cells(inputs: Inputs, features: FeatureSet) -> FrameCells:
    """By the inputs `extent`, else around the features, and `cellSize`, else `gridResolution` along the longer side."""
    crs: Crs = features.crs
    west, south, east, north = inputs.extent("extent", crs) if inputs.has("extent") else features.bounds()
    if inputs.has("cellSize"):
        size, input_name = inputs.number("cellSize", above=0), "cellSize"
    else:
        longer = max(east - west, north - south)
        if longer == 0:
            raise InvalidInput("extent", "has no size: give another one, or the size of a cell")
        size, input_name = (
            longer / inputs.integer("gridResolution", 100, least=1, most=100_000),
            "gridResolution",
        )
    columns, rows = (max(1, math.ceil(side / size - ROUNDING)) for side in (east - west, north - south))
    cells = FrameCells(float(west), float(south), float(size), columns, rows, input_name)
    cells.require_at_most(MOST_CELLS_OF_A_RASTER)
    return cells
