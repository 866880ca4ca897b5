"""Expressions over bands, and what is none."""

from typing import Any

import numpy as np
import pytest

from honua_worker.faults import InvalidInput
from honua_worker.raster_expression import RasterExpression
from tests.rasters import read_band, write_raster
from tests.running import Bench

A = np.array([[1.0, 2.0, np.nan], [4.0, -5.0, 0.0]])
B = np.array([[2.0, 0.0, 1.0], [4.0, 3.0, 0.0]])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A + B * 2", A + B * 2),
        ("(A - B) / (A + B)", [[-1 / 3, 1, np.nan], [0, 4, np.nan]]),
        ("-A ** 2", -(A**2)),
        ("A % 3", A % 3),
        ("sqrt(A)", [[1, np.sqrt(2), np.nan], [2, np.nan, 0]]),
        ("A >= B", [[0, 1, np.nan], [1, 0, 1]]),
        ("0 < A <= 2", [[1, 1, np.nan], [0, 0, 0]]),
        ("A > 0 and B > 0", [[1, 0, np.nan], [1, 0, 0]]),
        ("not A", [[0, 0, np.nan], [0, 0, 1]]),
        ("where(B > 1, A, -1)", [[1, -1, -1], [4, -5, -1]]),
        ("where(A > 1, 1, 0)", [[0, 1, np.nan], [1, 0, 0]]),
        ("max(A, B) + min(A, 0)", [[2, 2, np.nan], [4, -2, 0]]),
        ("A ** 0", [[1, 1, np.nan], [1, 1, 1]]),
        ("9 ** 9 ** 9 ** 9 * A", np.full((2, 3), np.nan)),
        ("atan2(A, B)", np.arctan2(A, B)),
    ],
)
def test_expressions_are_computed_cell_by_cell(text: str, wanted: Any) -> None:
    found = RasterExpression(text, ("A", "B"), "expression").of({"A": A, "B": B})
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A +",
        "C + 1",
        "1 + 1",
        "__import__('os').system('true')",
        "().__class__",
        "A.shape",
        "A[0]",
        "[A for A in B]",
        "(lambda: A)()",
        "open('x')",
        "eval(A)",
        "sqrt",
        "sqrt(A, B)",
        "sqrt(x=A)",
        "where(A, *B)",
        "'A'",
        "A @ B",
        "A // B",
        "A << 2",
        "A & B",
        "~A",
        "A is B",
        "A in B",
        "A if B else A",
        "f'{A}'",
        "A := B",
        "True + A",
        "1j * A",
        "A; B",
        "(" * 200 + "A" + ")" * 200 + "(",
        "-" * 900 + "A",
        "A + " * 400 + "A",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^/inputs/expression: "):
        RasterExpression(text, ("A", "B"), "expression")


def test_bands_of_all_rasters_are_named_in_their_order(bench: Bench) -> None:
    two = write_raster(bench.folder / "two.tif", np.full((3, 4), 7, np.int16), np.full((3, 4), 5, np.int16), nodata=-1)
    one = write_raster(bench.folder / "one.tif", np.arange(12, dtype=np.float32).reshape(3, 4))
    inputs = {"rasters": [bench.raster(two), bench.raster(one)], "expression": "A * 100 + B * 10 + C"}
    found = read_band(bench.run("raster-algebra", inputs).path("result"))
    np.testing.assert_array_equal(found, 750 + np.arange(12).reshape(3, 4))


def test_rasters_must_lie_on_each_other(bench: Bench) -> None:
    cells = np.ones((3, 4))
    first = write_raster(bench.folder / "first.tif", cells)
    others = {
        "is in another coordinate system than rasters": write_raster(bench.folder / "a.tif", cells, crs="EPSG:32632"),
        "has not as many columns and rows as rasters": write_raster(bench.folder / "b.tif", cells[:2]),
        "lies elsewhere than rasters": write_raster(bench.folder / "c.tif", cells, west=500_005),
    }
    for message, path in others.items():
        inputs = {"rasters": [bench.raster(first), bench.raster(path)], "expression": "A + B"}
        assert bench.run("raster-algebra", inputs).error["message"] == f"/inputs/rasters: {message}"
