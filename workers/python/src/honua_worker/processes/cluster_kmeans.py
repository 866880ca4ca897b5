"""Groups around means: Lloyd's rounds (scikit-learn) from the seeds that the tiers within the server start from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..context import Context
from ..coordinates import Floats, place_of
from ..inputs import Inputs
from ..numbering import numbered
from ..space import vectors_of

_PLACES = 8
_MOST_ROUNDS = 300


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: the features with `cluster_id`, null where there is no geometry."""
    features = inputs.features("features")
    count = int(inputs.number("k"))
    places = [place_of(feature) for feature in features.features]
    xy = np.array([place for place in places if place is not None], dtype=float).reshape(-1, 2)
    labels: Iterator[np.int64] = iter(groups(vectors_of(xy, features.crs), count) if len(xy) else [])
    ids = [None if place is None else int(next(labels)) for place in places]
    found = len({one for one in ids if one is not None})
    if 0 < found < count:
        context.warn(f"Only {found} clusters were found")
    context.give_features("result", numbered(features.features, "cluster_id", ids), features.crs)


def groups(places: Floats, count: int) -> npt.NDArray[np.int64]:
    """(n,) cluster numbers in order of first appearance: the better of two starts, neither left to chance."""
    from sklearn.cluster import KMeans

    best: tuple[float, npt.NDArray[np.int64]] | None = None
    for looks in (0, _PLACES):
        start = seeds(places, count, looks)
        fitted = KMeans(len(start), init=start, n_init=1, max_iter=_MOST_ROUNDS, tol=0).fit(places)
        if best is None or fitted.inertia_ < best[0]:
            best = (float(fitted.inertia_), fitted.labels_)
    assert best is not None
    _, first, inverse = np.unique(best[1], return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.asarray(rank[inverse], dtype=np.int64)


def seeds(places: Floats, count: int, looks: int) -> Floats:
    """Fewer than `count` where there are fewer different places (Gonzalez 1985; Arthur and Vassilvitskii 2007)."""
    from_mean = _squares(places, places.mean(axis=0))
    first = int(np.argmax(from_mean if looks == 0 else -from_mean))
    chosen = [first]
    near = _squares(places, places[first])
    while len(chosen) < count:
        candidates = [int(np.argmax(near)), *_evenly(near, looks)]
        if near[candidates[0]] == 0:
            break
        lefts = [np.minimum(near, _squares(places, places[one])) for one in candidates]
        best = int(np.argmin([left.sum() for left in lefts]))
        chosen.append(candidates[best])
        near = lefts[best]
    return places[chosen]


def _squares(places: Floats, to: Floats) -> Floats:
    return np.asarray(((places - to) ** 2).sum(axis=1))


def _evenly(weights: Floats, steps: int) -> list[int]:
    running = np.cumsum(weights)
    wanted = running[-1] * (np.arange(steps) + 0.5) / max(steps, 1)
    return [int(at) for at in np.searchsorted(running, wanted, side="right")]
