"""Slope, aspect and hillshade of heights by Horn's method (1981)."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from honua_worker.cell_summary import in_turn
from honua_worker.context import Context
from honua_worker.ground_scales import GroundScales
from honua_worker.inputs import Inputs
from honua_worker.raster import Band

NO_SHADE = 0
FLAT = -1
OUTPUTS = ("slope", "aspect", "hillshade")


@dataclass(frozen=True)
class Style:
    """Angles in radians; the light comes from `azimuth`, clockwise from north."""

    percent: bool
    azimuth: float
    altitude: float


@dataclass(frozen=True)
class Gradient:
    """Rise to the east and to the north, per length on the ground; NaN where one of the nine cells has no height."""

    east: Band
    north: Band

    def slope(self, style: Style) -> Band:
        rise = np.hypot(self.east, self.north)
        return np.asarray(rise * 100 if style.percent else np.degrees(np.arctan(rise)))

    def aspect(self, _: Style) -> Band:
        """Where it goes down, in degrees clockwise from north; -1 where it is flat."""
        direction = np.degrees(np.arctan2(-self.east, -self.north)) % 360
        return np.where((self.east == 0) & (self.north == 0), FLAT, direction)

    def hillshade(self, style: Style) -> Band:
        """1 in the shade to 255 in full light."""
        light_east = np.sin(style.azimuth) * np.cos(style.altitude)
        light_north = np.cos(style.azimuth) * np.cos(style.altitude)
        facing = np.sin(style.altitude) - self.east * light_east - self.north * light_north
        cosine = facing / np.sqrt(1 + self.east**2 + self.north**2)
        return np.asarray(np.round(1 + 254 * np.maximum(cosine, 0)))


def run(inputs: Inputs, context: Context) -> None:
    """Those of the three that are wanted. Cells at the border, and those beside cells without height, have none."""
    raster = inputs.raster("raster")
    band = inputs.integer("band", 1)
    raster.require_band(band, "band")
    factor = inputs.number("zFactor", 1, above=0)
    style = Style(
        inputs.text("slopeUnit", "degrees", among=("degrees", "percent")) == "percent",
        np.radians(inputs.number("azimuth", 315, least=0, most=360)),
        np.radians(inputs.number("altitude", 45, least=0, most=90)),
    )
    scales = GroundScales(raster)
    if raster.crs is None:
        context.warn("The raster names no coordinate system: its units are taken for those of its heights.")
    with ExitStack() as stack:
        writers = {
            output: stack.enter_context(context.raster(output, **raster.grid, bands=(output,), **_kind(output)))
            for output in OUTPUTS
            if context.wants(output)
        }
        for window in in_turn(raster, context):
            gradient = gradient_of(raster.read_around(band, window) * factor, *_sizes(scales, window))
            for output, writer in writers.items():
                writer.write(getattr(gradient, output)(style), window)


def gradient_of(heights: Band, east: Any, north: Any) -> Gradient:
    """`heights` have one row and column more on every side; `east` and `north` are the sides of a cell."""
    above, beside, below = heights[:-2], heights[1:-1], heights[2:]
    row = above + 2 * beside + below
    column = heights[:, :-2] + 2 * heights[:, 1:-1] + heights[:, 2:]
    # The middle cell has no part in the sums, but where it has no height there is no slope.
    nothing = beside[:, 1:-1] * 0
    return Gradient(
        (row[:, 2:] - row[:, :-2]) / (8 * east) + nothing,
        (column[:-2] - column[2:]) / (8 * north) + nothing,
    )


def _sizes(scales: GroundScales, window: Any) -> tuple[Band, Band]:
    return scales.of_rows(window.row_off, window.height)


def _kind(output: str) -> dict[str, Any]:
    return {"kind": "uint8", "nodata": NO_SHADE} if output == "hillshade" else {}
