"""Moran's I (1950), by PySAL esda: whether like values lie together."""

from __future__ import annotations

import numpy as np

from ..context import Context
from ..coordinates import number_of, place_of, read_samples
from ..failures import InvalidInput
from ..inputs import Inputs
from ..weights import weights_of


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: I with what it is expected to be, and how unlikely it is by both of its null hypotheses."""
    from esda.moran import Moran

    field = inputs.text("valueField")
    features = inputs.features("features")
    samples = read_samples(features, field)
    used = [f for f in features.features if place_of(f) is not None and number_of(f, field) is not None]
    if len(samples) < 4:
        raise InvalidInput("features: at least 4 features with a number are needed.")
    if np.ptp(samples.values) == 0:
        raise InvalidInput("valueField: all values are the same, so they have no correlation.")
    if samples.left_out:
        context.warn(f"{samples.left_out} features have no number in this attribute and were left out")
    weights = weights_of(inputs, samples, used)
    if weights.s0 == 0:
        raise InvalidInput("neighbourhood: no feature has a neighbour.")
    if weights.islands:
        context.warn(f"{len(weights.islands)} features have no neighbour")
    context.progress(30, "Computing")
    permutations = int(inputs.number("permutations", 999))
    np.random.seed(int(inputs.number("seed", 12345)))
    style = "r" if inputs.text("weights", "row-standardised") == "row-standardised" else "b"
    moran = Moran(samples.values, weights, transformation=style, permutations=permutations)
    result = {
        "I": float(moran.I),
        "expected": float(moran.EI),
        "features": len(samples),
        "neighbours": int(weights.nonzero),
        "normality": {"variance": float(moran.VI_norm), "z": float(moran.z_norm), "p": float(moran.p_norm)},
        "randomisation": {
            "variance": float(moran.VI_rand),
            "z": float(moran.z_rand),
            "p": float(moran.p_rand),
        },
    }
    if permutations:
        result["permutations"] = {"count": permutations, "p": float(moran.p_sim), "z": float(moran.z_sim)}
    context.give_value("result", result)
