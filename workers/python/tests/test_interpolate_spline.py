"""Splines: they meet their points, are the plane where the points are on one, and have the known energy."""

from typing import Any

import numpy as np
import pytest
import rasterio

from tests.meuse import CRS, zinc
from tests.running import Bench, point


def grid(values: dict[str, Any]) -> dict[str, Any]:
    return {"valueField": "v", "extent": [0, 0, 100, 100], "cellSize": 10, **values}


@pytest.mark.parametrize("kernel", ["thin-plate", "cubic", "quintic"])
def test_points_on_a_plane_give_the_plane(bench: Bench, kernel: str) -> None:
    places = np.random.default_rng(5).uniform(0, 100, (30, 2))
    points = [point(x, y, v=3 + 2 * x - y) for x, y in places.tolist()]
    inputs = grid({"features": bench.features(points, CRS), "kernel": kernel})
    ended = bench.run("interpolate-spline", inputs, ["surface", "cells"])
    for cell in ended.features("cells"):
        x, y = 10 * cell["properties"]["i"] + 5, 10 * cell["properties"]["j"] + 5
        assert cell["properties"]["value"] == pytest.approx(3 + 2 * x - y, abs=1e-6)
    with rasterio.open(ended.path("surface")) as surface:
        assert surface.read(1)[0, 0] == pytest.approx(3 + 2 * 5 - 95, abs=1e-4)


def test_it_is_the_thin_plate_as_its_equations_have_it(bench: Bench) -> None:
    """Duchon's system of r² log r and a plane, solved here by itself; the middle of a cell is no point."""
    features = zinc()
    places = np.array([one["geometry"]["coordinates"] for one in features])
    values = np.array([one["properties"]["zinc"] for one in features])
    shifted = (places - places.mean(axis=0)) / 1000
    middle = (np.array([180460, 331460]) - places.mean(axis=0)) / 1000

    def radial(apart: Any) -> Any:
        return np.where(apart == 0, 0, apart**2 * np.log(np.where(apart == 0, 1, apart)))

    n = len(values)
    system = np.zeros((n + 3, n + 3))
    system[:n, :n] = radial(np.linalg.norm(shifted[:, None] - shifted[None], axis=2))
    system[:n, n:] = np.column_stack([np.ones(n), shifted])
    system[n:, :n] = system[:n, n:].T
    weights = np.linalg.solve(system, np.append(values, np.zeros(3)))
    wanted = weights @ np.concatenate([radial(np.linalg.norm(shifted - middle, axis=1)), [1], middle])
    inputs = {
        "features": bench.features(features, CRS),
        "valueField": "zinc",
        "extent": [180440, 331440, 180480, 331480],
        "cellSize": 40,
    }
    (cell,) = bench.run("interpolate-spline", inputs, ["cells"]).features("cells")
    assert cell["properties"]["value"] == pytest.approx(wanted, rel=1e-7)


def test_it_meets_its_points_and_with_smoothing_does_not(bench: Bench) -> None:
    points = [point(x, y, v=v) for x, y, v in [(5, 5, 1), (95, 5, 9), (5, 95, 4), (95, 95, 2), (55, 45, 30)]]
    at = {}
    for smoothing in (0, 1000):
        inputs = grid({"features": bench.features(points, CRS), "smoothing": smoothing})
        for cell in bench.run("interpolate-spline", inputs, ["cells"]).features("cells"):
            at[smoothing, cell["properties"]["i"], cell["properties"]["j"]] = cell["properties"]["value"]
    assert at[0, 5, 4] == pytest.approx(30, abs=1e-7)
    assert at[0, 9, 0] == pytest.approx(9, abs=1e-7)
    assert 5 < at[1000, 5, 4] < 29


@pytest.mark.parametrize(
    ("points", "crs", "message"),
    [
        ([point(0, 0, v=1), point(1, 1, v=2)], CRS, "/inputs/features: at least 3 points must have a number"),
        ([point(n, n, v=n) for n in range(5)], CRS, "/inputs/features: lie on one line"),
        ([point(n, n * n, v=n) for n in range(5)], None, "/inputs/features: is on longitude and latitude"),
    ],
)
def test_what_is_wrong_is_named(bench: Bench, points: list[dict[str, Any]], crs: str | None, message: str) -> None:
    error = bench.run("interpolate-spline", grid({"features": bench.features(points, crs)})).error
    assert (error["reason"], error["message"][: len(message)]) == ("invalid-input", message)
