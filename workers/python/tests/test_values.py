"""Values that others have published, or that can be worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from conftest import Make, point
from honua_worker.failures import InvalidInput
from honua_worker.processes.raster_algebra import compiled


def test_kriging_of_meuse_zinc_along_a_line_as_gstat_has_it(attempt: Make, meuse: list[dict]) -> None:
    """gstat, test `line`: log zinc, spherical 0.6, range 900, nugget 0.06: 6.1618 in the mean along the line."""
    from honua_worker.inputs import Inputs
    from honua_worker.processes.interpolate_kriging import fit

    given = {"model": "spherical", "partialSill": 0.6, "range": 900, "nugget": 0.06}
    xy = np.array([feature["geometry"]["coordinates"] for feature in meuse])
    zinc = np.log([feature["properties"]["zinc"] for feature in meuse])
    kriging = fit(Inputs(given), xy, zinc)
    corners = np.array([(180000, 331000), (180000, 332000), (181000, 333500)], dtype=float)
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    at = (np.arange(500) + 0.5) / 500 * lengths.sum()
    xs = np.interp(at, [0, lengths[0], lengths.sum()], corners[:, 0])
    ys = np.interp(at, [0, lengths[0], lengths.sum()], corners[:, 1])
    predicted, _ = kriging.execute("points", xs, ys)
    assert float(np.mean(predicted)) == pytest.approx(6.1618, abs=5e-5)


def test_kriging_gives_a_surface_with_its_variance(attempt: Make, meuse: list[dict]) -> None:
    inputs = {"features": meuse, "valueField": "zinc", "transform": "log", "cellSize": 40}
    made = attempt("interpolate-kriging", inputs, ["surface", "variogram"], crs="EPSG:28992")
    assert made.run() == 0, made.log
    fitted = made.value("variogram")
    assert fitted["points"] == 155 and 300 < fitted["range"] < 1500 and 0.3 < fitted["partialSill"] < 0.9
    with rasterio.open(made.file("surface")) as raster:
        assert raster.crs.to_epsg() == 28992 and raster.count == 2 and raster.res == (40, 40)
        predicted, variance = raster.read(masked=True)
    assert 4.5 < predicted.min() < predicted.max() < 7.6
    assert variance.min() >= 0


def test_kriging_is_refused_on_degrees(attempt: Make, meuse: list[dict]) -> None:
    made = attempt("interpolate-kriging", {"features": meuse, "valueField": "zinc"})
    assert made.run() == 2
    assert "projected" in made.manifest["error"]["message"]


def test_a_spline_goes_through_its_points(attempt: Make) -> None:
    places = [(0.5, 0.5), (9.5, 0.5), (0.5, 9.5), (9.5, 9.5), (4.5, 5.5), (2.5, 7.5)]
    features = [point(x, y, v=x * 2 - y) for x, y in places]
    inputs = {"features": features, "valueField": "v", "extent": [0, 0, 10, 10], "cellSize": 1}
    made = attempt("interpolate-spline", inputs, ["surface"], crs="EPSG:3857")
    assert made.run() == 0, made.log
    with rasterio.open(made.file("surface")) as raster:
        for x, y in places:
            assert next(raster.sample([(x, y)]))[0] == pytest.approx(x * 2 - y, abs=1e-9)


def test_morans_i_of_crime_in_columbus(attempt: Make, columbus: list[dict]) -> None:
    """PySAL and spdep: 0.5001885571828611 with the neighbours of columbus.gal."""
    import libpysal
    from esda.moran import Moran
    from libpysal import weights
    from libpysal.examples import load_example

    gal = libpysal.io.open(load_example("columbus").get_path("columbus.gal")).read()
    crime = np.array([feature["properties"]["CRIME"] for feature in columbus])
    assert pytest.approx(0.5001885571828611, abs=1e-12) == Moran(crime, gal, permutations=0).I
    made = attempt(
        "spatial-autocorrelation", {"features": columbus, "valueField": "CRIME", "neighbourhood": "queen"}, crs="EPSG:3857"
    )
    assert made.run() == 0, made.log
    told = made.value("result")
    queen = Moran(crime, weights.Queen.from_iterable(_shapes(columbus)), permutations=0)
    assert told["I"] == pytest.approx(queen.I, abs=1e-12)
    assert told["expected"] == pytest.approx(-1 / 48)
    assert told["normality"]["z"] == pytest.approx(queen.z_norm)
    assert told["permutations"]["p"] == pytest.approx(0.001)


def _shapes(features: list[dict]) -> list:
    from shapely.geometry import shape

    return [shape(feature["geometry"]) for feature in features]


def test_gi_star_of_six_points_as_esda_has_it(attempt: Make) -> None:
    places = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    values = [2, 3, 3.2, 5, 8, 7]
    features = [point(x, y, v=v) for (x, y), v in zip(places, values, strict=True)]
    inputs = {"features": features, "valueField": "v", "neighbourhood": "distance", "distance": 15}
    made = attempt("hot-spot", inputs, crs="EPSG:3857")
    assert made.run() == 0, made.log
    z = [feature["properties"]["gi_z"] for feature in made.features()]
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert z == pytest.approx(published, abs=1e-8)
    hottest = made.features()[5]["properties"]
    assert hottest["gi_class"] == 2 and hottest["gi_p"] == pytest.approx(math.erfc(2.02424331 / math.sqrt(2)), abs=1e-8)


def test_ndvi_of_landsat(attempt: Make, landsat: Path) -> None:
    made = attempt("ndvi", {"raster": landsat, "redBand": 3, "nearInfraredBand": 4}, ["index", "statistics"])
    assert made.run() == 0, made.log
    assert made.value("statistics")["mean"] == pytest.approx(-0.0643, abs=5e-5)
    with rasterio.open(landsat) as source, rasterio.open(made.file("index")) as index:
        red, near = source.read([3, 4]).astype(float)
        expected = np.divide(near - red, near + red, out=np.full(red.shape, np.nan), where=near + red > 0)
        assert np.nanmax(np.abs(index.read(1, masked=True).filled(np.nan) - expected)) < 1e-6


def test_slope_and_aspect_of_an_inclined_plane(attempt: Make, tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:20, 0:30]
    heights = 3.0 * columns * 10 + 4.0 * (20 - rows) * 10  # rises 3 a metre to the east, 4 to the north
    path = _raster(tmp_path / "plane.tif", heights, 10)
    made = attempt(
        "slope-aspect-hillshade", {"raster": path, "azimuth": 315, "altitude": 45}, ["slope", "aspect", "hillshade"]
    )
    assert made.run() == 0, made.log
    slope, aspect, shade = (rasterio.open(made.file(name)).read(1, masked=True) for name in ("slope", "aspect", "hillshade"))
    assert slope[10, 10] == pytest.approx(math.degrees(math.atan(5)), abs=1e-4)
    assert aspect[10, 10] == pytest.approx(180 + math.degrees(math.atan2(3, 4)), abs=1e-4)
    assert slope.mask[0].all() and slope.mask[:, -1].all() and not slope.mask[1:-1, 1:-1].any()
    zenith, steep, turn = math.radians(45), math.atan(5), math.radians(315 - float(aspect[10, 10]))
    lit = math.cos(zenith) * math.cos(steep) + math.sin(zenith) * math.sin(steep) * math.cos(turn)
    assert shade[10, 10] == pytest.approx(max(0, 255 * lit), abs=1e-2)


def test_zonal_statistics_by_hand(attempt: Make, tmp_path: Path) -> None:
    values = np.arange(16, dtype=float).reshape(4, 4)
    values[3, 3] = -9999
    path = _raster(tmp_path / "values.tif", values, 1)
    ring = [[0, 2], [2, 2], [2, 4], [0, 4], [0, 2]]
    zone = {"type": "Feature", "properties": {"name": "nw"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    away = point(50, 50)
    corner = {**zone, "geometry": {"type": "Polygon", "coordinates": [[[2, 0], [4, 0], [4, 2], [2, 2], [2, 0]]]}}
    made = attempt("zonal-statistics", {"raster": path, "zones": [zone, corner, away]}, crs="EPSG:3857")
    assert made.run() == 0, made.log
    first, second, third = (feature["properties"] for feature in made.features())
    assert first["name"] == "nw" and first["zonal_count"] == 4 and first["zonal_sum"] == 0 + 1 + 4 + 5
    assert (
        first["zonal_mean"] == 2.5
        and first["zonal_median"] == 2.5
        and first["zonal_std"] == pytest.approx(np.std([0, 1, 4, 5]))
    )
    assert second["zonal_count"] == 3 and second["zonal_max"] == 14
    assert third["zonal_count"] == 0 and third["zonal_mean"] is None


def test_raster_algebra(attempt: Make, landsat: Path, tmp_path: Path) -> None:
    made = attempt(
        "raster-algebra",
        {"rasters": [landsat, landsat], "expression": "where(A > 60, A * 2, max(B, 10)) / 2"},
        ["result", "statistics"],
    )
    assert made.run() == 0, made.log
    with rasterio.open(landsat) as source, rasterio.open(made.file("result")) as result:
        a = source.read(1).astype(float)
        assert np.allclose(result.read(1), np.where(a > 60, a * 2, np.maximum(a, 10)) / 2)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "A.real",
        "A[0]",
        "lambda: 1",
        "[A]",
        "open('x')",
        "A if B else A",
        "'x'",
        "C",
        "abs(A, A)",
        "A +",
        "True",
        "x" * 9,
        "(" * 300,
    ],
)
def test_an_expression_is_arithmetic_or_nothing(expression: str) -> None:
    with pytest.raises(InvalidInput, match=r"^expression: "):
        compiled(expression)({"A": np.ones(2), "B": np.ones(2)})


def test_a_forest_tells_what_it_learnt(attempt: Make) -> None:
    random = np.random.default_rng(1)
    features = []
    for at in range(120):
        kind = "wet" if at % 2 else "dry"
        rain = random.normal(90 if kind == "wet" else 20, 10)
        features.append(point(at, 0, rain=rain, noise=random.random(), kind=kind if at < 80 else None, truth=kind))
    inputs = {"features": features, "labelField": "kind", "attributes": ["rain", "noise"]}
    made = attempt("classify", inputs, ["result", "model"], crs="EPSG:3857")
    assert made.run() == 0, made.log
    for feature in made.features():
        assert feature["properties"]["predicted_class"] == feature["properties"]["truth"]
    model = made.value("model")
    assert model["accuracy"] == 1 and model["learntFrom"] == 80 and model["importance"]["rain"] > 0.8


def test_the_shortest_way_and_what_is_within_reach(attempt: Make) -> None:
    def line(*coordinates: tuple[float, float]) -> dict:
        return {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": coordinates}}

    lines = [line((0, 0), (3, 4)), line((3, 4), (3, 10)), line((0, 0), (0, 50), (3, 10)), line((3, 10), (3, 20))]
    one = attempt("network-analysis", {"lines": lines, "from": [point(1, 0)], "to": [point(3, 11)]}, crs="EPSG:3857")
    assert one.run() == 0, one.log
    (found,) = one.features()
    assert found["properties"] == {"cost": 11.0, "lines": 2}
    assert found["geometry"]["coordinates"] == [[0, 0], [3, 4], [3, 10]]
    (one.out / "manifest.json").unlink()
    reach = attempt("network-analysis", {"lines": lines, "from": [point(0, 0)], "reach": 12}, crs="EPSG:3857")
    assert reach.run() == 0, reach.log
    assert [feature["properties"]["cost"] for feature in reach.features()] == [5.0, 11.0]


def test_density_clusters_on_the_ground(attempt: Make) -> None:
    features = [point(8.3, 47.05), point(8.3005, 47.05), point(8.301, 47.0503), point(8.5, 47.3)]
    made = attempt("cluster-dbscan", {"features": features, "distance": 60, "minPoints": 3})
    assert made.run() == 0, made.log
    assert [feature["properties"]["cluster"] for feature in made.features()] == [0, 0, 0, None]


def test_means_of_two_groups(attempt: Make) -> None:
    features = [point(8.3, 47.05), point(8.3005, 47.051), point(8.54, 47.37), point(8.301, 47.0503), point(8.543, 47.371)]
    made = attempt("cluster-kmeans", {"features": features, "k": 2})
    assert made.run() == 0, made.log
    assert [feature["properties"]["cluster_id"] for feature in made.features()] == [0, 0, 1, 0, 1]


def _raster(path: Path, values: np.ndarray, size: float) -> Path:
    height, width = values.shape
    profile = {"driver": "GTiff", "dtype": "float64", "count": 1, "height": height, "width": width, "nodata": -9999}
    with rasterio.open(path, "w", crs="EPSG:3857", transform=from_origin(0, height * size, size, size), **profile) as target:
        target.write(values, 1)
    return path
