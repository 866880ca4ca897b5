"""The command and its environment, whatever the process."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conftest import Make, point
from honua_worker.context import Context, Limits
from honua_worker.scripts import names, sha256_of_script

SQUARE = [point(0, 0, v=1), point(0, 10, v=2), point(10, 0, v=3), point(10, 10, v=4)]
IDW = {"features": SQUARE, "valueField": "v", "gridResolution": 2}


def test_a_result_is_described_by_its_manifest(attempt: Make) -> None:
    made = attempt("interpolate-idw", IDW, crs="EPSG:3857")
    assert made.run() == 0
    manifest = made.manifest
    assert manifest["outputs"]["result"]["features"] == 4
    assert manifest["artifacts"] == [{"rel": "result", "path": "result.json", "type": "application/geo+json"}]
    assert manifest["usage"]["maxRssBytes"] > 0
    assert json.loads(made.file("result").read_text())["crs"]["properties"]["name"] == "EPSG:3857"


def test_a_manifest_is_never_written_over(attempt: Make) -> None:
    made = attempt("interpolate-idw", IDW)
    (made.out / "manifest.json").write_text("{}")
    assert made.run() == 0
    assert (made.out / "manifest.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("script", "inputs", "reason", "message"),
    [
        ("rm-rf", {}, "not-approved", "Script 'rm-rf' is not approved."),
        ("../attempt", {}, "not-approved", "Script '../attempt' is not approved."),
        ("interpolate-idw", {**IDW, "valueField": "w"}, "invalid-input", "features: no feature has the attribute 'w'."),
        ("ndvi", {"raster": Path(__file__)}, "invalid-input", "raster: is no GeoTIFF."),
    ],
)
def test_what_is_wrong_is_told(attempt: Make, script: str, inputs: dict, reason: str, message: str) -> None:
    made = attempt(script, inputs)
    assert made.run() == 2
    assert made.manifest["error"] == {"reason": reason, "message": message}


def test_a_changed_file_is_not_read(attempt: Make) -> None:
    made = attempt("interpolate-idw", IDW)
    (made.folder / "in" / "features.json").write_text('{"type":"FeatureCollection","features":[]}')
    assert made.run() == 2
    assert "not the one that was sent" in made.manifest["error"]["message"]


def test_another_script_than_was_approved_is_not_run(attempt: Make) -> None:
    same = attempt("interpolate-idw", IDW, scriptSha256=sha256_of_script("interpolate-idw"))
    assert same.run() == 0
    (same.out / "manifest.json").unlink()
    other = attempt("interpolate-idw", IDW, scriptSha256="0" * 64)
    assert other.run() == 2
    assert other.manifest["error"]["reason"] == "not-approved"


def test_too_many_features_are_refused(attempt: Make) -> None:
    made = attempt("interpolate-idw", {**IDW, "gridResolution": 400}, crs="EPSG:3857")
    assert made.run() == 2
    assert made.manifest["error"]["reason"] == "too-large"


def test_it_stops_when_asked_and_leaves_no_manifest(attempt: Make) -> None:
    many = [point(x % 97, x // 97, v=x) for x in range(4000)]
    made = attempt("interpolate-spline", {"features": many, "valueField": "v", "gridResolution": 4000}, crs="EPSG:3857")
    process = made.start()
    while not (made.out / "progress.json").exists():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 143
    assert time.monotonic() - asked < 5
    assert not (made.out / "manifest.json").exists()


def test_progress_never_goes_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    context = Context(tmp_path, tmp_path, Limits(1, 1), frozenset())
    seen = []
    for percent in (0, 40, 30, 99, 140):
        context.progress(percent)
        seen.append(json.loads((tmp_path / "progress.json").read_text())["percent"])
    assert seen == [0, 40, 40, 99, 100]


def test_the_manifest_of_scripts_is_signed(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    command = [sys.executable, "-m", "honua_worker", "manifest", "--sign", str(tmp_path / "key.pem"), "--out", str(tmp_path)]
    subprocess.run(command, check=True)
    text = (tmp_path / "worker-manifest.json").read_bytes()
    key.public_key().verify(base64.b64decode((tmp_path / "worker-manifest.sig").read_bytes()), text)
    listed = {entry["script"]: entry["sha256"] for entry in json.loads(text)["scripts"]}
    assert listed == {name: sha256_of_script(name) for name in names()}
