"""Ways along a network of lines (NetworkX): the shortest one (Dijkstra 1959), or all that is within reach."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..context import Context
from ..coordinates import is_geographic, number_of, place_of
from ..failures import InvalidInput
from ..inputs import Features, Inputs

Node = tuple[float, float]


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: a line from `from` to `to` with its cost, or the lines within `reach` of `from` with theirs.

    Lines are joined where they share an end. Costs are lengths (metres on longitude and latitude), or `costField`.
    """
    import networkx as nx

    lines = inputs.features("lines")
    graph = build(lines, inputs.get("costField"), inputs.get("directed", False) is True)
    if graph.number_of_nodes() == 0:
        raise InvalidInput("lines: has no line.")
    start = nearest(graph, inputs.features("from"), lines.crs)
    if inputs.has("to"):
        end = nearest(graph, inputs.features("to"), lines.crs)
        try:
            nodes = nx.dijkstra_path(graph, start, end, weight="cost")
        except nx.NetworkXNoPath as error:
            raise InvalidInput("to: no way leads there.") from error
        context.give_features("result", [way(graph, nodes)], lines.crs)
        return
    if not inputs.has("reach"):
        raise InvalidInput("to: is required, or a reach.")
    costs = nx.single_source_dijkstra_path_length(graph, start, cutoff=inputs.number("reach"), weight="cost")
    context.give_features("result", reached(graph, costs, inputs.number("reach")), lines.crs)


def build(lines: Features, cost_field: str | None, directed: bool) -> Any:
    """A graph of ends and lines; of two lines between the same ends the cheaper counts."""
    import networkx as nx

    graph: Any = nx.DiGraph() if directed else nx.Graph()
    for feature in lines.features:
        for coordinates in _parts(feature.get("geometry")):
            cost = _length(coordinates, lines.crs) if cost_field is None else number_of(feature, cost_field)
            if cost is None or cost < 0:
                raise InvalidInput(f"costField: every line needs a number of at least 0 in '{cost_field}'.")
            first, last = _node(coordinates[0]), _node(coordinates[-1])
            known = graph.get_edge_data(first, last)
            if known is None or cost < known["cost"]:
                graph.add_edge(first, last, cost=cost, line=coordinates, first=first)
    return graph


def nearest(graph: Any, features: Features, crs: str) -> Node:
    """The end of a line that is nearest to the one point of an input."""
    places = [place for place in map(place_of, features.features) if place is not None]
    if len(places) != 1:
        raise InvalidInput(f"{features.name}: must be one point.")
    if features.crs != crs:
        raise InvalidInput(f"{features.name}: is in another coordinate system than the lines.")
    found: Node = min(graph.nodes, key=lambda node: _length([node, places[0]], crs))
    return found


def way(graph: Any, nodes: list[Node]) -> dict[str, Any]:
    """The lines between nodes one after the other, as one."""
    coordinates: list[Any] = [list(nodes[0])] if len(nodes) == 1 else []
    cost = 0.0
    for here, there in itertools.pairwise(nodes):
        edge = graph.edges[here, there]
        line = edge["line"] if edge["first"] == here else edge["line"][::-1]
        coordinates.extend(line if not coordinates else line[1:])
        cost += edge["cost"]
    if len(coordinates) == 1:
        coordinates *= 2
    return {
        "type": "Feature",
        "properties": {"cost": cost, "lines": len(nodes) - 1},
        "geometry": {"type": "LineString", "coordinates": coordinates},
    }


def reached(graph: Any, costs: dict[Node, float], reach: float) -> Iterator[dict[str, Any]]:
    """The lines that are within reach to their far end, with the cost to there."""
    for here, there, edge in graph.edges(data=True):
        ends = [here] if graph.is_directed() else [here, there]
        cost = min((costs[end] for end in ends if end in costs), default=math.inf) + edge["cost"]
        if cost <= reach:
            yield {
                "type": "Feature",
                "properties": {"cost": cost},
                "geometry": {"type": "LineString", "coordinates": edge["line"]},
            }


def _node(position: Sequence[float]) -> Node:
    return float(position[0]), float(position[1])


def _parts(geometry: dict[str, Any] | None) -> list[list[Any]]:
    if geometry is None:
        return []
    if geometry["type"] == "LineString":
        return [geometry["coordinates"]]
    if geometry["type"] == "MultiLineString":
        return list(geometry["coordinates"])
    raise InvalidInput("lines: must be lines.")


def _length(coordinates: Any, crs: str) -> float:
    if not is_geographic(crs):
        return sum(math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(coordinates))
    from pyproj import Geod

    return float(Geod(ellps="WGS84").line_length([c[0] for c in coordinates], [c[1] for c in coordinates]))
