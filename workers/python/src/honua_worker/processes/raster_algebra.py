"""Arithmetic with rasters, cell by cell: an expression over A, B, C, ... of which nothing but numbers can come."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
import rasterio

from ..context import GEOTIFF, Context
from ..failures import InvalidInput
from ..inputs import Inputs
from ..rasters import (
    Summary,
    float_profile,
    open_raster,
    read_floats,
    require_band,
    require_same_grid,
    row_windows,
    write_floats,
)

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, np.abs),
    "sqrt": (1, np.sqrt),
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tan": (1, np.tan),
    "round": (1, np.round),
    "floor": (1, np.floor),
    "ceil": (1, np.ceil),
    "min": (2, np.fmin),
    "max": (2, np.fmax),
    "where": (3, np.where),
}
_DEEPEST = 50
Values = dict[str, Any]


def run(inputs: Inputs, context: Context) -> None:
    """Outputs: `result`, a GeoTIFF of float32; `statistics` of its cells. A comparison gives 1 or 0."""
    compute = compiled(inputs.text("expression"))
    with ExitStack() as opened:
        rasters = [opened.enter_context(open_raster("rasters", path)) for path in inputs.files("rasters")]
        band = int(inputs.number("band", 1))
        for raster in rasters:
            require_band("band", raster, band)
            require_same_grid("rasters", raster, rasters[0])
        names = [chr(ord("A") + at) for at in range(len(rasters))]
        compute(dict.fromkeys(names, np.ones(1)))  # refuses before anything is read
        summary = Summary()
        path = context.folder / "result.tif"
        with rasterio.open(path, "w", **float_profile(rasters[0])) as target:
            for window in row_windows(rasters[0]):
                cells = {name: read_floats(raster, band, window) for name, raster in zip(names, rasters, strict=True)}
                missing = np.any([np.isnan(values) for values in cells.values()], axis=0)
                with np.errstate(all="ignore"):
                    values = np.broadcast_to(np.asarray(compute(cells), dtype=np.float64), missing.shape)
                values = np.where(missing, np.nan, values)
                summary.add(values)
                write_floats(target, values, window)
                done = window.row_off + window.height
                context.progress(100 * done / rasters[0].height, f"{done} of {rasters[0].height} rows")
    context.give_file("result", path, GEOTIFF)
    context.give_value("statistics", summary.told())


def compiled(expression: str) -> Callable[[Values], Any]:
    """A function of the rasters by name. Raises InvalidInput for anything but arithmetic."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidInput("expression: is no arithmetic expression.") from error
    return lambda values: _value(tree.body, values, 0)


def _value(node: ast.expr, values: Values, depth: int) -> Any:
    if depth > _DEEPEST:
        raise InvalidInput("expression: is too deep.")

    def of(part: ast.expr) -> Any:
        return _value(part, values, depth + 1)

    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            if name in values:
                return values[name]
            raise InvalidInput(f"expression: '{name}' is none of the rasters {', '.join(values)}.")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -of(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return of(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](of(left), of(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return np.where(_COMPARISONS[type(op)](of(left), of(right)), 1.0, 0.0)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in _FUNCTIONS:
            count, function = _FUNCTIONS[name]
            if len(parts) == count:
                return function(*(of(part) for part in parts))
            raise InvalidInput(f"expression: {name} takes {count} value(s).")
    known = ", ".join(_FUNCTIONS)
    raise InvalidInput(f"expression: may have + - * / % **, comparisons, and the functions {known}.")
