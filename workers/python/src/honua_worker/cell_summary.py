"""What is told of a raster that is computed window by window."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from honua_worker.context import Context
from honua_worker.raster import Band, Raster, count_windows


class CellSummary:
    """Count, least, greatest and mean of the cells that have a value."""

    def __init__(self) -> None:
        self._count = 0
        self._least, self._greatest = math.inf, -math.inf
        self._sums: list[float] = []

    def add(self, cells: Band) -> None:
        known = cells[~np.isnan(cells)]
        if len(known) == 0:
            return
        self._count += len(known)
        self._least = min(self._least, float(known.min()))
        self._greatest = max(self._greatest, float(known.max()))
        self._sums.append(float(known.sum()))

    def described(self) -> dict[str, float | int | None]:
        """None but for the count where there are no cells."""
        if self._count == 0:
            return {"count": 0, "min": None, "max": None, "mean": None}
        mean = math.fsum(self._sums) / self._count
        return {"count": self._count, "min": self._least, "max": self._greatest, "mean": mean}


def in_turn(raster: Raster, context: Context) -> Iterator[Any]:
    """The windows of a raster, each told of as progress."""
    total = count_windows(raster.width, raster.height)
    for done, window in enumerate(raster.windows()):
        context.progress(100 * done / total, f"Computing part {done + 1} of {total}")
        yield window
