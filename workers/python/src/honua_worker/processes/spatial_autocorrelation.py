"""Moran's I (Moran 1950, Cliff and Ord 1981) with PySAL: whether values near each other are alike."""

from typing import Any

import numpy as np

from honua_worker.context import Context
from honua_worker.inputs import Inputs
from honua_worker.neighbourhoods import read_values, weights_of

TRANSFORMATIONS = {"row-standardised": "r", "binary": "b"}


def run(inputs: Inputs, context: Context) -> None:
    """One value: the statistic, what is expected of it by chance, and how unlikely it is."""
    from esda import Moran

    features, _, values = read_values(inputs, context)
    permutations = inputs.integer("permutations", 999, least=0, most=99_999)
    transformation = TRANSFORMATIONS[inputs.text("weights", "row-standardised", among=tuple(TRANSFORMATIONS))]
    seed = inputs.integer("seed", 1, least=0, most=2**32 - 1)
    context.progress(5, "Finding neighbours")
    weights = weights_of(inputs, context, features, "queen")
    context.progress(30, "Computing Moran's I")
    # PySAL permutes by the generator of the process.
    np.random.seed(seed)
    found = Moran(values, weights, transformation=transformation, permutations=permutations, two_tailed=True)
    context.value("result", _described(found, weights, permutations))


def _described(found: Any, weights: Any, permutations: int) -> dict[str, object]:
    described: dict[str, object] = {
        "I": float(found.I),
        "expected": float(found.EI),
        "features": int(weights.n),
        "neighbours": int(weights.nonzero),
        "normality": _test(found.VI_norm, found.z_norm, found.p_norm),
        "randomisation": _test(found.VI_rand, found.z_rand, found.p_rand),
    }
    if permutations > 0:
        test = _test(found.VI_sim, found.z_sim, found.p_sim)
        described["permutations"] = {"count": permutations, "mean": float(found.EI_sim), **test}
    return described


def _test(variance: float, z: float, p: float) -> dict[str, float | None]:
    """P-values are two-sided, those of permutations one-sided: how many go as far to the same side."""
    numbers = {"variance": float(variance), "z": float(z), "p": float(p)}
    return {name: number if np.isfinite(number) else None for name, number in numbers.items()}
