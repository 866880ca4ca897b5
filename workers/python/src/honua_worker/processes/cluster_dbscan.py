"""Density clusters (Ester, Kriegel, Sander, Xu 1996) over the distances between shapes.

scikit-learn gives what is near two clusters to the one it comes to first; here it joins the nearer one, as in the tiers
within the server, so the cores are joined by SciPy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..context import Context
from ..coordinates import is_geographic
from ..failures import InvalidInput
from ..inputs import Features, Inputs
from ..numbering import numbered
from ..space import vectors_of

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: the features with `cluster`, null for what is in none."""
    features = inputs.features("features")
    shaped = [at for at, feature in enumerate(features.features) if feature.get("geometry")]
    clusters: list[int | None] = [None] * len(features.features)
    if shaped:
        pairs = near(features, shaped, inputs.number("distance"))
        context.progress(60, "Finding clusters")
        for at, label in zip(shaped, labels(pairs, len(shaped), int(inputs.number("minPoints", 5))), strict=True):
            clusters[at] = None if label < 0 else int(label)
    context.give_features("result", numbered(features.features, "cluster", clusters), features.crs)


def near(features: Features, shaped: list[int], distance: float) -> Pairs:
    """Every ordered pair of features within the distance, each with itself, and how far apart they are."""
    from shapely import STRtree
    from shapely import distance as between
    from shapely.geometry import shape

    shapes = [shape(features.features[at]["geometry"]) for at in shaped]
    if not is_geographic(features.crs):
        first, second = STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
        array = np.array(shapes, dtype=object)
        return first, second, between(array[first], array[second])
    if any(one.geom_type != "Point" for one in shapes):
        raise InvalidInput("features: on longitude and latitude only points can be clustered by this tier.")
    from pyproj import Geod
    from scipy.spatial import cKDTree

    xy = np.array([(one.x, one.y) for one in shapes])
    # No chord is longer than the way on the ground.
    found = cKDTree(vectors_of(xy, features.crs)).query_pairs(distance, output_type="ndarray")
    first, second = np.concatenate([found, found[:, ::-1]]).T if len(found) else np.empty((2, 0), dtype=int)
    _, _, apart = Geod(ellps="WGS84").inv(xy[first, 0], xy[first, 1], xy[second, 0], xy[second, 1])
    kept = np.asarray(apart) <= distance
    own = np.arange(len(shapes))
    return (
        np.concatenate([first[kept], own]),
        np.concatenate([second[kept], own]),
        np.concatenate([np.asarray(apart)[kept], np.zeros(len(shapes))]),
    )


def labels(pairs: Pairs, count: int, min_points: int) -> npt.NDArray[np.int64]:
    """(n,) cluster numbers in order of first appearance of the cores, -1 for none; what is near a core joins the nearest."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    first, second, apart = pairs
    core = np.bincount(first, minlength=count) >= min_points
    among = core[first] & core[second]
    links = csr_matrix((np.ones(int(among.sum())), (first[among], second[among])), shape=(count, count))
    _, component = connected_components(links, directed=False)
    made = np.full(count, -1, dtype=np.int64)
    _, at, index = np.unique(component[core], return_index=True, return_inverse=True)
    made[core] = np.argsort(np.argsort(at))[index.reshape(-1)]
    edge = ~core[first] & core[second]
    order = np.lexsort((second[edge], apart[edge], first[edge]))
    borders, where = np.unique(first[edge][order], return_index=True)
    made[borders] = made[second[edge][order][where]]
    return made
