"""Clusters around means (k-means) of where features lie."""

import numpy as np

from honua_worker.context import Context
from honua_worker.inputs import Inputs
from honua_worker.k_means import k_means
from honua_worker.space import vectors_of


def run(inputs: Inputs, context: Context) -> None:
    """The same as the operation of tier 1: on longitude and latitude distances are straight through the globe."""
    features = inputs.features("features")
    count = inputs.integer("k", least=1, most=1000)
    places = features.places()[features.present]
    context.progress(10, "Finding clusters")
    members = k_means(vectors_of(features.crs, places), count)
    found = len(np.unique(members))
    if 0 < found < count:
        context.warn(f"Only {found} clusters were found")
    cluster_of = dict(zip(features.present.tolist(), members.tolist(), strict=True))
    with context.features("result", features.crs) as result:
        for at, feature in enumerate(features.features):
            properties = {**(feature.get("properties") or {}), "cluster_id": cluster_of.get(at)}
            result.write(properties, feature.get("geometry"), feature.get("id"))
