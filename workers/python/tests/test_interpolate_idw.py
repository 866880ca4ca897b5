"""Interpolation by inverse distances: known figures of real data, and a formula in other words."""

import math
from typing import Any

import numpy as np
import pytest

from tests.meuse import CRS, zinc
from tests.running import Bench, point

EXTENT = {"bbox": [178440, 329600, 181560, 333760], "crs": CRS}


def test_zinc_by_the_meuse_has_the_known_values(bench: Bench) -> None:
    inputs = {
        "features": bench.features(zinc(), CRS),
        "valueField": "zinc",
        "extent": EXTENT,
        "gridResolution": 104,
        "cellsAs": "points",
    }
    features = bench.run("interpolate-idw", inputs).features()
    assert len(features) == 78 * 104
    assert features[1]["properties"] | {"interpolated_value": 0} == {"i": 0, "j": 1, "interpolated_value": 0}
    at = {tuple(one["geometry"]["coordinates"]): one["properties"]["interpolated_value"] for one in features}
    # The least, middle and greatest value of gstat's IDW with a power of 2 on the cells of meuse.grid.
    assert at[180460, 331460] == pytest.approx(128.43, abs=5e-3)
    assert at[180500, 332300] == pytest.approx(371.41, abs=5e-3)
    assert at[179980, 332260] == pytest.approx(1805.78, abs=5e-3)
    # gstat 2.1.0: z <- idw(zinc ~ 1, meuse, grid); quantile(z$var1.pred); mean(z$var1.pred), on all these 8,112 places.
    values = np.array(list(at.values()))
    printed = [128.434469016, 384.639323919, 463.963219299, 557.515179343, 1805.775659135]
    assert np.quantile(values, [0, 0.25, 0.5, 0.75, 1]) == pytest.approx(printed, rel=1e-9)
    assert values.mean() == pytest.approx(480.83367163, rel=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"power": 1},
        {"power": 3.5, "neighbours": 12},
        {"neighbours": 1},
        {"searchRadius": 300},
        {"searchRadius": 250, "neighbours": 4, "power": 100},
        {"searchRadius": {"value": 0.3, "unit": "kilometers"}},
    ],
)
def test_it_is_as_the_formula_says(bench: Bench, options: dict[str, Any]) -> None:
    inputs = {"features": bench.features(zinc(), CRS), "valueField": "zinc", "extent": EXTENT, "gridResolution": 40}
    features = bench.run("interpolate-idw", {**inputs, **options}).features()
    power, count = options.get("power", 2), options.get("neighbours", 155)
    radius = options.get("searchRadius", math.inf)
    radius = 300 if isinstance(radius, dict) else radius
    samples = [(*one["geometry"]["coordinates"], one["properties"]["zinc"]) for one in zinc()]
    empty = 0
    for feature in features:
        (west, south), _, (east, north) = feature["geometry"]["coordinates"][0][:3]
        x, y = (west + east) / 2, (south + north) / 2
        near = sorted((math.hypot(px - x, py - y), at) for at, (px, py, _) in enumerate(samples))
        near = [one for one in near if one[0] <= radius][:count]
        value = feature["properties"]["interpolated_value"]
        if not near:
            assert value is None
            empty += 1
            continue
        weights = [(near[0][0] / apart) ** power for apart, _ in near]
        wanted = sum(w * samples[at][2] for w, (_, at) in zip(weights, near, strict=True)) / sum(weights)
        assert value == pytest.approx(wanted, rel=1e-9)
    assert (empty > 10) == (radius != math.inf)


@pytest.mark.parametrize("neighbours", [1, 2, 3, 6])
def test_neighbours_as_far_away_are_ranked_by_their_order(bench: Bench, neighbours: int) -> None:
    lattice = [point((n % 20) / 8, (n // 20) / 8, value=(n * 7919) % 101) for n in range(400)]
    inputs = {
        "features": bench.features(lattice, CRS),
        "valueField": "value",
        "extent": [0, 0, 2, 2],
        "cellSize": 0.125,
        "neighbours": neighbours,
        "cellsAs": "points",
    }
    for feature in bench.run("interpolate-idw", inputs).features():
        x, y = feature["geometry"]["coordinates"]
        squares = [(x - (n % 20) / 8) ** 2 + (y - (n // 20) / 8) ** 2 for n in range(400)]
        chosen = sorted(range(400), key=lambda n: (squares[n], n))[:neighbours]
        weights = np.array([squares[chosen[0]] / squares[n] for n in chosen])
        wanted = (weights * [(n * 7919) % 101 for n in chosen]).sum() / weights.sum()
        assert feature["properties"]["interpolated_value"] == pytest.approx(wanted, rel=1e-12)


def test_points_have_their_values_places_their_mean_and_what_has_none_is_left_out(bench: Bench) -> None:
    features = [
        point(1, 1, value=5),
        point(3, 1, value=10),
        point(3, 1, value=30),
        point(1, 1, value=None),
        point(1, 1, value="dry"),
        {"type": "Feature", "properties": {"value": 1e6}, "geometry": None},
    ]
    inputs = {"features": bench.features(features, CRS), "valueField": "value", "extent": [0, 0, 4, 2], "cellSize": 2}
    ended = bench.run("interpolate-idw", inputs)
    assert [one["properties"]["interpolated_value"] for one in ended.features()] == [5, 20]
    assert ended.texts() == ["2 of 6 features have no number in value and were left out."]


def test_longitude_and_latitude_are_measured_through_the_globe(bench: Bench) -> None:
    """East of the antimeridian: as far from the one as from the other, and the third is too far to count much."""
    features = [point(179.5, 60, value=0), point(-178.5, 60, value=8), point(0, 0, value=99)]
    inputs = {
        "features": bench.features(features),
        "valueField": "value",
        "extent": {"bbox": [-179.51, 59.99, -179.49, 60.01]},
        "cellSize": 0.02,
        "power": 8,
    }
    (cell,) = bench.run("interpolate-idw", inputs).features()
    assert cell["properties"]["interpolated_value"] == pytest.approx(4, abs=1e-3)


@pytest.mark.parametrize(
    ("features", "changed", "message"),
    [
        ([point(0, 0, v=1)], {"valueField": "depth"}, "/inputs/valueField: no feature has the attribute depth"),
        ([point(0, 0, v=None)], {}, "/inputs/features: no point has a number to interpolate"),
        ([], {}, "/inputs/features: no point has a number to interpolate"),
        ([point(5, 5, v=1)], {}, "/inputs/extent: has no size"),
        ([point(0, 0, v=1), point(9, 9, v=1)], {"gridResolution": 2000}, "/inputs/gridResolution: the grid would have"),
        ([point(0, 0, v=1)], {"power": 0, "extent": [0, 0, 1, 1]}, "/inputs/power: must be more than 0"),
        ([point(0, 0, v=1)], {"extent": [1, 0, 0, 1]}, "/inputs/extent: has its west beyond its east"),
    ],
)
def test_what_is_wrong_is_named(
    bench: Bench, features: list[dict[str, Any]], changed: dict[str, Any], message: str
) -> None:
    inputs = {"features": bench.features(features, CRS), "valueField": "v", **changed}
    error = bench.run("interpolate-idw", inputs, maxOutputFeatures=20_000).error
    assert error["reason"] == "invalid-input"
    assert error["message"].startswith(message)
