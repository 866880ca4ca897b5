"""Slope, aspect and hillshade of a height model, by the eight neighbours of each cell (Horn 1981)."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window

from ..context import GEOTIFF, Context
from ..coordinates import Floats
from ..failures import InvalidInput
from ..inputs import Inputs
from ..rasters import float_profile, open_raster, read_floats, require_band, row_windows, write_floats

_OUTPUTS = ("slope", "aspect", "hillshade")


def run(inputs: Inputs, context: Context) -> None:
    """Outputs: `slope` in degrees, `aspect` in degrees from north (-1 where flat), `hillshade` 0 to 255; GeoTIFF each."""
    wanted = [name for name in _OUTPUTS if name in context.wanted]
    azimuth, altitude = inputs.number("azimuth", 315), inputs.number("altitude", 45)
    with open_raster("raster", inputs.file("raster")) as raster, ExitStack() as opened:
        band = require_band("band", raster, int(inputs.number("band", 1)))
        if raster.transform.b or raster.transform.d:
            raise InvalidInput("raster: is turned; its rows must run from west to east.")
        paths = {name: context.folder / f"{name}.tif" for name in wanted}
        targets = {
            name: opened.enter_context(rasterio.open(path, "w", **float_profile(raster))) for name, path in paths.items()
        }
        for window in row_windows(raster):
            heights = _with_border(raster, band, window) * inputs.number("zFactor", 1)
            east, north = _cell_sizes(raster, window)
            dx, dy = _gradient(heights, east, north)
            made = _surfaces(dx, dy, azimuth, altitude)
            for name, target in targets.items():
                write_floats(target, made[name], window)
            done = window.row_off + window.height
            context.progress(100 * done / raster.height, f"{done} of {raster.height} rows")
    for name, path in paths.items():
        context.give_file(name, path, GEOTIFF)


def _with_border(raster: Any, band: int, window: Any) -> Floats:
    """The cells of a window with one more on every side, NaN outside of the raster."""
    grown = Window(-1, window.row_off - 1, window.width + 2, window.height + 2)
    inside = grown.intersection(Window(0, 0, raster.width, raster.height))
    top, left = int(inside.row_off - grown.row_off), int(inside.col_off - grown.col_off)
    heights = np.full((int(grown.height), int(grown.width)), np.nan)
    read = read_floats(raster, band, inside)
    heights[top : top + read.shape[0], left : left + read.shape[1]] = read
    return heights


def _cell_sizes(raster: Any, window: Any) -> tuple[Any, Any]:
    """Width and height of cells in metres: of each row, where the raster is in degrees."""
    width, height = abs(raster.transform.a), abs(raster.transform.e)
    if raster.crs is None or not raster.crs.is_geographic:
        return width, height
    rows = window.row_off + np.arange(window.height) + 0.5
    latitude = np.radians(raster.transform.f + rows * raster.transform.e)
    a, e2 = 6_378_137.0, 0.00669437999014
    curve = 1 - e2 * np.sin(latitude) ** 2
    east = np.radians(width) * a * np.cos(latitude) / np.sqrt(curve)
    north = np.radians(height) * a * (1 - e2) / curve**1.5
    return east[:, None], north[:, None]


def _gradient(z: Floats, east: Any, north: Any) -> tuple[Floats, Floats]:
    """Rise to the east and to the north for each cell; NaN where a neighbour is missing."""
    nw, n, ne = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    w, middle, e = z[1:-1, :-2], z[1:-1, 1:-1], z[1:-1, 2:]
    sw, s, se = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    missing = np.where(np.isnan(middle), np.nan, 0.0)
    dx = ((ne + 2 * e + se) - (nw + 2 * w + sw)) / (8 * east) + missing
    dy = ((nw + 2 * n + ne) - (sw + 2 * s + se)) / (8 * north) + missing
    return dx, dy


def _surfaces(dx: Floats, dy: Floats, azimuth: float, altitude: float) -> dict[str, Floats]:
    rise = np.hypot(dx, dy)
    slope = np.arctan(rise)
    # Where the ground falls to, clockwise from north.
    aspect = np.mod(np.degrees(np.arctan2(-dx, -dy)), 360)
    zenith = math.radians(90 - altitude)
    turned = np.radians(azimuth) - np.radians(aspect)
    shade = np.cos(zenith) * np.cos(slope) + np.sin(zenith) * np.sin(slope) * np.cos(turned)
    return {
        "slope": np.degrees(slope),
        "aspect": np.where(rise == 0, -1.0, aspect),
        "hillshade": np.where(np.isnan(rise), np.nan, np.clip(255 * shade, 0, 255)),
    }
