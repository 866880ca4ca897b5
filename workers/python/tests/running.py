"""Runs the worker as the server does: a process with files, an environment and an exit code."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honua_worker.environment import read_environment
from honua_worker.log import Log
from honua_worker.run import perform

GEOTIFF = "image/tiff; application=geotiff"
GEOJSON = "application/geo+json"


@dataclass(frozen=True)
class Ended:
    code: int
    folder: Path
    log: list[dict[str, Any]]
    errors: str

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_bytes())  # type: ignore[no-any-return]

    @property
    def outputs(self) -> dict[str, Any]:
        assert "outputs" in self.manifest, self.manifest
        return self.manifest["outputs"]  # type: ignore[no-any-return]

    @property
    def error(self) -> dict[str, str]:
        return self.manifest["error"]  # type: ignore[no-any-return]

    def path(self, output: str) -> Path:
        """The file of an output, after a check that it is what the manifest says."""
        entry = self.outputs[output]
        path: Path = self.folder / entry["rel"]
        data = path.read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["size"], entry["sha256"])
        return path

    def features(self, output: str = "result") -> list[dict[str, Any]]:
        features = json.loads(self.path(output).read_bytes())["features"]
        assert len(features) == self.outputs[output]["features"]
        return features  # type: ignore[no-any-return]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.manifest["messages"]]


class Bench:
    """A folder for one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.scratch = folder / "scratch"
        for one in (self.output, self.scratch):
            one.mkdir()

    def staged(self, path: Path, media_type: str, **more: Any) -> dict[str, Any]:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return {"uri": path.as_uri(), "mediaType": media_type, "size": len(data), "sha256": digest, **more}

    def features(
        self, features: list[dict[str, Any]], crs: str | None = None, name: str = "features"
    ) -> dict[str, Any]:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return self.staged(path, GEOJSON, **({} if crs is None else {"crs": crs}))

    def raster(self, path: Path) -> dict[str, Any]:
        return self.staged(path, GEOTIFF)

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "JOB_ID": "a-job",
            "HONUA_INPUT_URI": (self.folder / "inputs.json").as_uri(),
            "HONUA_OUTPUT_URI": f"{self.output.as_uri()}/",
            "HONUA_ARTIFACT_DIR": str(self.scratch),
            "TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        }

    def write_inputs(
        self, script: str, inputs: dict[str, Any], outputs: list[str] | None, limits: dict[str, int]
    ) -> None:
        request = {
            "process": script,
            "version": "1.0.0",
            "script": script,
            "inputs": inputs,
            "outputs": outputs,
            "limits": {"maxOutputFeatures": 1_000_000, "maxOutputBytes": 1 << 28, "timeoutMs": 600_000, **limits},
        }
        (self.folder / "inputs.json").write_text(json.dumps(request))

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "honua_worker", "run"]
        return subprocess.Popen(
            command, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
        )

    def run(self, script: str, inputs: dict[str, Any], outputs: list[str] | None = None, **limits: int) -> Ended:
        """In this process, which saves the time of importing libraries."""
        self.write_inputs(script, inputs, outputs, limits)
        request = json.loads((self.folder / "inputs.json").read_bytes())
        code, manifest = perform(request, read_environment(self.environment()), Log(None, None))
        (self.output / "manifest.json").write_bytes(manifest)
        return Ended(code, self.output, [], "")

    def run_alone(self, script: str, inputs: dict[str, Any], outputs: list[str] | None = None, **limits: int) -> Ended:
        """In a process of its own, as the server has it run."""
        self.write_inputs(script, inputs, outputs, limits)
        return self.ended(self.start())

    def ended(self, process: subprocess.Popen[str]) -> Ended:
        out, errors = process.communicate(timeout=300)
        log = [json.loads(line) for line in out.splitlines()]
        return Ended(process.returncode, self.output, log, errors)


def point(x: float, y: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [x, y]}}
