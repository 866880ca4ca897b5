"""Normalised difference vegetation index (Rouse et al. 1974): (near infrared - red) / (near infrared + red)."""

from __future__ import annotations

import numpy as np
import rasterio

from ..context import GEOTIFF, Context
from ..inputs import Inputs
from ..rasters import (
    Summary,
    float_profile,
    open_raster,
    read_floats,
    require_band,
    require_same_grid,
    row_windows,
    write_floats,
)


def run(inputs: Inputs, context: Context) -> None:
    """Outputs: `index`, a GeoTIFF from -1 to 1 with no data where both bands are 0; `statistics` of its cells."""
    two = inputs.has("nearInfraredRaster")
    red_name, near_name = "raster", "nearInfraredRaster" if two else "raster"
    with (
        open_raster(red_name, inputs.file(red_name)) as red_raster,
        open_raster(near_name, inputs.file(near_name)) as near_raster,
    ):
        require_same_grid(near_name, near_raster, red_raster)
        red = require_band("redBand", red_raster, int(inputs.number("redBand", 1)))
        near = require_band("nearInfraredBand", near_raster, int(inputs.number("nearInfraredBand", 1 if two else 2)))
        summary = Summary()
        path = context.folder / "index.tif"
        with rasterio.open(path, "w", **float_profile(red_raster)) as target:
            for window in row_windows(red_raster):
                a, b = read_floats(near_raster, near, window), read_floats(red_raster, red, window)
                with np.errstate(divide="ignore", invalid="ignore"):
                    values = (a - b) / (a + b)
                summary.add(values)
                write_floats(target, values, window)
                done = window.row_off + window.height
                context.progress(100 * done / red_raster.height, f"{done} of {red_raster.height} rows")
    context.give_file("index", path, GEOTIFF)
    context.give_value("statistics", summary.told())
