"""Variograms: how different values are, by how far apart they lie."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.distance import cdist

from honua_worker.feature_set import Numbers

MODELS = ("spherical", "exponential", "gaussian", "linear")
CUTOFF = 1 / 3
"""Pairs farther apart than this part of the diagonal of the box around all say little."""
ROWS = 512


@dataclass(frozen=True)
class Variogram:
    """
    Of the exponential and the gaussian model the range is where about 95 % of the partial sill are reached; the linear
    one reaches it there, and rises on.
    """

    model: str
    nugget: float
    partial_sill: float
    range: float

    def __call__(self, distances: Numbers) -> Numbers:
        """Semivariances at distances above 0."""
        ratio = distances / self.range
        if self.model == "spherical":
            near = np.minimum(ratio, 1.0)
            shape = 1.5 * near - 0.5 * near**3
        elif self.model == "exponential":
            shape = 1 - np.exp(-3 * ratio)
        elif self.model == "gaussian":
            shape = 1 - np.exp(-((7 / 4 * ratio) ** 2))
        else:
            shape = ratio
        return np.asarray(self.nugget + self.partial_sill * shape)

    def described(self) -> dict[str, object]:
        return {
            "model": self.model,
            "nugget": self.nugget,
            "partialSill": self.partial_sill,
            "range": self.range,
        }


def empirical(vectors: Numbers, values: Numbers, lags: int) -> tuple[Numbers, Numbers, Numbers]:
    """Of each of so many lags that has pairs: how many, their mean distance, and their semivariance (Matheron 1962)."""
    cutoff = float(np.linalg.norm(np.ptp(vectors, axis=0))) * CUTOFF
    sums = np.zeros((3, lags))
    for start in range(0, len(values), ROWS):
        apart = cdist(vectors[start : start + ROWS], vectors)
        squares = (values[start : start + ROWS, None] - values[None, :]) ** 2
        # Each pair once: the second after the first. Lags are open on the near side.
        later = np.arange(len(values))[None, :] > np.arange(start, min(start + ROWS, len(values)))[:, None]
        counted = later & (apart <= cutoff)
        bins = np.clip(np.ceil(apart[counted] / cutoff * lags).astype(int) - 1, 0, lags - 1)
        for at, weights in enumerate((None, apart[counted], squares[counted])):
            sums[at] += np.bincount(bins, weights=weights, minlength=lags)
    count, apart_sum, square_sum = sums[:, sums[0] > 0]
    return count, apart_sum / count, square_sum / (2 * count)


def fitted(model: str, vectors: Numbers, values: Numbers, lags: int = 15) -> Variogram | None:
    """
    By least squares over the lags, weighted by pairs per squared distance, as gstat does (Pebesma 2004). None where
    nothing can be fitted: all values are equal, or too few pairs lie near each other.
    """
    count, apart, semivariance = empirical(vectors, values, lags)
    sill = float(np.var(values))
    if len(count) < 3 or sill == 0:
        return None
    weights = np.sqrt(count) / apart / np.max(np.sqrt(count) / apart)

    def misfit(scaled: Numbers) -> Numbers:
        nugget, partial_sill, reach = scaled * [sill, sill, apart[-1]]
        return np.asarray(weights * (Variogram(model, nugget, partial_sill, reach)(apart) - semivariance) / sill)

    # All parameters are about 1 so; the range is kept off 0, where the model ends.
    best = least_squares(misfit, [0.2, 0.8, 0.5], bounds=([0, 0, 1e-3], [10, 10, 20]), xtol=1e-12, ftol=1e-12)
    nugget, partial_sill, reach = (float(one) for one in best.x * [sill, sill, apart[-1]])
    return Variogram(model, nugget, partial_sill, reach)
