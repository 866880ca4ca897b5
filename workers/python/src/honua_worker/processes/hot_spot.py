"""Hot and cold spots: the local statistic Gi* of Getis and Ord (1995), by PySAL esda."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..context import Context
from ..coordinates import number_of, place_of, read_samples
from ..failures import InvalidInput
from ..inputs import Inputs
from ..numbering import with_attributes
from ..weights import weights_of

# Two-sided: 90, 95 and 99 percent.
_BOUNDS = ((0.01, 3), (0.05, 2), (0.10, 1))


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: the features with gi_z, gi_p (two-sided, normal) and gi_class (-3 to 3), null without a value."""
    from esda.getisord import G_Local

    field = inputs.text("valueField")
    features = inputs.features("features")
    samples = read_samples(features, field)
    used = [f for f in features.features if place_of(f) is not None and number_of(f, field) is not None]
    if len(samples) < 3:
        raise InvalidInput("features: at least 3 features with a number are needed.")
    if np.ptp(samples.values) == 0:
        raise InvalidInput("valueField: all values are the same, so no place is hotter than another.")
    if samples.left_out:
        context.warn(f"{samples.left_out} features have no number in this attribute and were left out")
    weights = weights_of(inputs, samples, used)
    if weights.islands:
        context.warn(f"{len(weights.islands)} features have no neighbour")
    context.progress(40, "Computing")
    local = G_Local(samples.values, weights, transform="B", permutations=0, star=True)
    scores = iter(np.asarray(local.Zs, dtype=float))

    def scored() -> Iterator[dict[str, Any]]:
        for feature in features.features:
            known = place_of(feature) is not None and number_of(feature, field) is not None
            z = float(next(scores)) if known else math.nan
            yield with_attributes(feature, _told(z))

    context.give_features("result", scored(), features.crs)


def _told(z: float) -> dict[str, float | int | None]:
    if not math.isfinite(z):
        return {"gi_z": None, "gi_p": None, "gi_class": None}
    p = math.erfc(abs(z) / math.sqrt(2))
    level = next((level for bound, level in _BOUNDS if p <= bound), 0)
    return {"gi_z": z, "gi_p": p, "gi_class": int(math.copysign(level, z)) if level else 0}
