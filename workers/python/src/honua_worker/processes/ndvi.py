"""The normalized difference vegetation index (Rouse et al. 1974): (NIR - red) / (NIR + red)."""

import numpy as np

from honua_worker.cell_summary import CellSummary, in_turn
from honua_worker.context import Context
from honua_worker.inputs import Inputs
from honua_worker.raster import Band


def run(inputs: Inputs, context: Context) -> None:
    """From two bands of `raster`, or from it and `nearInfraredRaster`, whose cells must lie on each other."""
    red = inputs.raster("raster")
    near_infrared = inputs.raster("nearInfraredRaster") if inputs.has("nearInfraredRaster") else red
    red_band = inputs.integer("redBand", 1)
    nir_band = inputs.integer("nearInfraredBand", 2 if near_infrared is red else 1)
    red.require_band(red_band, "redBand")
    near_infrared.require_band(nir_band, "nearInfraredBand")
    red.require_same_grid(near_infrared)
    summary = CellSummary()
    with context.raster("index", **red.grid, bands=("ndvi",)) as index:
        for window in in_turn(red, context):
            values = ndvi(near_infrared.read(nir_band, window), red.read(red_band, window))
            summary.add(values)
            index.write(values, window)
    context.value("statistics", summary.described())


def ndvi(near_infrared: Band, red: Band) -> Band:
    """NaN where either is, or where both are 0."""
    total = near_infrared + red
    return np.divide(near_infrared - red, total, out=np.full_like(total, np.nan), where=total != 0)
