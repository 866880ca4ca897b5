"""Statistics of the cells of a raster in each of many zones."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from honua_worker.context import Context
from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput, TooLarge
from honua_worker.feature_set import Numbers, Shapes
from honua_worker.inputs import Inputs
from honua_worker.raster import Raster, windows_of

STATISTICS = ("count", "min", "max", "mean", "sum", "std", "median", "majority")
PREFIX = "zonal_"
MOST_DIFFERENT = 20_000_000
"""So many different values of a zone are held in memory, for its median and majority."""


@dataclass
class Tally:
    """The different values of a zone in rising order, and how often each is there."""

    values: Numbers = field(default_factory=lambda: np.zeros(0))
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, cells: Numbers) -> None:
        values, counts = np.unique(cells, return_counts=True)
        both = np.concatenate([self.values, values])
        self.values, which = np.unique(both, return_inverse=True)
        weights = np.concatenate([self.counts, counts])
        self.counts = np.bincount(which.ravel(), weights=weights, minlength=len(self.values)).astype(np.int64)
        if len(self.values) > MOST_DIFFERENT:
            raise TooLarge(f"A zone has more than {MOST_DIFFERENT} different values.")

    def statistics(self) -> dict[str, float | int | None]:
        """Of no cells all but the count are None. `std` is of the whole zone; of several majorities it is the least."""
        count = int(self.counts.sum())
        if count == 0:
            return {"count": 0, **dict.fromkeys(STATISTICS[1:])}
        total = float(self.values @ self.counts)
        mean = total / count
        ranks = np.cumsum(self.counts)
        middles = [self.values[np.searchsorted(ranks, rank, side="right")] for rank in ((count - 1) // 2, count // 2)]
        return {
            "count": count,
            "min": float(self.values[0]),
            "max": float(self.values[-1]),
            "mean": mean,
            "sum": total,
            "std": float(np.sqrt(((self.values - mean) ** 2 @ self.counts) / count)),
            "median": float(np.mean(middles)),
            "majority": float(self.values[np.argmax(self.counts)]),
        }


def run(inputs: Inputs, context: Context) -> None:
    """Each zone with its statistics. A cell is in a zone where its middle is; cells without value do not count."""
    raster = inputs.raster("raster")
    band = inputs.integer("band", 1)
    raster.require_band(band, "band")
    zones = inputs.features("zones")
    zones.require("polygon")
    shapes = _placed(zones.shapes, zones.crs, raster, context)
    empty = 0
    with context.features("result", zones.crs) as result:
        for at, (feature, shape) in enumerate(zip(zones.features, shapes, strict=True)):
            context.progress(100 * at / len(zones), f"Measuring zone {at + 1} of {len(zones)}")
            found = tally(raster, band, shape).statistics()
            empty += found["count"] == 0
            named = {f"{PREFIX}{name}": value for name, value in found.items()}
            result.write({**(feature.get("properties") or {}), **named}, feature.get("geometry"), feature.get("id"))
    if empty > 0:
        context.warn(f"{empty} of {len(zones)} zones have no cells with values.")


def tally(raster: Raster, band: int, shape: Any) -> Tally:
    """Of the cells with their middle in a shape, in the coordinates of the raster."""
    from rasterio.features import geometry_mask
    from rasterio.transform import Affine
    from rasterio.windows import Window

    found = Tally()
    box = None if shape is None else _box(raster, shape)
    if box is None:
        return found
    for part in windows_of(box.width, box.height):
        window = Window(box.col_off + part.col_off, box.row_off + part.row_off, part.width, part.height)
        place = raster.transform @ Affine.translation(window.col_off, window.row_off)
        inside = geometry_mask([shape], (window.height, window.width), place, invert=True)
        cells = raster.read(band, window)[inside]
        found.add(cells[~np.isnan(cells)])
    return found


def _box(raster: Raster, shape: Any) -> Any:
    """The window of the cells around a shape, or None where the raster has none there."""
    from rasterio.windows import Window

    corners = shapely.get_coordinates(shapely.box(*shape.bounds))
    columns, rows = np.array([~raster.transform @ tuple(corner) for corner in corners.tolist()]).T
    west, east = max(0, int(np.floor(columns.min()))), min(raster.width, int(np.ceil(columns.max())))
    north, south = max(0, int(np.floor(rows.min()))), min(raster.height, int(np.ceil(rows.max())))
    if west >= east or north >= south:
        return None
    return Window(west, north, east - west, south - north)


def _placed(shapes: Shapes, crs: Crs, raster: Raster, context: Context) -> Shapes:
    """The zones in the coordinate system of the raster."""
    from pyproj import CRS, Transformer

    if raster.crs is None:
        context.warn("The raster names no coordinate system: that of the zones is taken for its own.")
        return shapes
    target = CRS.from_user_input(raster.crs.to_wkt())
    if crs.definition.equals(target, ignore_axis_order=True):
        return shapes
    transformer = Transformer.from_crs(crs.definition, target, always_xy=True)
    placed: Shapes = shapely.transform(shapes, lambda places: np.column_stack(transformer.transform(*places.T)))
    far = ~np.isfinite(shapely.bounds(placed)).all(axis=1) & ~shapely.is_missing(shapes)
    if np.any(far):
        at = int(np.argmax(far))
        raise InvalidInput("zones", f"feature {at} lies where the coordinate system of the raster does not reach")
    context.info("The zones were brought into the coordinate system of the raster.")
    return placed
