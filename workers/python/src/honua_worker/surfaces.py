"""Interpolated surfaces as results: a raster, cells as features, or both."""

from collections.abc import Callable

import numpy as np

from honua_worker.context import Context
from honua_worker.crs import Crs
from honua_worker.feature_set import Numbers
from honua_worker.frame_cells import FrameCells

Predictor = Callable[[Numbers], list[Numbers]]
"""From n places to n numbers for each band, NaN where there is none."""

PART = 10_000


def write_surface(context: Context, cells: FrameCells, crs: Crs, bands: tuple[str, ...], predict: Predictor) -> None:
    """The outputs `surface`, a GeoTIFF with these bands, and `cells`, squares with these attributes, if wanted."""
    wanted = [output for output in ("surface", "cells") if context.wants(output)]
    for turn, output in enumerate(wanted):

        def progress(done: int, turn: int = turn) -> None:
            share = (turn + done / cells.count) / len(wanted)
            context.progress(5 + 95 * share, f"Interpolating cell {done} of {cells.count}")

        (_write_raster if output == "surface" else _write_cells)(context, cells, crs, bands, predict, progress)


def require_writable(context: Context, cells: FrameCells) -> None:
    """Throws InvalidInput where cells are wanted as features, and are more than there may be."""
    if context.wants("cells"):
        cells.require_at_most(context.limits.max_output_features)


def _write_raster(
    context: Context,
    cells: FrameCells,
    crs: Crs,
    bands: tuple[str, ...],
    predict: Predictor,
    progress: Callable[[int], None],
) -> None:
    grid = {"width": cells.columns, "height": cells.rows, "transform": cells.transform, "crs": crs.definition}
    done = 0
    with context.raster("surface", **grid, bands=bands) as surface:
        for window in cells.windows():
            values = [np.empty(window.width * window.height) for _ in bands]
            middles = cells.middles_in(window)
            for start in range(0, len(middles), PART):
                for band, numbers in zip(values, predict(middles[start : start + PART]), strict=True):
                    band[start : start + PART] = numbers
                progress(done + start)
            for number, band in enumerate(values, start=1):
                surface.write(band.reshape(window.height, window.width), window, band=number)
            done += len(middles)


def _write_cells(
    context: Context,
    cells: FrameCells,
    crs: Crs,
    bands: tuple[str, ...],
    predict: Predictor,
    progress: Callable[[int], None],
) -> None:
    with context.features("cells", crs) as writer:
        for start in range(0, cells.count, PART):
            progress(start)
            values = np.column_stack(predict(cells.middles(start, start + PART)))
            for at, row in enumerate(values.tolist(), start):
                i, j = cells.cell(at)
                numbers = (None if np.isnan(value) else value for value in row)
                writer.write({"i": i, "j": j, **dict(zip(bands, numbers, strict=True))}, cells.square(at))
