"""Ordinary kriging (Matheron 1963) with PyKrige: values between points, and how sure they are."""

from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from honua_worker.context import Context
from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput, ProcessError
from honua_worker.feature_set import Numbers
from honua_worker.frame_cells import frame_cells
from honua_worker.inputs import Inputs
from honua_worker.samples import Samples, read_samples
from honua_worker.space import vectors_of
from honua_worker.surfaces import Predictor, require_writable, write_surface
from honua_worker.variogram import MODELS, Variogram, fitted

MOST_POINTS = 5_000
"""The matrix of all points among each other is held in memory several times."""
NUMBERS_AT_ONCE = 20_000_000
"""Of weights. PyKrige inverts the matrix anew for each part of the places, so that parts should be large."""


def run(inputs: Inputs, context: Context) -> None:
    samples = read_samples(inputs, context, inputs.name_of("features", "points"), least=3).merged(context)
    if len(samples) > MOST_POINTS:
        raise InvalidInput(samples.features.input_name, f"has more than {MOST_POINTS} points")
    cells = frame_cells(inputs, samples.features)
    require_writable(context, cells)
    context.progress(1, "Finding the variogram")
    variogram = _variogram(inputs, samples)
    context.value("variogram", {**variogram.described(), "points": len(samples)})
    neighbours = inputs.integer("neighbours", least=2, most=1000) if inputs.has("neighbours") else None
    predict = predictor(samples, variogram, neighbours)
    write_surface(context, cells, samples.features.crs, ("value", "variance"), predict)


def predictor(samples: Samples, variogram: Variogram, neighbours: int | None = None) -> Predictor:
    """Values and variances, from all samples or the nearest. On longitude and latitude ways are through the globe."""
    from pykrige.ok import OrdinaryKriging
    from pykrige.ok3d import OrdinaryKriging3D

    crs: Crs = samples.features.crs
    kind = OrdinaryKriging3D if samples.vectors.shape[1] == 3 else OrdinaryKriging
    # Near 0, so that no digits are lost.
    origin = samples.vectors.mean(axis=0)
    kriging = kind(
        *(samples.vectors - origin).T,
        samples.values,
        variogram_model="custom",
        variogram_parameters=[],
        variogram_function=lambda _, distances: variogram(distances),
    )
    nearest = None if neighbours is None or neighbours >= len(samples) else neighbours
    at_once = max(1, NUMBERS_AT_ONCE // (nearest or len(samples)))

    def predict(places: Numbers) -> list[Numbers]:
        vectors = vectors_of(crs, places) - origin
        parts = [_executed(kriging, vectors[at : at + at_once], nearest) for at in range(0, len(vectors), at_once)]
        values, variances = (np.concatenate(part) for part in zip(*parts, strict=True))
        return [values, np.maximum(variances, 0)]

    return predict


def _executed(kriging: Any, vectors: Numbers, nearest: int | None) -> tuple[Numbers, Numbers]:
    backend = "vectorized" if nearest is None else "loop"
    try:
        values, variances = kriging.execute("points", *vectors.T, backend=backend, n_closest_points=nearest)
    except LinAlgError as error:
        raise ProcessError("The points leave the weights open with this variogram: give it a larger nugget.") from error
    return np.ma.getdata(values), np.ma.getdata(variances)


def _variogram(inputs: Inputs, samples: Samples) -> Variogram:
    """As given, or fitted where nothing of it is."""
    model = inputs.text("model", "spherical", among=MODELS)
    parts = ("nugget", "partialSill", "range")
    missing = [name for name in parts if not inputs.has(name)]
    if not missing:
        reach = inputs.length("range", samples.features.crs, above=0)
        return Variogram(model, inputs.number("nugget", least=0), inputs.number("partialSill", above=0), reach)
    if len(missing) < len(parts):
        given = next(name for name in parts if name not in missing)
        raise InvalidInput(missing[0], f"is required where {given} is given")
    variogram = fitted(model, samples.vectors, samples.values, inputs.integer("lags", 15, least=3, most=100))
    if variogram is None:
        raise InvalidInput(
            samples.features.input_name, "no variogram can be fitted to its values: give nugget, partialSill and range"
        )
    return variogram
