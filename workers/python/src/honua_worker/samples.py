"""Points with numbers, from which surfaces are interpolated."""

from dataclasses import dataclass

import numpy as np

from honua_worker.attribute_numbers import attribute_numbers
from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.inputs import Inputs
from honua_worker.space import vectors_of


@dataclass(frozen=True)
class Samples:
    """`vectors` as of `vectors_of`, n by 2 or 3; `values` n."""

    features: FeatureSet
    vectors: Numbers
    values: Numbers

    def __len__(self) -> int:
        return len(self.values)

    def merged(self, context: Context) -> "Samples":
        """Each place once, with the mean of the values there: surfaces that meet every sample can have only one."""
        places, which, counts = np.unique(self.vectors, axis=0, return_inverse=True, return_counts=True)
        if len(places) == len(self):
            return self
        context.warn(f"Of {len(self)} points {len(self) - len(places)} lie where others do: means count there.")
        means = np.bincount(which.ravel(), weights=self.values) / counts
        return Samples(self.features, places, means)


def read_samples(inputs: Inputs, context: Context, input_name: str, least: int = 1) -> Samples:
    """
    By the inputs `valueField` and `transform`. Throws InvalidInput where fewer than `least` points have a number in the
    attribute.
    """
    features = inputs.features(input_name)
    features.require("point")
    values = attribute_numbers(inputs, context, features)
    places = features.places()
    if inputs.text("transform", "none", among=("none", "log")) == "log":
        if np.any(values <= 0):
            raise InvalidInput("transform", "there are values of 0 or below, which have no logarithm")
        values = np.log(values)
    known = ~np.isnan(values) & ~np.isnan(places[:, 0]) if len(features) else np.zeros(0, dtype=bool)
    if not np.any(known):
        raise InvalidInput(input_name, "no point has a number to interpolate")
    if np.count_nonzero(known) < least:
        raise InvalidInput(input_name, f"at least {least} points must have a number")
    return Samples(features, vectors_of(features.crs, places[known]), values[known])
