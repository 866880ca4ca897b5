"""Ways over lines with NetworkX: the cheapest one between two points (Dijkstra 1959), or all within a cost."""

import math

import networkx as nx
import numpy as np

from honua_worker.attribute_numbers import attribute_numbers
from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import Numbers
from honua_worker.geojson_writing import FeatureWriter
from honua_worker.inputs import Inputs
from honua_worker.line_network import LineNetwork, Node, Snapped, lengths_of


def run(inputs: Inputs, context: Context) -> None:
    """Lines join where they share a vertex; points join at the nearest place of a line. Lengths are on the ground."""
    if inputs.has("to") == inputs.has("reach"):
        raise InvalidInput("to", "give a place to go to, or how far to reach, and not both")
    lines = inputs.features("lines")
    costs = attribute_numbers(inputs, context, lines, "costField") if inputs.has("costField") else None
    context.progress(5, "Joining lines")
    network = LineNetwork(lines, costs, inputs.boolean("directed", False))
    origins = _snapped(inputs, network, "from")
    if inputs.has("to"):
        _write_path(context, network, origins[0], _snapped(inputs, network, "to")[0])
    else:
        _write_reachable(context, network, origins, inputs.number("reach", above=0))


def _snapped(inputs: Inputs, network: LineNetwork, input_name: str) -> list[Snapped]:
    points = inputs.features(input_name)
    points.require("point")
    if not points.crs.is_same_as(network.crs):
        raise InvalidInput(input_name, f"is in {points.crs.name}, the lines in {network.crs.name}")
    places = points.places()[points.present]
    if len(places) == 0:
        raise InvalidInput(input_name, "has no point")
    farthest = inputs.length("snapDistance", network.crs) if inputs.has("snapDistance") else np.inf
    return [network.snap((x, y), input_name, farthest) for x, y in places.tolist()]


def _write_path(context: Context, network: LineNetwork, origin: Snapped, destination: Snapped) -> None:
    network.put([origin, destination])
    context.progress(50, "Finding the way")
    try:
        nodes = nx.dijkstra_path(network.graph, origin.node, destination.node, weight="cost")
    except nx.NetworkXNoPath as error:
        raise InvalidInput("to", "cannot be reached: no way leads there") from error
    places: Numbers = np.array(nodes if len(nodes) > 1 else nodes * 2)
    properties = {
        "cost": float(nx.path_weight(network.graph, nodes, "cost")),
        "length": float(lengths_of(network.crs, places[:-1], places[1:]).sum()),
        "from_distance": origin.distance,
        "to_distance": destination.distance,
    }
    with context.features("result", network.crs) as result:
        result.write(properties, {"type": "LineString", "coordinates": places.tolist()})


def _write_reachable(context: Context, network: LineNetwork, origins: list[Snapped], most: float) -> None:
    network.put(origins)
    context.progress(50, "Finding what can be reached")
    sources = {origin.node for origin in origins}
    reached = nx.multi_source_dijkstra_path_length(network.graph, sources, cutoff=most, weight="cost")
    with context.features("result", network.crs) as result:
        for start, end, edge in network.graph.edges(data=True):
            back = math.inf if network.graph.is_directed() else reached.get(end, math.inf)
            there, here = shares(reached.get(start, math.inf), back, edge["cost"], most)
            for share, one, other in ((there, start, end), (here, end, start)):
                if share > 0:
                    way = (one, other if share == 1 else tuple(np.add(one, share * np.subtract(other, one)).tolist()))
                    _write_way(result, network, way, reached[one], share * edge["cost"])


def shares(from_start: float, from_end: float, cost: float, most: float) -> tuple[float, float]:
    """
    What of an edge is reached first from its start, and what from its end: as far as the cost lasts, and to where it is
    the same from both. Costs at the ends are infinite where they are not reached.
    """
    if cost == 0:
        return (1.0, 0.0) if from_start <= most else (0.0, 1.0 if from_end <= most else 0.0)
    if math.isinf(from_start) and math.isinf(from_end):
        return 0.0, 0.0
    meeting = min(1.0, max(0.0, (from_end + cost - from_start) / (2 * cost)))
    there = 0.0 if math.isinf(from_start) else max(0.0, min(meeting, (most - from_start) / cost))
    here = 0.0 if math.isinf(from_end) else max(0.0, min(1 - meeting, (most - from_end) / cost))
    return there, here


def _write_way(result: FeatureWriter, network: LineNetwork, way: tuple[Node, Node], base: float, cost: float) -> None:
    places = np.array(way)
    properties = {
        "cost_from": float(base),
        "cost_to": float(base + cost),
        "length": float(lengths_of(network.crs, places[:1], places[1:])[0]),
    }
    result.write(properties, {"type": "LineString", "coordinates": places.tolist()})
