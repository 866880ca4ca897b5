"""Gi* and Moran's I against published values, and neighbours of every kind."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.running import Bench, point

FILE = Path(__file__).parent / "fixtures/columbus/columbus.csv"
with FILE.open(newline="") as rows:
    COLUMBUS: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"CRIME": float(row["CRIME"])},
            "geometry": shapely.geometry.mapping(shapely.from_wkt(row["WKT"])),
        }
        for row in csv.DictReader(rows)
    ]
CRS = "EPSG:28992"
"""Any plane."""
SIX = [(10, 10, 2), (20, 10, 3), (40, 10, 3.2), (15, 20, 5), (30, 20, 8), (30, 30, 7)]


def moran(bench: Bench, features: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    inputs = {"features": bench.features(features, CRS), "valueField": "CRIME", **options}
    return bench.run("spatial-autocorrelation", inputs).outputs["result"]["value"]  # type: ignore[no-any-return]


def test_crime_in_columbus_has_the_published_figure(bench: Bench) -> None:
    """With columbus.gal of libpysal, row-standardised: its neighbours are those of the polygons by contiguity."""
    found = moran(bench, COLUMBUS, neighbourhood="queen", permutations=99, seed=7)
    assert found["I"] == pytest.approx(0.5001885571828611, abs=1e-14)
    assert found["expected"] == pytest.approx(-1 / 48)
    # As moran.test of the R package spdep prints it for the same data.
    assert found["randomisation"]["z"] == pytest.approx(5.5894, abs=5e-5)
    assert found["randomisation"]["variance"] == pytest.approx(0.008689289, abs=5e-10)
    assert found["permutations"]["p"] == pytest.approx(0.01)
    assert found["features"] == 49


def test_the_same_seed_gives_the_same_and_another_another(bench: Bench) -> None:
    variances = []
    for seed in (7, 7, 8):
        variances.append(moran(bench, COLUMBUS, permutations=99, seed=seed)["permutations"]["variance"])
    assert variances[0] == variances[1] != variances[2]


def test_binary_weights_are_as_the_formula_says(bench: Bench) -> None:
    found = moran(bench, COLUMBUS, neighbourhood="nearest", neighbours=4, weights="binary", permutations=0)
    places = shapely.get_coordinates(shapely.centroid([shapely.geometry.shape(f["geometry"]) for f in COLUMBUS]))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    nearest = np.argsort(apart, axis=1)[:, 1:5]
    z = np.array([f["properties"]["CRIME"] for f in COLUMBUS])
    z -= z.mean()
    assert found["I"] == pytest.approx(49 / (49 * 4) * (z[:, None] * z[nearest]).sum() / (z @ z), rel=1e-12)
    assert "permutations" not in found


def test_rook_wants_a_common_edge(bench: Bench) -> None:
    """A checkerboard: every edge is between different values, every corner between the same."""

    def square(i: int, j: int) -> dict[str, Any]:
        ring = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1], [i, j]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"CRIME": (i + j) % 2}, "geometry": geometry}

    board = [square(i, j) for i in range(8) for j in range(8)]
    assert moran(bench, board, neighbourhood="rook", weights="binary", permutations=0)["I"] == pytest.approx(-1)
    queen = moran(bench, board, neighbourhood="queen", weights="binary", permutations=0)["I"]
    assert queen == pytest.approx((49 * 2 - 56 * 2) / (49 * 2 + 56 * 2))


def test_gi_star_of_six_points_is_as_pysal_documents_it(bench: Bench) -> None:
    features = [point(x, y, value=value) for x, y, value in SIX]
    features.insert(2, point(0, 0, value=None))
    inputs = {"features": bench.features(features, CRS), "valueField": "value", "distance": 15}
    ended = bench.run("hot-spot", inputs)
    scores = [one["properties"]["gi_z"] for one in ended.features()]
    assert scores.pop(2) is None
    wanted = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(scores, wanted, atol=1e-8)
    last = ended.features()[-1]["properties"]
    assert (last["gi_class"], last["gi_p"]) == (2, pytest.approx(0.04294, abs=1e-5))
    assert [one["properties"]["gi_class"] for one in ended.features()] == [0, 0, None, 0, 0, 0, 2]
    assert ended.texts() == ["1 of 7 features have no number in value and were left out."]


def test_on_longitude_and_latitude_the_distance_is_in_metres(bench: Bench) -> None:
    """At 60° north the same points, a degree of longitude being half as long as one of latitude."""
    features = [point(10 + x / 55_800, 60 + y / 111_412, value=value) for x, y, value in SIX]
    inputs = {"features": bench.features(features), "valueField": "value", "distance": 15}
    scores = [one["properties"]["gi_z"] for one in bench.run("hot-spot", inputs).features()]
    wanted = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(scores, wanted, atol=1e-8)


def test_hot_and_cold_corners_are_found_with_the_least_distance_and_permutations(bench: Bench) -> None:
    rng = np.random.default_rng(4)
    features = []
    for i in range(12):
        for j in range(12):
            heat = 10 if i < 4 and j < 4 else -10 if i >= 8 and j >= 8 else 0
            features.append(point(i * 100, j * 100, value=heat + rng.normal()))
    inputs = {"features": bench.features(features, CRS), "valueField": "value", "permutations": 199}
    ended = bench.run("hot-spot", inputs)
    found = {
        (one["geometry"]["coordinates"][0] // 100, one["geometry"]["coordinates"][1] // 100): one["properties"]
        for one in ended.features()
    }
    assert found[1, 1]["gi_class"] == 3
    assert found[10, 10]["gi_class"] == -3
    assert found[10, 1]["gi_class"] == 0
    assert found[1, 1]["gi_p_permuted"] == pytest.approx(1 / 200)
    assert found[10, 1]["gi_p_permuted"] > 0.05
    assert ended.texts() == ["Features are neighbours within 100, the least distance at which each has one."]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"valueField": "depth"}, "/inputs/valueField: no feature has the attribute depth"),
        ({"valueField": "same"}, "/inputs/valueField: all values are the same"),
        ({"neighbourhood": "nearest", "neighbours": 6}, "/inputs/neighbours: must be less than the 6 features"),
        ({"neighbourhood": "queen"}, "/inputs/features: takes polygon features only, and feature 0 is none"),
        ({"distance": 1}, "/inputs/neighbourhood: no feature has a neighbour"),
        ({"distance": -1}, "/inputs/distance: must be more than 0"),
    ],
)
def test_what_is_wrong_is_named(bench: Bench, changed: dict[str, Any], message: str) -> None:
    features = bench.features([point(x, y, value=value, same=1) for x, y, value in SIX], CRS)
    error = bench.run("hot-spot", {"features": features, "valueField": "value", **changed}).error
    assert (error["reason"], error["message"][: len(message)]) == ("invalid-input", message)
