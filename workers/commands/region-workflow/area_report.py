"""Reports on the parts of a region: their areas in square degrees, the largest first. It knows of files alone."""

import argparse
import json
from pathlib import Path


def ring_area(ring):
    """Signed, by the shoelace formula."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:])) / 2


def polygons(geometry):
    if geometry is None:
        return []
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    if geometry["type"] == "MultiPolygon":
        return geometry["coordinates"]
    return [part for inner in geometry.get("geometries", []) for part in polygons(inner)]


def area(rings):
    return abs(ring_area(rings[0])) - sum(abs(ring_area(hole)) for hole in rings[1:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("region", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--top", type=int, default=3)
    given = parser.parse_args()
    document = json.loads(given.region.read_text())
    features = document["features"] if document["type"] == "FeatureCollection" else [document]
    parts = [part for feature in features for part in polygons(feature.get("geometry", feature))]
    if not parts:
        parser.error("the region has no polygon")
    parts.sort(key=area, reverse=True)
    given.out.mkdir(parents=True, exist_ok=True)
    for index, rings in enumerate(parts[: given.top], start=1):
        geometry = {"type": "Polygon", "coordinates": rings}
        feature = {"type": "Feature", "properties": {"rank": index, "area": area(rings)}, "geometry": geometry}
        (given.out / f"part-{index}.geojson").write_text(json.dumps(feature))
    summary = {"parts": len(parts), "area": sum(map(area, parts)), "largest": area(parts[0])}
    (given.out / "summary.json").write_text(json.dumps(summary))
    lines = [f"{summary['parts']} parts", *(f"{at}. {area(rings):.6f}" for at, rings in enumerate(parts[: given.top], 1))]
    (given.out / "report.txt").write_text("\n".join(lines) + "\n")
    print(f"Reported on {len(parts)} parts.")


main()
