"""NDVI of a scene of Landsat 7: see fixtures/landsat/ORIGIN.md."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from tests.running import Bench

SCENE = Path(__file__).parent / "fixtures/landsat/L7_ETMs.tif"


def test_mean_of_the_scene_is_as_published(bench: Bench) -> None:
    ended = bench.run("ndvi", {"raster": bench.raster(SCENE), "redBand": 3, "nearInfraredBand": 4})
    assert ended.code == 0
    with rasterio.open(SCENE) as scene, rasterio.open(ended.path("index")) as result:
        values = result.read(1)
        # The summary of the package stars: mean -0.0643.
        assert np.nanmean(values) == pytest.approx(-0.0643, abs=5e-5)
        red, infrared = scene.read(3).astype(float), scene.read(4).astype(float)
        assert values[100, 200] == pytest.approx(
            (infrared[100, 200] - red[100, 200]) / (infrared[100, 200] + red[100, 200]), abs=1e-7
        )
        assert (result.crs, result.transform) == (scene.crs, scene.transform)
        assert ended.outputs["statistics"]["value"] == {
            "count": values.size,
            "min": pytest.approx(values.min()),
            "max": pytest.approx(values.max()),
            "mean": pytest.approx(-0.0643, abs=5e-5),
        }
        assert result.profile["tiled"]
        assert result.profile["compress"] == "deflate"


def test_bands_of_two_files_give_the_same_and_no_data_stays_none(bench: Bench, tmp_path: Path) -> None:
    with rasterio.open(SCENE) as scene:
        profile = {**scene.profile, "count": 1, "nodata": 255}
        for band in (3, 4):
            with rasterio.open(tmp_path / f"{band}.tif", "w", **profile) as one:
                values = scene.read(band)
                if band == 3:
                    values[0, 0] = 255
                one.write(values, 1)
    inputs = {"raster": bench.raster(tmp_path / "3.tif"), "nearInfraredRaster": bench.raster(tmp_path / "4.tif")}
    with rasterio.open(bench.run("ndvi", inputs).path("index")) as result:
        values = result.read(1)
        assert np.isnan(values[0, 0])
        assert np.isfinite(values[0, 1])
        # One value less hardly moves the mean; those of 255 in the band of the near infrared are none.
        assert np.nanmean(values) == pytest.approx(-0.0643, abs=1e-3)


def test_what_is_wrong_is_named(bench: Bench, tmp_path: Path) -> None:
    ended = bench.run("ndvi", {"raster": bench.raster(SCENE), "redBand": 3, "nearInfraredBand": 7})
    assert (ended.code, ended.error["reason"]) == (2, "invalid-input")
    assert ended.error["message"] == "/inputs/nearInfraredBand: there is no band 7, raster has 6 bands"


def test_a_raster_that_is_none_is_refused(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    ended = bench.run("ndvi", {"raster": bench.raster(tmp_path / "text.tif"), "redBand": 1, "nearInfraredBand": 2})
    assert ended.error == {"reason": "invalid-input", "message": "/inputs/raster: is no GeoTIFF that can be read"}


def test_rasters_of_different_systems_are_refused(bench: Bench, tmp_path: Path) -> None:
    with rasterio.open(SCENE) as scene:
        moved = {**scene.profile, "count": 1, "crs": "EPSG:32725"}
        with rasterio.open(tmp_path / "moved.tif", "w", **moved) as one:
            one.write(scene.read(4), 1)
    inputs = {"raster": bench.raster(SCENE), "redBand": 3, "nearInfraredRaster": bench.raster(tmp_path / "moved.tif")}
    ended = bench.run("ndvi", inputs)
    assert ended.error["message"] == "/inputs/nearInfraredRaster: is in another coordinate system than raster"
