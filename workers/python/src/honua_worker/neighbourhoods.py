"""Who is whose neighbour, for the statistics of PySAL."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from honua_worker.attribute_numbers import attribute_numbers
from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.inputs import Inputs
from honua_worker.metric_neighbours import Indices, place_pairs_within
from honua_worker.space import vectors_of

if TYPE_CHECKING:
    from libpysal.weights import W

KINDS = ("distance", "nearest", "queen", "rook")
FEWEST = 3


def read_values(inputs: Inputs, context: Context) -> tuple[FeatureSet, Indices, Numbers]:
    """
    The features that lie somewhere and have a number in the attribute of `valueField`, where they are among all, and
    these numbers. Throws InvalidInput where they are too few, or do not differ.
    """
    features = inputs.features("features")
    values = attribute_numbers(inputs, context, features)
    present = features.present
    known = present[~np.isnan(values[present])]
    if len(known) < FEWEST:
        raise InvalidInput("features", f"at least {FEWEST} features must have a number")
    if np.ptp(values[known]) == 0:
        raise InvalidInput("valueField", "all values are the same")
    return features.only(known), known, values[known]


def weights_of(inputs: Inputs, context: Context, features: FeatureSet, default: str) -> "W":
    """By the inputs `neighbourhood`, `neighbours` and `distance`; 1 for each neighbour, and nobody is his own."""
    from libpysal.weights import W

    kind = inputs.text("neighbourhood", default, among=KINDS)
    if kind in ("queen", "rook"):
        neighbours = _contiguous(features, kind)
    elif kind == "nearest":
        neighbours = _nearest(features, inputs.integer("neighbours", 8, least=1, most=1000))
    else:
        neighbours = _within(inputs, context, features)
    weights = W(neighbours, silence_warnings=True)
    if weights.islands:
        context.warn(f"{len(weights.islands)} of {len(features)} features have no neighbours.")
    if len(weights.islands) == len(features):
        raise InvalidInput("neighbourhood", "no feature has a neighbour")
    return weights


def _contiguous(features: FeatureSet, kind: str) -> dict[int, list[int]]:
    from libpysal.weights import Queen, Rook

    features.require("polygon")
    kinds = {"queen": Queen, "rook": Rook}
    found = kinds[kind].from_iterable(list(features.shapes), silence_warnings=True).neighbors
    return {int(one): sorted(int(other) for other in others) for one, others in found.items()}


def _nearest(features: FeatureSet, count: int) -> dict[int, list[int]]:
    if count >= len(features):
        raise InvalidInput("neighbours", f"must be less than the {len(features)} features that count")
    found = _ranked(features, count + 1)
    return {one: [int(other) for other in others if other != one][:count] for one, others in enumerate(found)}


def _ranked(features: FeatureSet, count: int) -> Indices:
    vectors = vectors_of(features.crs, features.places())
    return np.asarray(cKDTree(vectors).query(vectors, k=count)[1])


def _within(inputs: Inputs, context: Context, features: FeatureSet) -> dict[int, list[int]]:
    places = features.places()
    if inputs.has("distance"):
        distance = inputs.length("distance", features.crs, above=0)
    else:
        distance = _least_distance(features, places)
        context.info(f"Features are neighbours within {distance:.6g}, the least distance at which each has one.")
    first, second, _ = place_pairs_within(features.crs, places, distance)
    order = np.lexsort((second, first))
    others = np.split(second[order], np.cumsum(np.bincount(first, minlength=len(places)))[:-1])
    return {one: [int(other) for other in near if other != one] for one, near in enumerate(others)}


def _least_distance(features: FeatureSet, places: Numbers) -> float:
    nearest = np.array([next(other for other in row if other != one) for one, row in enumerate(_ranked(features, 2))])
    if features.crs.geographic:
        apart = features.crs.geod.inv(*places.T, *places[nearest].T)[2]
    else:
        apart = np.linalg.norm(places - places[nearest], axis=1)
    # So that rounding leaves none of them out.
    return float(np.max(apart)) * (1 + 1e-12)
