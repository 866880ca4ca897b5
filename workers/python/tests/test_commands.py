"""`list` and `manifest`."""

import base64
import hashlib
import json
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from honua_worker.commands import installed_commands
from honua_worker.scripts import SCRIPTS, Script


def command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "honua_worker", *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_list_tells_what_can_be_run() -> None:
    listed = json.loads(command("list"))
    assert [one["script"] for one in listed] == [*SCRIPTS, *installed_commands()]
    assert all(one["available"] and "why" not in one for one in listed)


def test_a_library_that_is_missing_is_named() -> None:
    assert Script("ndvi", ("rasterio", "no_such_library")).why_unavailable() == "Not installed: no_such_library."


def test_every_process_is_listed_and_every_script_has_one() -> None:
    spec = util.find_spec("honua_worker.processes")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    modules = {path.stem.replace("_", "-") for path in folder.glob("*.py") if path.stem != "__init__"}
    assert modules == set(SCRIPTS)
    assert all(callable(script.load()) for script in SCRIPTS.values())


def test_the_manifest_is_signed_over_its_bytes(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = tmp_path / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    command("manifest", "--image", "worker:1", "--sign", str(pem), "--out", str(tmp_path / "out"))
    data = (tmp_path / "out/worker-manifest.json").read_bytes()
    signature = base64.b64decode((tmp_path / "out/worker-manifest.sig").read_bytes(), validate=True)
    key.public_key().verify(signature, data)
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, data.replace(b"worker:1", b"worker:2"))
    scripts = {one["script"]: one for one in json.loads(data)["scripts"]}
    assert set(scripts) == {*SCRIPTS, *installed_commands()}
    from honua_worker.processes import ndvi

    assert scripts["ndvi"] == {
        "script": "ndvi",
        "image": "worker:1",
        "sha256": hashlib.sha256(Path(ndvi.__file__).read_bytes()).hexdigest(),
        "requiredEnvironment": ["JOB_ID", "HONUA_INPUT_URI", "HONUA_OUTPUT_URI", "HONUA_ARTIFACT_DIR"],
        "quota": {"cpus": 2, "memoryMiB": 4096, "gpus": 0, "timeoutSeconds": 1800},
    }


def test_without_a_key_there_is_no_signature(tmp_path: Path) -> None:
    command("manifest", "--image", "worker:1", "--out", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["worker-manifest.json"]
