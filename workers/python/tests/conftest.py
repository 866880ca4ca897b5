"""Attempts as the server makes them: a folder of inputs, a folder of outputs, and the real command."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass
class Attempt:
    """One attempt, before and after it ran."""

    folder: Path
    environment: dict[str, str]

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "honua_worker", "run"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self) -> int:
        process = self.start()
        self.log, _ = process.communicate(timeout=120)
        return process.returncode

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.out / "manifest.json").read_text())

    def value(self, output: str) -> Any:
        return self.manifest["outputs"][output]["value"]

    def file(self, output: str) -> Path:
        entry = self.manifest["outputs"][output]
        path = self.out / entry["rel"]
        assert path.stat().st_size == entry["size"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        return path

    def features(self, output: str = "result") -> list[dict[str, Any]]:
        return json.loads(self.file(output).read_text())["features"]


Make = Callable[..., Attempt]


@pytest.fixture
def attempt(tmp_path: Path) -> Iterator[Make]:
    """Makes an attempt of a script. Files are inputs that are a Path, or features that are a list."""

    def make(
        script: str, inputs: dict[str, Any], outputs: list[str] | None = None, crs: str = "OGC:CRS84", **more: Any
    ) -> Attempt:
        for name in ("in", "out", "scratch"):
            (tmp_path / name).mkdir(exist_ok=True)
        staged = {name: stage(tmp_path / "in", name, value, crs) for name, value in inputs.items()}
        request = {
            "process": script,
            "version": "1.0.0",
            "script": script,
            "inputs": staged,
            "outputs": outputs or ["result"],
            "limits": {"maxOutputFeatures": 100_000, "maxOutputBytes": 2**28, "timeoutMs": 60_000},
            **more,
        }
        (tmp_path / "inputs.json").write_text(json.dumps(request))
        environment = {
            "PATH": os.environ["PATH"],
            "JOB_ID": "a-job",
            "HONUA_INPUT_URI": (tmp_path / "inputs.json").as_uri(),
            "HONUA_OUTPUT_URI": (tmp_path / "out").as_uri() + "/",
            "HONUA_ARTIFACT_DIR": str(tmp_path / "scratch"),
            "HOME": str(tmp_path / "scratch"),
        }
        return Attempt(tmp_path, environment)

    yield make


def stage(folder: Path, name: str, value: Any, crs: str) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], Path):
        return [stage(folder, f"{name}{at}", one, crs) for at, one in enumerate(value)]
    if isinstance(value, list) and value and isinstance(value[0], dict) and value[0].get("type") == "Feature":
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": value}))
        return {**described(path), "mediaType": "application/geo+json", "crs": crs}
    if isinstance(value, Path):
        return {**described(value), "mediaType": "image/tiff; application=geotiff"}
    return value


def described(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"uri": path.as_uri(), "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def point(x: float, y: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [x, y]}}


@pytest.fixture
def meuse() -> list[dict[str, Any]]:
    lines = (REPOSITORY / "test/fixtures/meuse/zinc.csv").read_text().split()[1:]
    rows = [[float(value) for value in line.split(",")] for line in lines]
    return [point(x, y, zinc=zinc) for x, y, zinc in rows]


@pytest.fixture
def landsat() -> Path:
    return REPOSITORY / "test/fixtures/landsat/L7_ETMs.tif"


@pytest.fixture
def columbus() -> list[dict[str, Any]]:
    """Crime in the 49 neighbourhoods of Columbus, Ohio (Anselin 1988), as PySAL ships it."""
    from libpysal.examples import load_example

    path = Path(load_example("columbus").get_path("columbus.json"))
    return json.loads(path.read_text())["features"]
