"""An expression over the bands of rasters, cell by cell."""

from string import ascii_uppercase

from honua_worker.cell_summary import CellSummary, in_turn
from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.inputs import Inputs
from honua_worker.raster import Raster
from honua_worker.raster_expression import RasterExpression


def run(inputs: Inputs, context: Context) -> None:
    """With `band`, A, B, ... are this band of each raster; without it all bands, those of the first raster first."""
    rasters = inputs.rasters("rasters")
    first = rasters[0]
    for other in rasters[1:]:
        first.require_same_grid(other)
    named = _named(inputs, rasters)
    expression = RasterExpression(inputs.text("expression"), tuple(named), "expression")
    summary = CellSummary()
    with context.raster("result", **first.grid, bands=("result",)) as result:
        for window in in_turn(first, context):
            used = {name: named[name] for name in sorted(expression.used)}
            values = expression.of({name: raster.read(band, window) for name, (raster, band) in used.items()})
            summary.add(values)
            result.write(values, window)
    context.value("statistics", summary.described())


def _named(inputs: Inputs, rasters: list[Raster]) -> dict[str, tuple[Raster, int]]:
    if inputs.has("band"):
        band = inputs.integer("band")
        for raster in rasters:
            raster.require_band(band, "band")
        bands = [(raster, band) for raster in rasters]
    else:
        bands = [(raster, number) for raster in rasters for number in range(1, raster.bands + 1)]
    if len(bands) > len(ascii_uppercase):
        raise InvalidInput("rasters", f"has more than {len(ascii_uppercase)} bands")
    return dict(zip(ascii_uppercase, bands, strict=False))
