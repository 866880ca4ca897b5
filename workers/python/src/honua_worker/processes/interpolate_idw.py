"""Squares over an extent with the values that points around them let expect, by inverse distances."""

import numpy as np

from honua_worker.context import Context
from honua_worker.frame_cells import frame_cells
from honua_worker.inputs import Inputs
from honua_worker.inverse_distance import InverseDistance
from honua_worker.samples import read_samples
from honua_worker.space import vectors_of

PART = 20_000


def run(inputs: Inputs, context: Context) -> None:
    """The same as the operation of tier 1: on longitude and latitude distances are straight through the globe."""
    samples = read_samples(inputs, context, "features")
    crs = samples.features.crs
    cells = frame_cells(inputs, samples.features)
    cells.require_at_most(context.limits.max_output_features)
    interpolation = InverseDistance(
        samples.vectors,
        samples.values,
        inputs.number("power", 2, above=0, most=100),
        inputs.integer("neighbours", least=1, most=1000) if inputs.has("neighbours") else None,
        inputs.length("searchRadius", crs, above=0) if inputs.has("searchRadius") else np.inf,
    )
    as_points = inputs.text("cellsAs", "polygons", among=("polygons", "points")) == "points"
    with context.features("result", crs) as result:
        for start in range(0, cells.count, PART):
            context.progress(100 * start / cells.count, f"Interpolating cell {start + 1} of {cells.count}")
            middles = cells.middles(start, start + PART)
            values = interpolation.at(vectors_of(crs, middles))
            for at, (value, middle) in enumerate(zip(values.tolist(), middles.tolist(), strict=True), start):
                i, j = cells.cell(at)
                geometry = {"type": "Point", "coordinates": middle} if as_points else cells.square(at)
                result.write({"i": i, "j": j, "interpolated_value": None if np.isnan(value) else value}, geometry)
