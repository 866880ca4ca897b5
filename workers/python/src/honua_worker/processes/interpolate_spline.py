"""Splines by radial basis functions (SciPy)."""

from __future__ import annotations

import numpy as np

from ..context import GEOTIFF, Context
from ..coordinates import Floats, at_different_places, read_samples, require_projected
from ..failures import InvalidInput
from ..grids import grid_of, write_surface
from ..inputs import Inputs

MOST_SAMPLES_AT_ONCE = 5_000
_KERNELS = {"thin-plate": "thin_plate_spline", "cubic": "cubic", "quintic": "quintic", "linear": "linear"}


def run(inputs: Inputs, context: Context) -> None:
    """Output `surface`: a GeoTIFF of the spline through the points, or near them with `smoothing`."""
    from scipy.interpolate import RBFInterpolator

    features = inputs.features("features")
    require_projected("features", features.crs, "a spline would be stretched")
    samples, merged = at_different_places(read_samples(features, inputs.text("valueField")))
    if merged:
        context.warn(f"{merged} points lie where another one does: their mean was taken")
    if samples.left_out:
        context.warn(f"{samples.left_out} features have no number in this attribute and were left out")
    neighbours = inputs.get("neighbours")
    if neighbours is None and len(samples) > MOST_SAMPLES_AT_ONCE:
        neighbours = 64
        context.inform("There are many points: each cell is computed from the nearest 64")
    try:
        spline = RBFInterpolator(
            samples.xy,
            samples.values,
            kernel=_KERNELS[inputs.text("kernel", "thin-plate")],
            smoothing=inputs.number("smoothing", 0),
            neighbors=None if neighbours is None else min(int(neighbours), len(samples)),
        )
    except (ValueError, np.linalg.LinAlgError) as error:
        raise InvalidInput("features: a spline needs more points with a number, not all in a line.") from error
    grid = grid_of(inputs, samples)

    def compute(middles: Floats) -> list[Floats]:
        return [np.asarray(spline(middles))]

    context.give_file("surface", write_surface(context, "surface", grid, samples.crs, 1, compute), GEOTIFF)
