"""Every process in a process of its own, where all but its two folders is read-only, in a mount namespace."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from honua_worker.scripts import SCRIPTS
from tests.rasters import write_raster
from tests.running import Bench, point

CRS = "EPSG:32631"
READ_ONLY = """
mount --bind "$1" "$1" && mount --bind "$2" "$2" && mount -o remount,bind,ro / || exit 99
for one in /tmp /dev/shm; do mountpoint -q "$one" && mount -o remount,bind,ro "$one"; done
touch "$3" 2>/dev/null && exit 98
shift 3
exec "$@"
"""
Inputs = dict[str, Any]


def surface(bench: Bench) -> Inputs:
    places = np.random.default_rng(1).uniform(0, 100, (30, 2)).tolist()
    return {"features": bench.features([point(x, y, v=x + y) for x, y in places], CRS), "valueField": "v"}


def clusters(bench: Bench) -> Inputs:
    return {**surface(bench), "distance": 20, "k": 3}


def classes(bench: Bench) -> Inputs:
    features = [point(n, n, v=n, label="a" if n < 20 else "b") for n in range(40)]
    return {"features": bench.features(features, CRS), "attributes": ["v"], "labelField": "label"}


def rasters(bench: Bench) -> Inputs:
    cells = np.random.default_rng(2).uniform(1, 2, (2, 30, 40))
    raster = bench.raster(write_raster(bench.folder / "cells.tif", *cells))
    ring = [[500_010, 4_999_900], [500_200, 4_999_900], [500_200, 4_999_990], [500_010, 4_999_900]]
    zone = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    zones = bench.features([zone], CRS, "zones")
    return {"raster": raster, "rasters": [raster], "expression": "A + B", "zones": zones}


def network(bench: Bench) -> Inputs:
    geometry = {"type": "LineString", "coordinates": [[0, 0], [10, 0], [10, 10]]}
    lines = [{"type": "Feature", "properties": {}, "geometry": geometry}]
    ends = {name: bench.features([point(*place)], CRS, name) for name, place in {"from": (0, 0), "to": (9, 9)}.items()}
    return {"lines": bench.features(lines, CRS, "lines"), **ends}


MAKERS: dict[str, Callable[[Bench], Inputs]] = {
    "batch-check": lambda _: {"rung": "store"},
    **dict.fromkeys(("interpolate-idw", "interpolate-kriging", "interpolate-spline"), surface),
    **dict.fromkeys(("cluster-dbscan", "cluster-kmeans"), clusters),
    "hot-spot": lambda bench: {**surface(bench), "permutations": 9},
    "spatial-autocorrelation": lambda bench: {**surface(bench), "neighbourhood": "nearest"},
    **dict.fromkeys(("ndvi", "slope-aspect-hillshade", "raster-algebra", "zonal-statistics"), rasters),
    "classify": classes,
    "network-analysis": network,
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_writes_to_its_two_folders_only(bench: Bench, script: str) -> None:
    bench.write_inputs(script, MAKERS[script](bench), None, {})
    folders = [str(bench.output), str(bench.scratch), str(bench.folder / "not-writable")]
    worker = [sys.executable, "-m", "honua_worker", "run"]
    unshare = ["unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh", *folders, *worker]
    process = subprocess.Popen(
        unshare, env=bench.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
    )
    ended = bench.ended(process)
    if ended.code == 99 or "unshare" in ended.errors:
        pytest.skip(f"no mount namespace: {ended.errors}")
    assert ended.code == 0, ended
    assert list(bench.scratch.iterdir()) == []
    files = {entry["rel"] for entry in ended.outputs.values() if "rel" in entry}
    assert {path.name for path in bench.output.iterdir()} == files | {"manifest.json", "progress.json"}
    assert {artifact["path"] for artifact in ended.manifest["artifacts"]} == files
    for output in ended.outputs:
        if "rel" in ended.outputs[output]:
            assert ended.path(output).stat().st_size > 0
