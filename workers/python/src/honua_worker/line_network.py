"""Lines as a network: they meet where they share a vertex, and cost by their length or an attribute."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers

Node = tuple[float, float]


@dataclass(frozen=True)
class Snapped:
    """The place of the network that is nearest to a point: on a segment, so far along it from 0 to 1."""

    node: Node
    segment: int
    along: float
    distance: float


class LineNetwork:
    """
    Its edges are the segments of the lines, from vertex to vertex. Throws InvalidInput where there are none, or where
    `costs`, one for each feature, has one below 0. A feature whose cost is NaN is no way.
    """

    def __init__(self, lines: FeatureSet, costs: Numbers | None, one_way: bool) -> None:
        lines.require("line")
        self.crs = lines.crs
        self.graph: Any = nx.DiGraph() if one_way else nx.Graph()
        self._one_way = one_way
        self.starts, self.ends, owners = _segments(lines, costs)
        if len(owners) == 0:
            raise InvalidInput(lines.input_name, "has no lines that are ways")
        self.lengths = lengths_of(lines.crs, self.starts, self.ends)
        self.costs = self.lengths if costs is None else _shared(costs, owners, self.lengths)
        for start, end, cost in zip(self.starts.tolist(), self.ends.tolist(), self.costs.tolist(), strict=True):
            self.join(tuple(start), tuple(end), cost)

    def join(self, start: Node, end: Node, cost: float) -> None:
        """Of two ways between the same places the cheaper counts."""
        known = self.graph.get_edge_data(start, end)
        if known is None or cost < known["cost"]:
            self.graph.add_edge(start, end, cost=cost)

    def snap(self, place: Node, input_name: str, farthest: float) -> Snapped:
        """Throws InvalidInput where no line is near enough, in units of the system or metres on the ground."""
        scale = np.array([np.cos(np.radians(place[1])) if self.crs.geographic else 1.0, 1.0])
        starts = _near(self.starts - place, self.crs) * scale
        ways = (self.ends - self.starts) * scale
        squares = (ways**2).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            along = np.where(squares == 0, 0, np.clip(-(starts * ways).sum(axis=1) / squares, 0, 1))
        nearest = int(np.argmin(((starts + along[:, None] * ways) ** 2).sum(axis=1)))
        found = self.starts[nearest] + along[nearest] * (self.ends[nearest] - self.starts[nearest])
        distance = float(lengths_of(self.crs, np.array([place]), found[None])[0])
        if distance > farthest:
            raise InvalidInput(input_name, f"lies {distance:.6g} from the network, farther than {farthest:.6g}")
        start, end = self._ends_of(nearest)
        node = {0.0: start, 1.0: end}.get(float(along[nearest]), (float(found[0]), float(found[1])))
        return Snapped(node, nearest, float(along[nearest]), distance)

    def put(self, snapped: list[Snapped]) -> None:
        """Cuts segments at places on them, so that these are nodes."""
        for segment in {one.segment for one in snapped}:
            stops = sorted((one.along, one.node) for one in snapped if one.segment == segment)
            start, end = self._ends_of(segment)
            chain = [(0.0, start), *stops, (1.0, end)]
            self._cut(chain)
            if self._one_way:
                self._cut([(1 - along, node) for along, node in reversed(chain)])

    def _cut(self, chain: list[tuple[float, Node]]) -> None:
        ends = chain[0][1], chain[-1][1]
        if not self.graph.has_edge(*ends):
            return
        cost = self.graph.edges[ends]["cost"]
        self.graph.remove_edge(*ends)
        for (before, one), (after, other) in pairwise(chain):
            if one != other:
                self.join(one, other, (after - before) * cost)

    def _ends_of(self, segment: int) -> tuple[Node, Node]:
        (x0, y0), (x1, y1) = self.starts[segment].tolist(), self.ends[segment].tolist()
        return (x0, y0), (x1, y1)


def lengths_of(crs: Crs, starts: Numbers, ends: Numbers) -> Numbers:
    """In units of a planar system; on longitude and latitude geodesics in metres."""
    if crs.geographic:
        return np.asarray(crs.geod.inv(*starts.T, *ends.T)[2], dtype=np.float64)
    return np.asarray(np.linalg.norm(ends - starts, axis=1))


def _near(apart: Numbers, crs: Crs) -> Numbers:
    """Differences of longitude the short way round."""
    if crs.geographic:
        apart[:, 0] = (apart[:, 0] + 180) % 360 - 180
    return apart


def _segments(lines: FeatureSet, costs: Numbers | None) -> tuple[Numbers, Numbers, NDArray[np.intp]]:
    """Where they start and end, n by 2 each, and the features they belong to."""
    if costs is not None and np.any(costs < 0):
        raise InvalidInput("costField", f"feature {int(np.argmax(costs < 0))} has a cost below 0")
    ways = lines.present if costs is None else lines.present[~np.isnan(costs[lines.present])]
    parts, which = shapely.get_parts(lines.shapes[ways], return_index=True)
    places, part = shapely.get_coordinates(parts, return_index=True)
    inner = np.flatnonzero(part[1:] == part[:-1])
    inner = inner[np.any(places[inner] != places[inner + 1], axis=1)]
    return places[inner], places[inner + 1], np.asarray(ways[which[part[inner]]])


def _shared(costs: Numbers, owners: NDArray[np.intp], lengths: Numbers) -> Numbers:
    """The cost of a feature, divided among its segments by their lengths."""
    whole = np.bincount(owners, weights=lengths, minlength=len(costs))
    return np.asarray(costs[owners] * lengths / whole[owners])
