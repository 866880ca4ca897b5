"""
Expressions over bands: arithmetic, comparisons, and a few functions. They are parsed, and each node is one of a few
kinds or is refused: nothing is ever handed to Python to evaluate.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from honua_worker.faults import InvalidInput
from honua_worker.raster import Band

LONGEST = 1000
DEEPEST = 50

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.And: np.logical_and,
    ast.Or: np.logical_or,
    ast.Not: np.logical_not,
}

FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "sqrt": (1, np.sqrt),
    "log": (1, np.log),
    "log10": (1, np.log10),
    "exp": (1, np.exp),
    "abs": (1, np.abs),
    "floor": (1, np.floor),
    "ceil": (1, np.ceil),
    "round": (1, np.round),
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tan": (1, np.tan),
    "atan": (1, np.arctan),
    "atan2": (2, np.arctan2),
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "where": (3, lambda condition, yes, no: np.where(condition != 0, yes, no)),
}
"""By name: how many arguments, and what is done. Angles are in radians."""


class RasterExpression:
    """Throws InvalidInput, which names `input_name`, where the text is no expression over `bands`."""

    def __init__(self, text: str, bands: tuple[str, ...], input_name: str) -> None:
        self._input_name = input_name
        self._bands = bands
        if len(text) > LONGEST:
            raise self._wrong(f"is longer than {LONGEST} characters")
        try:
            self._root = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self._wrong("is no expression") from error
        self.used: set[str] = set()
        self._check(self._root, 0)
        if not self.used:
            raise self._wrong(f"uses none of the bands {', '.join(bands)}")

    def of(self, bands: Mapping[str, Band]) -> Band:
        """NaN where a band that counts there has no value, and where nothing finite results. Comparisons give 1, 0."""
        with np.errstate(all="ignore"):
            result = np.asarray(self._value(self._root, bands), dtype=np.float64)
        shape = next(iter(bands.values())).shape
        return np.broadcast_to(np.where(np.isfinite(result), result, np.nan), shape)

    def _check(self, node: ast.AST, depth: int) -> None:
        if depth > DEEPEST:
            raise self._wrong("is nested too deeply")
        match node:
            case ast.Constant(value=bool() | str() | bytes() | complex()) | ast.Constant(value=None):
                raise self._wrong(f"has {node.value!r}, where only numbers may be")
            case ast.Constant(value=int() | float()):
                return
            case ast.Name(id=name) if name in self._bands:
                self.used.add(name)
            case ast.Name(id=name):
                raise self._wrong(f"has {name}, which is none of the bands {', '.join(self._bands)}")
            case ast.BinOp(op=operator) | ast.UnaryOp(op=operator) | ast.BoolOp(op=operator):
                self._check_operators([operator])
                self._check_all(_operands(node), depth)
            case ast.Compare(ops=operators):
                self._check_operators(operators)
                self._check_all(_operands(node), depth)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                wanted, _ = FUNCTIONS[name]
                if len(arguments) != wanted:
                    raise self._wrong(f"{name} takes {wanted} arguments")
                self._check_all(arguments, depth)
            case _:
                raise self._wrong(f"has {ast.unparse(node)}, which is not allowed")

    def _check_operators(self, operators: list[Any]) -> None:
        for operator in operators:
            if type(operator) not in OPERATORS:
                raise self._wrong(f"has an operator that is not allowed ({type(operator).__name__})")

    def _check_all(self, nodes: list[ast.expr], depth: int) -> None:
        for node in nodes:
            self._check(node, depth + 1)

    def _value(self, node: ast.AST, bands: Mapping[str, Band]) -> Any:
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.float64(number)
            case ast.Name(id=name):
                return bands[name]
            case ast.BinOp(op=operator) | ast.UnaryOp(op=operator):
                values = [self._value(one, bands) for one in _operands(node)]
                return _strict(OPERATORS[type(operator)], *values)
            case ast.BoolOp(op=operator):
                values = [self._value(one, bands) for one in node.values]
                result = values[0]
                for value in values[1:]:
                    result = _strict(OPERATORS[type(operator)], result, value)
                return result
            case ast.Compare(ops=operators):
                values = [self._value(one, bands) for one in _operands(node)]
                parts = [
                    _strict(OPERATORS[type(operator)], left, right)
                    for operator, left, right in zip(operators, values, values[1:], strict=False)
                ]
                return _strict(lambda *all_true: np.logical_and.reduce(all_true), *parts)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                values = [self._value(one, bands) for one in arguments]
                if name == "where":
                    chosen = FUNCTIONS[name][1](*values)
                    return np.where(np.isnan(values[0]), np.nan, chosen)
                return _strict(FUNCTIONS[name][1], *values)
        raise AssertionError(node)

    def _wrong(self, message: str) -> InvalidInput:
        return InvalidInput(self._input_name, message)


def _operands(node: ast.AST) -> list[ast.expr]:
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _strict(function: Callable[..., Any], *values: Any) -> Any:
    """NaN where one of the values is: comparisons and powers would make numbers of it."""
    result = np.asarray(function(*values), dtype=np.float64)
    for value in values:
        result = np.where(np.isnan(value), np.nan, result)
    return result
