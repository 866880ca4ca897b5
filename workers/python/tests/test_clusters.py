"""Clusters by density and around means, as the operations of tier 1 find them."""

from typing import Any

import numpy as np
import pytest

from honua_worker.k_means import k_means
from tests.running import Bench, point

CRS = "EPSG:28992"


def test_places_that_are_close_on_the_ground_are_one_cluster(bench: Bench) -> None:
    places = {"a": (8.3000, 47.0500), "b": (8.3005, 47.0500), "c": (8.3010, 47.0503), "d": (8.5000, 47.3000)}
    features = [point(x, y, name=name) for name, (x, y) in places.items()]
    inputs = {"features": bench.features(features), "distance": 60, "minPoints": 3}
    clusters = [one["properties"] for one in bench.run("cluster-dbscan", inputs).features()]
    assert clusters == [{"name": name, "cluster": 0 if name != "d" else None} for name in places]


def test_one_degree_is_not_as_long_everywhere(bench: Bench) -> None:
    """0.001° of longitude are 111.3 m at the equator and 55.8 m at 60° north; over the antimeridian too."""
    pairs = [(0, 0), (0.001, 0), (0, 60), (0.001, 60), (179.9995, -60), (-179.9995, -60)]
    inputs = {
        "features": bench.features([point(x, y) for x, y in pairs]),
        "distance": {"value": 0.056, "unit": "km"},
        "minPoints": 2,
    }
    found = [one["properties"]["cluster"] for one in bench.run("cluster-dbscan", inputs).features()]
    assert found == [None, None, 0, 0, 1, 1]


def test_clusters_are_numbered_by_their_first_cores_and_borders_go_to_the_nearest(bench: Bench) -> None:
    xs = [50, 20, 21, 22, 23, 10, 11, 12, 13, 16.4, 99]
    inputs = {
        "features": bench.features([point(x, 0, at=x) for x in xs], CRS),
        "distance": 3.7,
        "minPoints": 4,
    }
    found = {
        one["properties"]["at"]: one["properties"]["cluster"] for one in bench.run("cluster-dbscan", inputs).features()
    }
    assert [found[x] for x in xs] == [None, 0, 0, 0, 0, 1, 1, 1, 1, 1, None]


def test_shapes_are_as_far_apart_as_their_nearest_points(bench: Bench) -> None:
    def line(x: float) -> dict[str, Any]:
        geometry = {"type": "LineString", "coordinates": [[x, 0], [x + 10, 0]]}
        return {"type": "Feature", "id": f"line-{x}", "properties": None, "geometry": geometry}

    nowhere: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}
    features = [line(0), line(11), line(23), nowhere]
    inputs = {"features": bench.features(features, CRS), "distance": 1, "minPoints": 2}
    result = bench.run("cluster-dbscan", inputs).features()
    assert [one["properties"]["cluster"] for one in result] == [0, 0, None, None]
    assert [one.get("id") for one in result] == ["line-0", "line-11", "line-23", None]
    assert [one["geometry"] for one in result] == [one["geometry"] for one in features]


def test_lines_in_degrees_are_refused_and_told_why(bench: Bench) -> None:
    geometry = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    features = bench.features([{"type": "Feature", "properties": {}, "geometry": geometry}])
    error = bench.run("cluster-dbscan", {"features": features, "distance": 1}).error
    assert error["message"].startswith("/inputs/features: has lines or areas on longitude and latitude")


def test_groups_around_means(bench: Bench) -> None:
    places = [(8.3000, 47.0500), (8.3005, 47.0510), (8.5400, 47.3700), (8.3010, 47.0503), (8.5430, 47.3710)]
    features = [point(x, y) for x, y in places]
    features.insert(2, {"type": "Feature", "properties": {}, "geometry": None})
    result = bench.run("cluster-kmeans", {"features": bench.features(features), "k": 2}).features()
    assert [one["properties"]["cluster_id"] for one in result] == [0, 0, None, 1, 0, 1]


def test_a_group_over_the_antimeridian_is_one(bench: Bench) -> None:
    island = (
        [[[179, 0], [180, 0], [180, 1], [179, 1], [179, 0]]],
        [[[-180, 0], [-179, 0], [-179, 1], [-180, 1], [-180, 0]]],
    )
    fiji = {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": list(island)}}
    features = [fiji, point(0, 0), point(178, 0), point(1, 0), point(-178, 0)]
    result = bench.run("cluster-kmeans", {"features": bench.features(features), "k": 2}).features()
    assert [one["properties"]["cluster_id"] for one in result] == [0, 1, 0, 1, 0]


def test_fewer_places_than_groups_give_fewer_and_say_so(bench: Bench) -> None:
    features = bench.features([point(0, 0), point(0, 0), point(1, 1)], CRS)
    ended = bench.run("cluster-kmeans", {"features": features, "k": 3})
    assert [one["properties"]["cluster_id"] for one in ended.features()] == [0, 0, 1]
    assert ended.texts() == ["Only 2 clusters were found"]


def test_each_place_is_in_the_group_of_its_nearest_mean_and_the_sum_is_near_the_best() -> None:
    rng = np.random.default_rng(11)
    places = rng.normal(size=(600, 2)) + rng.integers(0, 4, (600, 1)) * [12.0, 9.0]
    members = k_means(places, 4)
    centres = np.array([places[members == one].mean(axis=0) for one in range(4)])
    apart = np.linalg.norm(places[:, None] - centres[None], axis=2)
    np.testing.assert_array_equal(apart.argmin(axis=1), members)
    from sklearn.cluster import KMeans

    best = KMeans(4, n_init=20, random_state=0).fit(places).inertia_
    assert (apart.min(axis=1) ** 2).sum() == pytest.approx(best, rel=1e-6)
    first_seen = [int(np.flatnonzero(members == one)[0]) for one in range(4)]
    assert first_seen == sorted(first_seen)
