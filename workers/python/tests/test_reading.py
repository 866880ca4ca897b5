"""What inputs may be: GeoJSON, GeoParquet, lengths, boxes, names of coordinate systems, URIs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from honua_worker import storage
from honua_worker.crs import LON_LAT, Crs, reference_of
from honua_worker.faults import InvalidInput, ProcessError
from honua_worker.geojson_reading import read_geojson
from honua_worker.inputs import PARQUET, Inputs
from honua_worker.lengths import length_in
from tests.running import Bench, point


def geoparquet(path: Path, crs: Any = "absent") -> Path:
    facts: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if crs != "absent":
        facts["crs"] = crs
    geo = {"version": "1.1.0", "primary_column": "shape", "columns": {"shape": facts}}
    shapes = [shapely.to_wkb(shapely.Point(1, 2)), None, shapely.to_wkb(shapely.Point())]
    table = pa.table({"shape": pa.array(shapes, pa.binary()), "v": [1.5, float("nan"), 3.0], "name": ["a", "b", None]})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def test_geoparquet_is_read_with_its_system(bench: Bench) -> None:
    path = geoparquet(bench.folder / "a.parquet", {"id": {"authority": "EPSG", "code": 28992}})
    features = Inputs({"features": bench.staged(path, PARQUET)}).features("features")
    assert features.crs.name == "EPSG:28992"
    assert [one["properties"] for one in features.features] == [
        {"v": 1.5, "name": "a"},
        {"v": None, "name": "b"},
        {"v": 3.0, "name": None},
    ]
    assert features.features[0]["geometry"] == {"type": "Point", "coordinates": (1.0, 2.0)}
    assert features.present.tolist() == [0]


def test_geoparquet_without_a_system_is_on_longitude_and_latitude_and_the_request_counts_first(bench: Bench) -> None:
    staged = bench.staged(geoparquet(bench.folder / "a.parquet"), PARQUET)
    assert Inputs({"features": staged}).features("features").crs.name == LON_LAT
    assert Inputs({"features": {**staged, "crs": "EPSG:3857"}}).features("features").crs.name == "EPSG:3857"


@pytest.mark.parametrize("name", ["plain", "unnamed", "text"])
def test_other_parquet_is_refused(bench: Bench, name: str) -> None:
    path = bench.folder / "b.parquet"
    if name == "plain":
        pq.write_table(pa.table({"v": [1]}), path)
    elif name == "unnamed":
        geoparquet(path, None)
    else:
        path.write_text("text")
    with pytest.raises(InvalidInput, match=r"^/inputs/features: "):
        Inputs({"features": bench.staged(path, PARQUET)}).features("features")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no GeoJSON"),
        ('{"type":"FeatureCollection"}', "has no list of features"),
        ('{"type":"FeatureCollection","features":[1]}', "feature 0 is none"),
        ('{"type":"Point","coordinates":["a","b"]}', "the geometry of feature 0 cannot be read"),
        ('{"type":"Point","coordinates":[NaN,1]}', "is no JSON"),
        ('{"type":"Point","coordinates":[1e400,1]}', "the geometry of feature 0 cannot be read"),
        ('{"type":"Circle"}', "the geometry of feature 0 cannot be read"),
    ],
)
def test_what_is_no_geojson_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=f"^/inputs/a: {message}$"):
        read_geojson(text.encode(), "a", Crs(LON_LAT))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EPSG:28992", "EPSG:28992"),
        ("urn:ogc:def:crs:EPSG::28992", "EPSG:28992"),
        ("http://www.opengis.net/def/crs/EPSG/0/28992", "EPSG:28992"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", LON_LAT),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", LON_LAT),
    ],
)
def test_names_of_coordinate_systems(text: str, name: str) -> None:
    assert reference_of(text) == name


def test_a_system_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidInput, match="EPSG:1 is not known"):
        Crs.named("EPSG:1", "a")


def test_lengths_are_in_units_of_the_system() -> None:
    feet = Crs("EPSG:2263")
    assert length_in(feet, 10, "a") == 10
    assert length_in(feet, {"value": 1200, "unit": "Meter"}, "a") == pytest.approx(3937)
    assert length_in(Crs(LON_LAT), {"value": 2, "unit": "nautical_miles"}, "a") == 3704
    with pytest.raises(InvalidInput, match="degrees is no unit of length"):
        length_in(feet, {"value": 1, "unit": "degrees"}, "a")


def test_results_name_their_planar_system(bench: Bench) -> None:
    for crs, named in ((None, None), ("EPSG:28992", "urn:ogc:def:crs:EPSG::28992")):
        ended = bench.run("cluster-kmeans", {"features": bench.features([point(1, 2)], crs), "k": 1})
        written = json.loads(ended.path("result").read_bytes())
        assert written.get("crs", {"properties": {"name": None}})["properties"]["name"] == named


def test_uris_may_have_escapes_and_other_hosts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a b%20é.json"
    path.write_text("{}")
    assert storage.read(path.as_uri()) == b"{}"
    with pytest.raises(ProcessError, match="host 'elsewhere'"):
        storage.read("file://elsewhere/a.json")


def test_a_file_is_created_once_and_whole(tmp_path: Path) -> None:
    uri = (tmp_path / "a.json").as_uri()
    assert storage.create(uri, b"first")
    assert not storage.create(uri, b"second")
    assert storage.read(uri) == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_places_over_the_antimeridian_are_in_the_middle_of_the_whole() -> None:
    halves = [
        [[[179, 0], [180, 0], [180, 1], [179, 1], [179, 0]]],
        [[[-180, 0], [-177, 0], [-177, 1], [-180, 1], [-180, 0]]],
    ]
    text = json.dumps({"type": "MultiPolygon", "coordinates": halves}).encode()
    np.testing.assert_allclose(read_geojson(text, "a", Crs(LON_LAT)).places(), [[181, 0.5]])
