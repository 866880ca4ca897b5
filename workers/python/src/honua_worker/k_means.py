"""Clusters around means, found by Lloyd's rounds (1982) from two starts, as tier 1 and the database find them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honua_worker.feature_set import Numbers

Members = NDArray[np.intp]

PLACES = 8
"""Beside the farthest place, so many are looked at for a seed."""
MOST_ROUNDS = 300
"""Real data settle long before."""


@dataclass(frozen=True)
class _Grouping:
    members: Members
    sum: float


def k_means(places: Numbers, count: int) -> Members:
    """
    The cluster of each place, from 0 on in order of first appearance: the better of two searches. One starts from
    places each as far as can be from those before (Gonzalez 1985), the other from places of which each leaves the least
    sum, of a few spread evenly by the squares of their distances (k-means++, Arthur and Vassilvitskii 2007, with even
    steps for chances). There are fewer clusters where there are fewer different places.

    All sums are in the order of the places, so that the three tiers round alike: change all or none.
    """
    if len(places) == 0:
        return np.zeros(0, dtype=np.intp)
    far, spread = (_settle(places, _seeds(places, count, looks)) for looks in (0, PLACES))
    return _renumbered(spread.members if spread.sum < far.sum else far.members)


def _seeds(places: Numbers, count: int, looks: int) -> Numbers:
    from_mean = _squares(places, _means(places, np.zeros(len(places), dtype=np.intp), 1)[0])
    seeds = [int(np.argmax(from_mean) if looks == 0 else np.argmin(from_mean))]
    near = _squares(places, places[seeds[0]])
    while len(seeds) < count:
        candidates = [int(np.argmax(near)), *_evenly(near, looks)]
        if near[candidates[0]] == 0:
            break
        left = [np.minimum(near, _squares(places, places[one])) for one in candidates]
        best = int(np.argmin([_total(squares) for squares in left]))
        seeds.append(candidates[best])
        near = left[best]
    return places[seeds]


def _evenly(weights: Numbers, steps: int) -> list[int]:
    """Indices at even steps of a running sum, each in the middle of its step."""
    running = np.cumsum(weights)
    middles = running[-1] * (np.arange(steps) + 0.5) / max(1, steps)
    found = np.searchsorted(running, middles, side="right")
    return [int(at) for at in found if at < len(weights)]


def _settle(places: Numbers, seeds: Numbers) -> _Grouping:
    centres = seeds
    members = _nearest(places, centres)
    for _ in range(MOST_ROUNDS):
        means, sizes = _means(places, members, len(centres)), np.bincount(members, minlength=len(centres))
        # A centre that has no members stays where it was.
        centres = np.where(sizes[:, None] > 0, means, centres)
        following = _nearest(places, centres)
        if np.array_equal(following, members):
            break
        members = following
    return _Grouping(members, _total(_squares(places, centres[members])))


def _means(places: Numbers, members: Members, count: int) -> Numbers:
    sizes = np.bincount(members, minlength=count)
    sums = [np.bincount(members, weights=axis, minlength=count) for axis in places.T]
    return np.column_stack(sums) / np.maximum(1, sizes)[:, None]


def _nearest(places: Numbers, centres: Numbers) -> Members:
    found = np.zeros(len(places), dtype=np.intp)
    least = np.full(len(places), np.inf)
    for at, centre in enumerate(centres):
        squares = _squares(places, centre)
        nearer = squares < least
        found[nearer] = at
        least[nearer] = squares[nearer]
    return found


def _squares(places: Numbers, to: Numbers) -> Numbers:
    apart = places - to
    total = apart[:, 0] * apart[:, 0]
    for axis in range(1, apart.shape[1]):
        total = total + apart[:, axis] * apart[:, axis]
    return np.asarray(total)


def _total(values: Numbers) -> float:
    """One after the other, where `sum` would add in pairs."""
    return float(np.cumsum(values)[-1])


def _renumbered(members: Members) -> Members:
    _, first_seen, which = np.unique(members, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first_seen))[which])
