"""The way of a job, one rung at a time: that it runs, that it stores, what it has, and that it computes alike."""

import importlib
import os
import platform
from typing import Any

import numpy as np

from honua_worker.context import Context
from honua_worker.crs import Crs
from honua_worker.faults import ProcessError
from honua_worker.geojson_reading import features_of
from honua_worker.inputs import Inputs
from honua_worker.samples import Samples
from honua_worker.variogram import Variogram

RUNGS = ("hello", "store", "imports", "region")
OBJECT_BYTES = 1 << 20
POINTS, CELLS, SIDE = 200, 50, 10_000.0


def run(inputs: Inputs, context: Context) -> None:
    rung = inputs.text("rung", "hello", among=RUNGS)
    report: dict[str, Any] = {"rung": rung, "try": int(os.environ.get("AWS_BATCH_JOB_ATTEMPT") or 1)}
    report |= _store(context, OBJECT_BYTES if rung == "store" else 0)
    if rung == "imports":
        report["versions"] = {"python": platform.python_version(), **_versions()}
    if rung == "region":
        report |= _summary(inputs.integer("region", 0, least=0, most=24))
    context.value("report", report)


def _store(context: Context, size: int) -> dict[str, Any]:
    path = context.scratch / "object.bin"
    path.write_bytes(bytes(at % 251 for at in range(size)))
    stored = context.file(path, path.name, "object", "application/octet-stream")
    context.output_of_file("object", "object")
    return {"size": stored.size, "sha256": stored.sha256}


def _versions() -> dict[str, str]:
    """Of everything that a script of this worker imports."""
    from honua_worker.scripts import BASICS, SCRIPTS

    names = sorted({*BASICS, *(name for script in SCRIPTS.values() for name in script.needs)})
    versions: dict[str, str] = {}
    missing = []
    for name in names:
        try:
            versions[name] = str(getattr(importlib.import_module(name), "__version__", "unknown"))
        except ImportError as error:
            missing.append(f"{name} ({error})")
    if missing:
        raise ProcessError(f"These cannot be imported: {', '.join(missing)}.")
    return versions


def _summary(region: int) -> dict[str, float]:
    """Of a surface krigged over points that are the same everywhere: NumPy's PCG64, seeded by the region."""
    from honua_worker.processes.interpolate_kriging import predictor

    random = np.random.default_rng(region)
    places = random.uniform(0, SIDE, (POINTS, 2))
    values = np.sin(places[:, 0] / 2_000) + places[:, 1] / SIDE + random.normal(0, 0.05, POINTS)
    points = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": place}}
        for place in places.tolist()
    ]
    features = features_of({"type": "FeatureCollection", "features": points}, "points", Crs("EPSG:3857"))
    predict = predictor(Samples(features, features.places(), values), Variogram("spherical", 0.01, 1.0, 4_000))
    axis = (np.arange(CELLS) + 0.5) * SIDE / CELLS
    surface, _ = predict(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2))
    return {
        "mean": round(float(surface.mean()), 9),
        "least": round(float(surface.min()), 9),
        "most": round(float(surface.max()), 9),
    }
