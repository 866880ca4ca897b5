"""Planes, of which slope, aspect and shade are known; and what holds for any heights."""

from typing import Any

import numpy as np
import pytest

from honua_worker import raster
from tests.rasters import read_band, write_raster
from tests.running import Bench, Ended

ROWS, COLUMNS = np.mgrid[0:40, 0:60].astype(np.float64)


def plane(east: float, north: float, size: float = 10) -> Any:
    """Heights that rise by so much per metre."""
    return (100 + COLUMNS * size * east - ROWS * size * north).astype(np.float64)


def run(bench: Bench, heights: Any, options: dict[str, Any] | None = None, **file: Any) -> Ended:
    path = write_raster(bench.folder / "heights.tif", heights, **file)
    return bench.run("slope-aspect-hillshade", {"raster": bench.raster(path), **(options or {})})


@pytest.mark.parametrize(
    ("east", "north", "aspect"), [(-1, 0, 90), (1, 0, 270), (0, 1, 180), (0, -1, 0), (1, 1, 225), (-0.5, 0.5, 135)]
)
def test_planes_have_their_slope_and_aspect(bench: Bench, east: float, north: float, aspect: float) -> None:
    ended = run(bench, plane(east, north))
    slope = read_band(ended.path("slope"))
    assert np.isnan(slope[0]).all()
    assert np.isnan(slope[:, -1]).all()
    np.testing.assert_allclose(slope[1:-1, 1:-1], np.degrees(np.arctan(np.hypot(east, north))), rtol=1e-6)
    np.testing.assert_allclose(read_band(ended.path("aspect"))[1:-1, 1:-1], aspect, atol=1e-4)


def test_light_that_falls_straight_on_a_plane_is_full(bench: Bench) -> None:
    """The light comes from the north-west at 45°: on a plane that faces it, on a level one, on one turned away."""
    shades = []
    for east, north in ((np.sqrt(0.5), -np.sqrt(0.5)), (0, 0), (-np.sqrt(2), np.sqrt(2))):
        shade = read_band(run(bench, plane(east, north)).path("hillshade"))
        assert shade[0, 0] == 0
        shades.append(int(shade[5, 5]))
    assert shades == [255, round(1 + 254 * np.sqrt(0.5)), 1]


def test_percent_and_a_factor_for_heights_in_feet(bench: Bench) -> None:
    ended = run(bench, plane(0.5, 0), {"slopeUnit": "percent", "zFactor": 0.3048})
    assert read_band(ended.path("slope"))[5, 5] == pytest.approx(15.24, rel=1e-6)


def test_on_longitude_and_latitude_cells_are_as_long_as_on_the_ground(bench: Bench) -> None:
    """At 60° north, where a thousandth of a degree is 55.80 m to the east and 111.41 m to the north."""
    size = 0.001
    east = run(bench, COLUMNS * 55.80, {"slopeUnit": "percent"}, crs="EPSG:4326", west=10, north=60.02, size=size)
    assert read_band(east.path("slope"))[20, 20] == pytest.approx(100, rel=1e-3)
    north = run(bench, ROWS * 111.41, {"slopeUnit": "percent"}, crs="EPSG:4326", west=10, north=60.02, size=size)
    assert read_band(north.path("slope"))[20, 20] == pytest.approx(100, rel=1e-3)


def test_flat_cells_face_nowhere_and_cells_without_height_have_nothing(bench: Bench) -> None:
    heights = plane(0, 0)
    heights[10, 10] = -9999
    ended = run(bench, heights, nodata=-9999)
    slope, aspect = read_band(ended.path("slope")), read_band(ended.path("aspect"))
    assert (aspect[1:8, 1:-1] == -1).all()
    assert np.isnan(aspect[9:12, 9:12]).all()
    assert np.isnan(slope[9:12, 9:12]).all()
    assert slope[12, 12] == 0


def test_windows_leave_no_seams(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    heights = np.random.default_rng(2).normal(size=(40, 60))
    whole = read_band(run(bench, heights).path("slope"))
    monkeypatch.setattr(raster, "WINDOW_ROWS", 16)
    monkeypatch.setattr(raster, "WINDOW_COLUMNS", 16)
    np.testing.assert_array_equal(read_band(run(bench, heights).path("slope")), whole)


def test_only_what_is_wanted_is_written(bench: Bench) -> None:
    path = write_raster(bench.folder / "heights.tif", plane(1, 0))
    ended = bench.run("slope-aspect-hillshade", {"raster": bench.raster(path)}, ["aspect"])
    assert list(ended.outputs) == ["aspect"]
    assert not (bench.output / "slope.tif").exists()
