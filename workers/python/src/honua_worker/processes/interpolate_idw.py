"""Inverse distances (Shepard 1968), with the same cells and values as the tiers within the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..context import Context
from ..coordinates import Floats, read_samples
from ..failures import InvalidInput, TooLarge
from ..grids import grid_of
from ..inputs import Inputs
from ..space import straight, vectors_of

_PAIRS_AT_ONCE = 4_000_000


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: cells from the south-west on, column by column, with i, j and interpolated_value."""
    samples = read_samples(inputs.features("features"), inputs.text("valueField"))
    if len(samples) == 0:
        raise InvalidInput("features: no point has a number to interpolate.")
    if samples.left_out:
        context.warn(f"{samples.left_out} features have no number in this attribute and were left out")
    grid = grid_of(inputs, samples)
    if grid.rows * grid.columns > context.limits.features:
        raise TooLarge(f"The grid would have more than {context.limits.features} cells.")
    south = float(inputs.get("extent", [0, float(samples.xy[:, 1].min())])[1])
    places = vectors_of(samples.xy, samples.crs)
    radius = straight(inputs.number("searchRadius"), samples.crs) if inputs.has("searchRadius") else np.inf
    weigh = Weigher(places, samples.values, inputs.number("power", 2), inputs.get("neighbours"), radius)
    as_points = inputs.text("cellsAs", "polygons") == "points"

    def cells() -> Iterator[dict[str, Any]]:
        for i in range(grid.columns):
            x = grid.west + i * grid.size
            ys = south + np.arange(grid.rows) * grid.size
            half = grid.size / 2
            middles = np.column_stack([np.full(grid.rows, x + half), ys + half])
            values = weigh.at(vectors_of(middles, samples.crs))
            for j, y in enumerate(ys):
                geometry = _point(middles[j]) if as_points else _square(x, float(y), grid.size)
                value = None if np.isnan(values[j]) else float(values[j])
                yield {
                    "type": "Feature",
                    "properties": {"i": i, "j": j, "interpolated_value": value},
                    "geometry": geometry,
                }
            context.progress(100 * (i + 1) / grid.columns, f"{i + 1} of {grid.columns} columns")

    context.give_features("result", cells(), samples.crs)


class Weigher:
    """Means of values weighted by a power of the inverse distance."""

    def __init__(self, places: Floats, values: Floats, power: float, neighbours: int | None, radius: float) -> None:
        self._places = places
        self._values = values
        self._power = power / 2
        self._neighbours = neighbours if neighbours and neighbours < len(values) else None
        self._radius = radius

    def at(self, middles: Floats) -> Floats:
        """(n,) values, NaN where no sample counts."""
        step = max(1, _PAIRS_AT_ONCE // len(self._values))
        parts = [self._some(middles[at : at + step]) for at in range(0, len(middles), step)]
        return np.concatenate(parts)

    def _some(self, middles: Floats) -> Floats:
        squares = ((middles[:, None, :] - self._places[None, :, :]) ** 2).sum(axis=2)
        counts = squares <= self._radius**2
        if self._neighbours is not None:
            order = np.argsort(np.where(counts, squares, np.inf), axis=1, kind="stable")
            nearest = np.zeros_like(counts)
            np.put_along_axis(nearest, order[:, : self._neighbours], True, axis=1)
            counts &= nearest
        least = np.where(counts, squares, np.inf).min(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(least == 0, squares == 0, least / squares)
            weights = np.where(counts, ratios**self._power, 0.0)
            sums = (weights * self._values).sum(axis=1) / weights.sum(axis=1)
        return np.where(counts.any(axis=1), sums, np.nan)


def _point(middle: Floats) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [float(middle[0]), float(middle[1])]}


def _square(x: float, y: float, size: float) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}
