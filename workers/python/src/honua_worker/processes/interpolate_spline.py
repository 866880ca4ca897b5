"""Splines of radial functions (Duchon 1977 for the thin plate) with SciPy: smooth surfaces through points."""

import numpy as np
from numpy.linalg import LinAlgError

from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import Numbers
from honua_worker.frame_cells import frame_cells
from honua_worker.inputs import Inputs
from honua_worker.samples import read_samples
from honua_worker.surfaces import require_writable, write_surface

KERNELS = {"thin-plate": "thin_plate_spline", "cubic": "cubic", "quintic": "quintic", "linear": "linear"}
LEAST_POINTS = {"thin-plate": 3, "cubic": 3, "quintic": 6, "linear": 1}
"""As many as the polynomial that belongs to the kernel has terms on the plane."""

MOST_POINTS = 5_000
NEIGHBOURS_OF_MANY = 64
"""Without a number of neighbours, the matrix of all points among each other is held in memory."""

ON_A_LINE = "lie on one line, or all neighbours somewhere do: no surface is determined by them"


def run(inputs: Inputs, context: Context) -> None:
    from scipy.interpolate import RBFInterpolator

    kernel = inputs.text("kernel", "thin-plate", among=tuple(KERNELS))
    least = LEAST_POINTS[kernel]
    samples = read_samples(inputs, context, inputs.name_of("features", "points"), least).merged(context)
    input_name = samples.features.input_name
    crs = samples.features.crs
    if crs.geographic:
        raise InvalidInput(input_name, "is on longitude and latitude, where no spline of the plane has true distances")
    neighbours = inputs.integer("neighbours", least=least, most=MOST_POINTS) if inputs.has("neighbours") else None
    if neighbours is None and len(samples) > MOST_POINTS:
        neighbours = NEIGHBOURS_OF_MANY
        context.info(f"Each cell is computed from the {neighbours} nearest points: there are too many for all.")
    cells = frame_cells(inputs, samples.features)
    require_writable(context, cells)
    # Near 0, so that no digits are lost.
    origin = samples.vectors.mean(axis=0)
    if least > 1 and np.linalg.matrix_rank(samples.vectors - origin) < 2:
        raise InvalidInput(input_name, ON_A_LINE)
    try:
        spline = RBFInterpolator(
            samples.vectors - origin,
            samples.values,
            neighbors=None if neighbours is None else min(neighbours, len(samples)),
            smoothing=inputs.number("smoothing", 0, least=0),
            kernel=KERNELS[kernel],  # type: ignore[call-overload]
        )

        def predict(places: Numbers) -> list[Numbers]:
            return [np.asarray(spline(places - origin))]

        write_surface(context, cells, crs, ("value",), predict)
    except (LinAlgError, ValueError) as error:
        raise InvalidInput(input_name, ON_A_LINE) from error
