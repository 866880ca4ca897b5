"""Ordinary kriging against gstat's figures for zinc by the Meuse, and against what must hold for any."""

from typing import Any

import numpy as np
import pytest
import rasterio
import shapely

from honua_worker.crs import Crs
from honua_worker.feature_set import Numbers
from honua_worker.geojson_reading import features_of
from honua_worker.processes.interpolate_kriging import predictor
from honua_worker.samples import Samples
from honua_worker.variogram import MODELS, Variogram, fitted
from tests.meuse import CRS, zinc
from tests.running import Bench, point

GIVEN: dict[str, Any] = {"model": "spherical", "nugget": 0.05066243, "partialSill": 0.59060780, "range": 897.0209}
EXTENT = {"bbox": [178440, 329600, 181560, 333760], "crs": CRS}


def samples() -> Samples:
    features = features_of({"type": "FeatureCollection", "features": zinc()}, "points", Crs(CRS))
    values = np.array([feature["properties"]["log_zinc"] for feature in features.features])
    return Samples(features, features.places(), values)


def test_the_variogram_is_the_one_that_gstat_fits() -> None:
    """variogram(log(zinc)~1, meuse) and fit.variogram(, vgm(1, "Sph", 900, 1)): within 1e-4 of each."""
    data = samples()
    found = fitted("spherical", data.vectors, data.values)
    assert found is not None
    assert found.nugget == pytest.approx(0.05066243, rel=1e-4)
    assert found.partial_sill == pytest.approx(0.59060780, rel=1e-4)
    assert found.range == pytest.approx(897.0209, rel=1e-4)


def test_the_mean_along_a_line_is_the_one_of_gstat() -> None:
    line = shapely.LineString([(180000, 331000), (180000, 332000), (181000, 333500)])
    middles = (np.arange(500) + 0.5) / 500
    places: Numbers = shapely.get_coordinates(shapely.line_interpolate_point(line, middles, normalized=True))
    values, _ = predictor(samples(), Variogram("spherical", 0.06, 0.6, 900))(places)
    assert values.mean() == pytest.approx(6.1618, abs=5e-5)


def test_surface_and_cells_are_alike_and_one_is_right(bench: Bench) -> None:
    inputs = {
        **GIVEN,
        "features": bench.features(zinc(), CRS),
        "valueField": "log_zinc",
        "extent": EXTENT,
        "cellSize": 40,
    }
    ended = bench.run("interpolate-kriging", inputs, ["surface", "cells"])
    assert ended.code == 0
    cells = ended.features("cells")
    assert len(cells) == 78 * 104
    with rasterio.open(ended.path("surface")) as surface:
        assert surface.crs.to_epsg() == 28992
        assert surface.descriptions == ("value", "variance")
        values, variances = surface.read(1), surface.read(2)
    for cell in cells[::97]:
        i, j = cell["properties"]["i"], cell["properties"]["j"]
        assert values[103 - j, i] == pytest.approx(cell["properties"]["value"], rel=1e-6)
        assert variances[103 - j, i] == pytest.approx(cell["properties"]["variance"], rel=1e-5)
    # gstat 2.1.0: k <- krige(log(zinc) ~ 1, meuse, grid, fit); quantile(k$var1.pred); quantile(k$var1.var), here.
    printed = [4.77655472546, 5.66186777365, 6.05354602427, 6.36510535610, 7.47719288403]
    spread = [0.0854948994212, 0.1827405437459, 0.4260473842101, 0.6646611487710, 0.6810896510394]
    quarters = [0, 0.25, 0.5, 0.75, 1]
    assert np.quantile([one["properties"]["value"] for one in cells], quarters) == pytest.approx(printed, rel=1e-6)
    assert np.quantile([one["properties"]["variance"] for one in cells], quarters) == pytest.approx(spread, rel=1e-5)
    # The cell of meuse.grid at 181180, 333740, as the equations solved by themselves have it.
    value, variance = kriged_by_hand(181180, 333740)
    assert values[0, 68] == pytest.approx(value, rel=1e-6)
    assert variances[0, 68] == pytest.approx(variance, rel=1e-5)


def test_logarithms_are_kriged_where_that_is_wanted(bench: Bench) -> None:
    inputs = {**GIVEN, "features": bench.features(zinc(), CRS), "extent": EXTENT, "cellSize": 400}
    by_hand = bench.run("interpolate-kriging", {**inputs, "valueField": "log_zinc"}, ["cells"]).features("cells")
    same = bench.run("interpolate-kriging", {**inputs, "valueField": "zinc", "transform": "log"}, ["cells"])
    assert same.features("cells") == by_hand


def kriged_by_hand(x: float, y: float) -> tuple[float, float]:
    """The system of ordinary kriging in covariances, with a Lagrange multiplier."""
    data = samples()
    sill = GIVEN["nugget"] + GIVEN["partialSill"]

    def covariance(apart: Numbers) -> Numbers:
        near = np.minimum(apart / GIVEN["range"], 1)
        smooth = GIVEN["partialSill"] * (1 - 1.5 * near + 0.5 * near**3)
        return np.asarray(np.where(apart == 0, sill, smooth))

    n = len(data)
    among = np.linalg.norm(data.vectors[:, None] - data.vectors[None], axis=2)
    system = np.ones((n + 1, n + 1))
    system[n, n] = 0
    system[:n, :n] = covariance(among)
    wanted = np.append(covariance(np.linalg.norm(data.vectors - [x, y], axis=1)), 1)
    weights = np.linalg.solve(system, wanted)
    return float(weights[:n] @ data.values), float(sill - weights @ wanted)


