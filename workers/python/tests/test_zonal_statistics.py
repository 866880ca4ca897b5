"""Statistics in zones: known cells, and every cell looked at by itself."""

from typing import Any

import numpy as np
import pytest
import shapely

from honua_worker import raster
from tests.rasters import write_raster
from tests.running import Bench

CRS = "EPSG:32631"
WEST, NORTH = 500_000, 5_000_000


def zone(west: float, north: float, east: float, south: float, **properties: Any) -> dict[str, Any]:
    """In cells of 10 m from the north-west corner of the raster."""
    west, east = WEST + 10 * west, WEST + 10 * east
    north, south = NORTH - 10 * north, NORTH - 10 * south
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_known_cells_have_known_statistics(bench: Bench) -> None:
    cells = np.array([[1, 2, 2, 9], [4, 255, 2, 9], [9, 9, 9, 9]], dtype=np.uint8)
    path = write_raster(bench.folder / "cells.tif", cells, nodata=255)
    zones = [zone(0, 0, 3, 2, name="left"), zone(1, 1, 2, 2, name="none"), zone(90, 90, 99, 99), zone(-5, 2, 9, 9)]
    zones.append({"type": "Feature", "properties": {"name": "nowhere"}, "geometry": None})
    ended = bench.run("zonal-statistics", {"raster": bench.raster(path), "zones": bench.features(zones, CRS)})
    found = [one["properties"] for one in ended.features()]
    assert found[0] == {
        "name": "left",
        "zonal_count": 5,
        "zonal_min": 1,
        "zonal_max": 4,
        "zonal_mean": 2.2,
        "zonal_sum": 11,
        "zonal_std": pytest.approx(np.std([1, 2, 2, 4, 2])),
        "zonal_median": 2,
        "zonal_majority": 2,
    }
    assert found[1] == {"name": "none", "zonal_count": 0} | dict.fromkeys(list(found[0])[2:])
    assert [one["zonal_count"] for one in found] == [5, 0, 0, 4, 0]
    assert ended.texts() == ["3 of 5 zones have no cells with values."]


def test_every_cell_with_its_middle_in_a_zone_counts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "WINDOW_ROWS", 16)
    monkeypatch.setattr(raster, "WINDOW_COLUMNS", 16)
    rng = np.random.default_rng(8)
    cells = rng.integers(0, 40, (70, 90)).astype(np.float32)
    cells[rng.random((70, 90)) < 0.1] = np.nan
    path = write_raster(bench.folder / "cells.tif", cells)
    shape = (
        shapely.Point(WEST + 431, NORTH - 344).buffer(287).difference(shapely.Point(WEST + 500, NORTH - 300).buffer(90))
    )
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
    inputs = {"raster": bench.raster(path), "zones": bench.features([feature], CRS)}
    (found,) = (one["properties"] for one in bench.run("zonal-statistics", inputs).features())
    rows, columns = np.mgrid[0:70, 0:90]
    inside = shapely.contains_xy(shape, WEST + 10 * columns + 5, NORTH - 10 * rows - 5) & ~np.isnan(cells)
    values = cells[inside].astype(float)
    assert found["zonal_count"] == len(values)
    assert found["zonal_mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert found["zonal_std"] == pytest.approx(values.std(), rel=1e-12)
    assert found["zonal_median"] == np.median(values)
    assert found["zonal_majority"] == np.bincount(values.astype(int)).argmax()


def test_zones_of_another_system_are_brought_into_that_of_the_raster(bench: Bench) -> None:
    from pyproj import Transformer

    path = write_raster(bench.folder / "cells.tif", np.arange(12, dtype=np.float64).reshape(3, 4))
    planar = zone(0.2, 0.2, 1.8, 1.8)
    to_degrees = Transformer.from_crs(CRS, "OGC:CRS84", always_xy=True).transform
    ring = [list(to_degrees(*place)) for place in planar["geometry"]["coordinates"][0]]
    planar["geometry"]["coordinates"] = [ring]
    ended = bench.run("zonal-statistics", {"raster": bench.raster(path), "zones": bench.features([planar])})
    (feature,) = ended.features()
    assert (feature["properties"]["zonal_count"], feature["properties"]["zonal_sum"]) == (4, 0 + 1 + 4 + 5)
    assert feature["geometry"]["coordinates"] == [ring]
    assert ended.texts() == ["The zones were brought into the coordinate system of the raster."]
