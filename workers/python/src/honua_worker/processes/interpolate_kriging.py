"""Ordinary kriging (PyKrige): the best linear unbiased prediction, and how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..context import GEOTIFF, Context
from ..coordinates import Floats, at_different_places, read_samples, require_projected
from ..failures import InvalidInput
from ..grids import grid_of, write_surface
from ..inputs import Inputs

MOST_SAMPLES = 5_000
_PAIRS_AT_ONCE = 8_000_000
_PARAMETERS = ("nugget", "partialSill", "range")


def run(inputs: Inputs, context: Context) -> None:
    """Outputs: `surface`, a GeoTIFF of predictions and their variances; `variogram`, its model."""
    features = inputs.features("features")
    require_projected("features", features.crs, "a variogram has no one range")
    samples, merged = at_different_places(read_samples(features, inputs.text("valueField")))
    if merged:
        context.warn(f"{merged} points lie where another one does: their mean was taken")
    if samples.left_out:
        context.warn(f"{samples.left_out} features have no number in this attribute and were left out")
    if len(samples) < 3:
        raise InvalidInput("features: kriging needs at least 3 points with a number.")
    if len(samples) > MOST_SAMPLES:
        raise InvalidInput(f"features: has {len(samples)} points, and at most {MOST_SAMPLES} can be kriged.")
    values = samples.values
    if inputs.text("transform", "none") == "log":
        if (values <= 0).any():
            raise InvalidInput("transform: only positive values have a logarithm.")
        values = np.log(values)
    kriging = fit(inputs, samples.xy, values)
    grid = grid_of(inputs, samples)

    def compute(middles: Floats) -> list[Floats]:
        predicted, variance = kriging.execute("points", middles[:, 0], middles[:, 1], backend="vectorized")
        return [np.asarray(predicted), np.maximum(np.asarray(variance), 0)]

    at_once = max(1, _PAIRS_AT_ONCE // len(samples))
    path = write_surface(context, "surface", grid, samples.crs, 2, compute, at_once)
    context.give_file("surface", path, GEOTIFF)
    context.give_value("variogram", told(inputs.text("model", "spherical"), kriging, len(samples)))


def fit(inputs: Inputs, xy: Floats, values: Floats) -> Any:
    """A pykrige.OrdinaryKriging: with the variogram that is given whole, or one fitted to the samples."""
    from pykrige.ok import OrdinaryKriging

    given = [name for name in _PARAMETERS if inputs.has(name)]
    if given and len(given) < len(_PARAMETERS):
        missing = next(name for name in _PARAMETERS if name not in given)
        raise InvalidInput(f"{missing}: a variogram has all of nugget, partialSill and range, or none of them.")
    parameters = (
        {
            "nugget": inputs.number("nugget"),
            "psill": inputs.number("partialSill"),
            "range": inputs.number("range"),
        }
        if given
        else None
    )
    if np.ptp(values) == 0:
        raise InvalidInput("valueField: all values are the same, so there is nothing to krige.")
    return OrdinaryKriging(
        xy[:, 0],
        xy[:, 1],
        values,
        variogram_model=inputs.text("model", "spherical"),
        variogram_parameters=parameters,
        nlags=int(inputs.number("lags", 12)),
        enable_statistics=False,
    )


def told(model: str, kriging: Any, count: int) -> dict[str, float | str | int]:
    """As PyKrige has it: the partial sill, the range and the nugget."""
    sill, reach, nugget = (float(value) for value in kriging.variogram_model_parameters)
    return {"model": model, "partialSill": sill, "range": reach, "nugget": nugget, "points": count}
