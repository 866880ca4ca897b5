"""Numbers from an attribute of features."""

import math
from typing import Any

import numpy as np

from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.inputs import Inputs


def attribute_numbers(
    inputs: Inputs, context: Context, features: FeatureSet, input_name: str = "valueField"
) -> Numbers:
    """One for each feature, NaN where it has none, which is said. Throws InvalidInput where none has the attribute."""
    attribute = inputs.text(input_name)
    numbers = numbers_of(features, attribute, input_name)
    without = int(np.count_nonzero(np.isnan(numbers)))
    if without > 0:
        context.warn(f"{without} of {len(features)} features have no number in {attribute} and were left out.")
    return numbers


def numbers_of(features: FeatureSet, attribute: str, input_name: str) -> Numbers:
    """The same, and says nothing."""
    properties = [feature.get("properties") or {} for feature in features.features]
    if properties and not any(attribute in one for one in properties):
        raise InvalidInput(input_name, f"no feature has the attribute {attribute}")
    return np.array([_number(one.get(attribute)) for one in properties], dtype=np.float64)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return math.nan
    return float(value)
