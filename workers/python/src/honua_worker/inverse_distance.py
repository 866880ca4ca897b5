"""Values between samples: means weighted by a power of the inverse distance (Shepard 1968)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from honua_worker.feature_set import Numbers

NUMBERS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class InverseDistance:
    """
    `vectors` n by 2 or 3, `values` n. Only the nearest `neighbours` count, of several as far away the first, and only
    what is at most `radius` away. Where samples lie, it is their value, or the mean of theirs.
    """

    vectors: Numbers
    values: Numbers
    power: float
    neighbours: int | None = None
    radius: float = np.inf

    def at(self, places: Numbers) -> Numbers:
        """One for each of the vectors; NaN where no sample counts."""
        columns = len(self.values) if self._all else self.neighbours or 1
        step = max(1, NUMBERS_AT_ONCE // columns)
        parts = [self._means(places[start : start + step]) for start in range(0, len(places), step)]
        return np.concatenate(parts)

    @property
    def _all(self) -> bool:
        return self.neighbours is None or self.neighbours >= len(self.values)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.vectors)

    def _means(self, places: Numbers) -> Numbers:
        if self._all:
            squares, values = _squares(places[:, None], self.vectors[None]), self.values[None]
        else:
            chosen = self._nearest(places)
            squares, values = _squares(places[:, None], self.vectors[chosen]), self.values[chosen]
        # The nearest has a weight of 1, so that no power of a distance is too large or too small for a number.
        least = squares.min(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.where(least == 0, squares == 0, least / squares)
            weights = np.where(squares > self.radius * self.radius, 0, ratio ** (self.power / 2))
            return np.asarray((weights * values).sum(axis=1) / weights.sum(axis=1))

    def _nearest(self, places: Numbers) -> NDArray[np.intp]:
        assert self.neighbours is not None
        count = self.neighbours
        _, found = self._tree.query(places, k=count + 1)
        squares = _squares(places[:, None], self.vectors[found])
        ranked = np.take_along_axis(squares, np.lexsort((found, squares), axis=1), axis=1)
        chosen = np.take_along_axis(found, np.lexsort((found, squares), axis=1), axis=1)[:, :count]
        # The tree does not say which of several it left out that are as far away as the last.
        for row in np.flatnonzero(ranked[:, count] <= ranked[:, count - 1] * (1 + 1e-12)):
            chosen[row] = np.argsort(_squares(places[row], self.vectors), kind="stable")[:count]
        return np.asarray(chosen)


def _squares(a: Numbers, b: Numbers) -> Numbers:
    total = (a[..., 0] - b[..., 0]) ** 2
    for axis in range(1, a.shape[-1]):
        total = total + (a[..., axis] - b[..., axis]) ** 2
    return np.asarray(total)
