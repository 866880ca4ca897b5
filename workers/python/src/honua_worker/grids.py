"""Regular grids over an extent, and surfaces on them as GeoTIFF."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .context import Context
from .coordinates import Floats, Samples
from .failures import InvalidInput, TooLarge
from .inputs import Inputs

NODATA = -9999.0
_CELLS_AT_ONCE = 65_536
MOST_CELLS = 100_000_000


@dataclass(frozen=True)
class Grid:
    """Square cells from the north-west corner: `rows` down, `columns` to the right."""

    west: float
    north: float
    size: float
    rows: int
    columns: int

    def row_centres(self, first: int, count: int) -> Floats:
        """Middles of the cells of some rows, (count * columns, 2), row by row."""
        xs = self.west + (np.arange(self.columns) + 0.5) * self.size
        ys = self.north - (np.arange(first, first + count) + 0.5) * self.size
        return np.column_stack([np.tile(xs, count), np.repeat(ys, self.columns)])


def grid_of(inputs: Inputs, samples: Samples) -> Grid:
    """By `extent` (else around the samples), and `cellSize` or the number of cells `gridResolution` of its longer side."""
    box = inputs.get("extent")
    if box is None:
        (west, south), (east, north) = samples.xy.min(axis=0), samples.xy.max(axis=0)
    else:
        west, south, east, north = (float(value) for value in (box if len(box) == 4 else box[:2] + box[3:5]))
    width, height = east - west, north - south
    if not (width > 0 and height > 0):
        raise InvalidInput("extent: has no area; name one, or send samples that are not all in a line.")
    size = inputs.get("cellSize") or max(width, height) / inputs.number("gridResolution", 100)
    # A side that is a whole number of cells must not get one more by rounding.
    columns, rows = (max(1, math.ceil(side / size - 1e-9)) for side in (width, height))
    if rows * columns > MOST_CELLS:
        raise TooLarge(f"The grid has {rows * columns} cells and may have {MOST_CELLS}.")
    return Grid(float(west), float(north), float(size), rows, columns)


def write_surface(
    context: Context,
    name: str,
    grid: Grid,
    crs: str,
    bands: int,
    compute: Callable[[Floats], list[Floats]],
    cells_at_once: int = _CELLS_AT_ONCE,
) -> Path:
    """Computes a GeoTIFF some rows at a time: `compute` takes cell middles and gives a value of each band for each."""
    import rasterio
    from rasterio.transform import from_origin
    from rasterio.windows import Window

    path = context.folder / f"{name}.tif"
    profile = {
        "driver": "GTiff",
        "dtype": "float64",
        "count": bands,
        "height": grid.rows,
        "width": grid.columns,
        "crs": "EPSG:4326" if crs == "OGC:CRS84" else crs,
        "transform": from_origin(grid.west, grid.north, grid.size, grid.size),
        "nodata": NODATA,
        "compress": "deflate",
        "predictor": 3,
        "bigtiff": "if_safer",
    }
    step = max(1, cells_at_once // grid.columns)
    with rasterio.open(path, "w", **profile) as target:
        for first in range(0, grid.rows, step):
            count = min(step, grid.rows - first)
            computed = compute(grid.row_centres(first, count))
            window = Window(0, first, grid.columns, count)
            for band, values in enumerate(computed, start=1):
                filled = np.where(np.isfinite(values), values, NODATA)
                target.write(filled.reshape(count, grid.columns), band, window=window)
            context.progress(100 * (first + count) / grid.rows, f"{first + count} of {grid.rows} rows")
    return path