@pytest.mark.parametrize("model", MODELS)
def test_samples_are_met_and_are_sure(model: str) -> None:
    data = samples()
    values, variances = predictor(data, Variogram(model, 0.05, 0.6, 900))(data.vectors)
    np.testing.assert_allclose(values, data.values, atol=1e-6)
    np.testing.assert_allclose(variances, 0, atol=1e-6)


def test_all_as_neighbours_is_all_and_few_are_near_to_it() -> None:
    data = samples()
    variogram = Variogram("spherical", 0.05, 0.6, 900)
    places = data.vectors[:40] + 15
    values, _ = predictor(data, variogram)(places)
    np.testing.assert_array_equal(predictor(data, variogram, 155)(places)[0], values)
    np.testing.assert_allclose(predictor(data, variogram, 30)(places)[0], values, atol=0.05)


def test_longitude_and_latitude_are_measured_in_metres(bench: Bench) -> None:
    """A square of points in metres, once in UTM and once in degrees, where a degree is not as long in both ways."""
    places = [(0.0, 60.0, 1.0), (0.01, 60.0, 2.0), (0.0, 60.005, 4.0), (0.01, 60.005, 3.0)]
    inputs = {
        "features": bench.features([point(x, y, v=v) for x, y, v in places]),
        "valueField": "v",
        "extent": [0.0019, 60.0019, 0.0021, 60.0021],
        "cellSize": 0.0002,
        "model": "exponential",
        "nugget": 0,
        "partialSill": 1,
        "range": {"value": 2, "unit": "km"},
    }
    (cell,) = bench.run("interpolate-kriging", inputs, ["cells"]).features("cells")
    from pyproj import Transformer

    to_utm = Transformer.from_crs("OGC:CRS84", "EPSG:32631", always_xy=True).transform
    corners = np.array([to_utm(x, y) for x, y, _ in places])
    features = features_of({"type": "FeatureCollection", "features": []}, "points", Crs("EPSG:32631"))
    plane = Samples(features, corners, np.array([v for _, _, v in places]))
    value, _ = predictor(plane, Variogram("exponential", 0, 1, 2000))(np.array([to_utm(0.002, 60.002)]))
    assert cell["properties"]["value"] == pytest.approx(value[0], abs=1e-3)


def test_places_that_coincide_count_by_their_mean_and_nulls_do_not(bench: Bench) -> None:
    features = [point(0, 0, v=1), point(0, 0, v=3), point(10, 0, v=5), point(0, 10, v=7), point(5, 5, v=None)]
    inputs = {
        "features": bench.features(features, "EPSG:32631"),
        "valueField": "v",
        "extent": [-1, -1, 1, 1],
        "cellSize": 2,
        "nugget": 0,
        "partialSill": 1,
        "range": 20,
    }
    ended = bench.run("interpolate-kriging", inputs, ["cells"])
    assert ended.features("cells")[0]["properties"]["value"] == pytest.approx(2, abs=1e-9)
    assert ended.texts() == [
        "1 of 5 features have no number in v and were left out.",
        "Of 4 points 1 lie where others do: means count there.",
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"valueField": "depth"}, "/inputs/valueField: no feature has the attribute depth"),
        ({"valueField": "none", "transform": "log"}, "/inputs/transform: there are values of 0 or below"),
        ({"range": None}, "/inputs/range: is required where nugget is given"),
        ({"model": "wave"}, "/inputs/model: must be one of"),
        ({"cellSize": 0.001}, "/inputs/cellSize: the grid would have more than"),
        ({"extent": [0, 0, 1, 1, 5]}, "/inputs/extent: must have 4 numbers"),
        ({"extent": {"bbox": [0, 0, 1, 1]}}, "/inputs/extent: is in OGC:CRS84, the features in EPSG:28992"),
    ],
)
def test_what_is_wrong_is_named(bench: Bench, changed: dict[str, object], message: str) -> None:
    features = zinc()
    features[7]["properties"]["none"] = 0
    inputs = {**GIVEN, "features": bench.features(features, CRS), "valueField": "zinc", "cellSize": 40, **changed}
    ended = bench.run("interpolate-kriging", inputs, ["cells"])
    assert (ended.code, ended.error["reason"]) == (2, "invalid-input")
    assert ended.error["message"].startswith(message)


def test_too_few_points_are_named(bench: Bench) -> None:
    inputs = {"features": bench.features([point(0, 0, v=1), point(1, 1, v=2)], CRS), "valueField": "v"}
    error = bench.run("interpolate-kriging", inputs).error
    assert error["message"] == "/inputs/features: at least 3 points must have a number"


def test_points_that_leave_the_weights_open_are_told_of(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix that cannot be inverted: every point is all the same to a variogram of nothing but its range."""
    monkeypatch.setattr(Variogram, "__call__", lambda _, distances: np.zeros_like(distances))
    inputs = {**GIVEN, "features": bench.features(zinc(), CRS), "valueField": "zinc", "cellSize": 400}
    error = bench.run("interpolate-kriging", inputs, ["surface"]).error
    assert error["reason"] == "process-error"
    assert error["message"].endswith("give it a larger nugget.")
