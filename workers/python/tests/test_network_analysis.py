"""Ways over lines: small networks that can be seen through, and the ground of the earth."""

from typing import Any

import pytest
from pyproj import Geod

from honua_worker.processes.network_analysis import shares
from tests.running import Bench, point

CRS = "EPSG:32631"


def line(*places: tuple[float, float], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": [list(place) for place in places]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


# A square of 100 m with a shortcut that is a slow way, and a line that crosses it without a common vertex.
SQUARE = [
    line((0, 0), (100, 0), minutes=1),
    line((100, 0), (100, 100), minutes=1),
    line((0, 0), (0, 100), (100, 100), minutes=4),
    line((0, 0), (100, 100), minutes=30),
    line((-50, 50), (50, 40), minutes=1),
]


def ends(origins: list[Any], destinations: list[Any] | None = None) -> dict[str, Any]:
    return {"from": origins} if destinations is None else {"from": origins, "to": destinations}


def run(bench: Bench, lines: list[dict[str, Any]], crs: str | None = CRS, **inputs: Any) -> Any:
    points: dict[str, Any] = {
        name: bench.features([point(*place) for place in inputs.pop(name)], crs, name)
        for name in ("from", "to")
        if name in inputs
    }
    return bench.run("network-analysis", {"lines": bench.features(lines, crs, "lines"), **points, **inputs})


def path(bench: Bench, lines: list[dict[str, Any]], **inputs: Any) -> tuple[list[Any], dict[str, float]]:
    (feature,) = run(bench, lines, **inputs).features()
    return feature["geometry"]["coordinates"], feature["properties"]


def test_the_shortest_way_is_straight_and_the_cheapest_goes_round(bench: Bench) -> None:
    places, found = path(bench, SQUARE, **ends([(0, 0)], [(100, 100)]))
    assert places == [[0, 0], [100, 100]]
    assert found["cost"] == found["length"] == pytest.approx(2**0.5 * 100)
    places, found = path(bench, SQUARE, **ends([(0, 0)], [(100, 100)]), costField="minutes")
    assert places == [[0, 0], [100, 0], [100, 100]]
    assert (found["cost"], found["length"]) == (2, 200)


def test_points_join_at_the_nearest_place_and_costs_are_shared_by_length(bench: Bench) -> None:
    places, found = path(bench, SQUARE[:3], **ends([(25, -5)], [(0, 50)]), costField="minutes")
    assert places == [[25, 0], [0, 0], [0, 50]]
    assert found == {"cost": pytest.approx(0.25 + 1), "length": 75, "from_distance": 5, "to_distance": 0}


def test_both_ends_on_one_segment(bench: Bench) -> None:
    for start, end in ((70, 20), (20, 70)):
        places, found = path(bench, SQUARE, **ends([(start, 1)], [(end, 1)]))
        assert places == [[start, 0], [end, 0]]
        assert found["cost"] == pytest.approx(50)


def test_one_way_lines_lead_one_way(bench: Bench) -> None:
    places, _ = path(bench, SQUARE[:3], **ends([(20, 0)], [(70, 0)]), directed=True)
    assert places == [[20, 0], [70, 0]]
    error = run(bench, SQUARE[:3], **ends([(70, 0)], [(20, 0)]), directed=True).error
    assert error["message"] == "/inputs/to: cannot be reached: no way leads there"


def test_lines_that_cross_without_a_vertex_do_not_meet(bench: Bench) -> None:
    error = run(bench, SQUARE, **ends([(0, 0)], [(-50, 50)])).error
    assert error["message"] == "/inputs/to: cannot be reached: no way leads there"


def test_lengths_on_longitude_and_latitude_are_geodesic(bench: Bench) -> None:
    lines = [line((10, 60), (10.5, 60), (10.5, 60.5))]
    _, found = path(bench, lines, crs=None, **ends([(10.25, 60.01)], [(10.5, 60.5)]))
    measure = Geod(ellps="WGS84")
    wanted = measure.inv(10.25, 60, 10.5, 60)[2] + measure.inv(10.5, 60, 10.5, 60.5)[2]
    # The first edge is straight in degrees, so cutting it makes geodesics that are a little longer together.
    assert found["length"] == pytest.approx(wanted, rel=1e-9)
    assert found["from_distance"] == pytest.approx(1114, abs=1)


def test_what_can_be_reached_ends_where_the_cost_does(bench: Bench) -> None:
    """From the middle of the south side 80 m: to the corners, and 30 m up on both sides."""
    ended = run(bench, SQUARE[:3], **ends([(50, 0)]), reach=80)
    found = {
        (tuple(one["geometry"]["coordinates"][0]), tuple(one["geometry"]["coordinates"][1])): one["properties"]
        for one in ended.features()
    }
    assert {way: one["cost_to"] for way, one in found.items()} == {
        ((50, 0), (0, 0)): 50,
        ((50, 0), (100, 0)): 50,
        ((0, 0), (0, 30)): 80,
        ((100, 0), (100, 30)): 80,
    }
    assert sum(one["length"] for one in found.values()) == pytest.approx(160)


def test_a_ring_is_reached_from_both_sides_and_no_part_twice(bench: Bench) -> None:
    ended = run(bench, SQUARE[:3], **ends([(0, 0)]), reach=1000)
    assert sum(one["properties"]["length"] for one in ended.features()) == pytest.approx(400)
    assert max(one["properties"]["cost_to"] for one in ended.features()) == pytest.approx(200)


def test_several_origins_each_reach_what_is_nearest(bench: Bench) -> None:
    ended = run(bench, SQUARE[:1], **ends([(10, 0), (90, 0)]), reach=1000)
    assert sum(one["properties"]["length"] for one in ended.features()) == pytest.approx(100)
    assert max(one["properties"]["cost_to"] for one in ended.features()) == pytest.approx(40)


@pytest.mark.parametrize(
    ("costs", "wanted"),
    [
        ((0, 10, 10, 20), (1, 0)),
        ((0, 10, 10, 4), (0.4, 0)),
        ((0, 6, 10, 20), (0.8, 0.2)),
        ((0, 6, 10, 7), (0.7, 0.1)),
        ((3, float("inf"), 10, 8), (0.5, 0)),
        ((float("inf"), float("inf"), 10, 8), (0, 0)),
    ],
)
def test_shares_of_an_edge(costs: tuple[float, float, float, float], wanted: tuple[float, float]) -> None:
    assert shares(*costs) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("lines", "changed", "message"),
    [
        ([point(0, 0)], {}, "/inputs/lines: takes line features only, and feature 0 is none"),
        ([], {}, "/inputs/lines: has no lines that are ways"),
        (SQUARE, {"snapDistance": 1, "from": [(50, -2)]}, "/inputs/from: lies 2 from the network, farther than 1"),
        (SQUARE, {"costField": "euro"}, "/inputs/costField: no feature has the attribute euro"),
        (
            [line((0, 0), (9, 9), minutes=-1)],
            {"costField": "minutes"},
            "/inputs/costField: feature 0 has a cost below 0",
        ),
        (SQUARE, {"reach": 5}, "/inputs/to: give a place to go to, or how far to reach, and not both"),
    ],
)
def test_what_is_wrong_is_named(bench: Bench, lines: list[Any], changed: dict[str, Any], message: str) -> None:
    error = run(bench, lines, **{**ends([(0, 0)], [(100, 100)]), **changed}).error
    assert error == {"reason": "invalid-input", "message": message}
