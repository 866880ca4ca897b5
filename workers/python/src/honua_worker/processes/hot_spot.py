"""Hot and cold spots by the statistic Gi* (Getis and Ord 1992, Ord and Getis 1995) with PySAL."""

import numpy as np
from scipy.special import ndtr

from honua_worker.context import Context
from honua_worker.feature_set import Numbers
from honua_worker.inputs import Inputs
from honua_worker.neighbourhoods import read_values, weights_of

LEVELS = (0.1, 0.05, 0.01)
"""Two-sided p-values below which a score is in class 1, 2 and 3."""


def run(inputs: Inputs, context: Context) -> None:
    """Each feature with `gi_z`, `gi_p`, `gi_class` and, with permutations, `gi_p_permuted`; null without value."""
    from esda import G_Local

    features, known, values = read_values(inputs, context)
    permutations = inputs.integer("permutations", 0, least=0, most=99_999)
    seed = inputs.integer("seed", 1, least=0, most=2**32 - 1)
    context.progress(5, "Finding neighbours")
    weights = weights_of(inputs, context, features, "distance")
    context.progress(20, "Computing Gi*")
    found = G_Local(
        values,
        weights,
        transform="B",
        star=True,
        permutations=permutations,
        keep_simulations=False,
        seed=seed,
        n_jobs=1,
    )
    scores: Numbers = np.asarray(found.Zs, dtype=np.float64)
    p_values = 2 * ndtr(-np.abs(scores))
    columns = {"gi_z": scores, "gi_p": p_values, "gi_class": classes_of(scores, p_values)}
    if permutations > 0:
        columns["gi_p_permuted"] = np.asarray(found.p_sim, dtype=np.float64)
    every = inputs.features("features")
    rows = dict(zip(known.tolist(), np.column_stack(list(columns.values())).tolist(), strict=True))
    nothing = [np.nan] * len(columns)
    with context.features("result", every.crs) as result:
        for at, feature in enumerate(every.features):
            row = [value if np.isfinite(value) else None for value in rows.get(at, nothing)]
            properties = {**(feature.get("properties") or {}), **dict(zip(columns, row, strict=True))}
            result.write(properties, feature.get("geometry"), feature.get("id"))


def classes_of(scores: Numbers, p_values: Numbers) -> Numbers:
    """3, 2, 1 for hot at 99, 95, 90 percent, or 0; negative for cold."""
    reached = np.array([p_values < level for level in LEVELS]).sum(axis=0)
    return np.asarray(reached * np.sign(scores)) + 0.0  # no zero below zero
