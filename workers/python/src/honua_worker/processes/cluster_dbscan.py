"""Density clusters (DBSCAN: Ester, Kriegel, Sander, Xu 1996)."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from honua_worker.context import Context
from honua_worker.inputs import Inputs
from honua_worker.metric_neighbours import Indices, Pairs, pairs_within

NONE = -1


def run(inputs: Inputs, context: Context) -> None:
    """The same as the operation of tier 1, but for lines and areas on longitude and latitude, which are refused."""
    features = inputs.features("features")
    distance = inputs.length("distance", features.crs)
    least = inputs.integer("minPoints", 5, least=1)
    context.progress(5, "Finding neighbours")
    pairs = pairs_within(features, distance)
    context.progress(60, "Finding clusters")
    clusters = clusters_of(pairs, len(features), least)
    with context.features("result", features.crs) as result:
        for feature, cluster in zip(features.features, clusters.tolist(), strict=True):
            properties = {**(feature.get("properties") or {}), "cluster": None if cluster == NONE else cluster}
            result.write(properties, feature.get("geometry"), feature.get("id"))


def clusters_of(pairs: Pairs, count: int, least: int) -> Indices:
    """
    The cluster of each, from 0 on in the order of their first cores. What is no core is in the cluster of its nearest
    core, of cores equally near the first; so the answer does not depend on the order of looking.
    """
    is_core = np.bincount(pairs.first, minlength=count) >= least
    between = is_core[pairs.first] & is_core[pairs.second]
    graph = coo_array((np.ones(between.sum()), (pairs.first[between], pairs.second[between])), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    clusters = np.full(count, NONE)
    cores = np.flatnonzero(is_core)
    _, first_seen, which = np.unique(component[cores], return_index=True, return_inverse=True)
    clusters[cores] = np.argsort(np.argsort(first_seen))[which]
    to_core = ~is_core[pairs.first] & is_core[pairs.second]
    first, second, apart = pairs.first[to_core], pairs.second[to_core], pairs.distances[to_core]
    order = np.lexsort((second, apart, first))
    borders, nearest = np.unique(first[order], return_index=True)
    clusters[borders] = clusters[second[order][nearest]]
    return clusters
