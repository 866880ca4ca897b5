"""The signed list of what this worker may run: verified by the server before anything is submitted."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from .scripts import names, sha256_of_script

REQUIRED_ENVIRONMENT = ["JOB_ID", "HONUA_INPUT_URI", "HONUA_OUTPUT_URI", "HONUA_ARTIFACT_DIR"]
QUOTA = {"cpus": 2, "memoryMiB": 4096, "gpus": 0, "timeoutSeconds": 1800}


def write_manifest(image: str, folder: Path, key_file: Path | None) -> None:
    """Writes `worker-manifest.json`, and with a private key (Ed25519, PEM) its signature in base64 beside it."""
    scripts = [
        {
            "script": name,
            "image": image,
            "sha256": sha256_of_script(name),
            "requiredEnvironment": REQUIRED_ENVIRONMENT,
            "quota": QUOTA,
        }
        for name in names()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.dumps({"scripts": scripts}, indent=2).encode()
    if key_file is not None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("the key is no Ed25519 key")
        (folder / "worker-manifest.sig").write_bytes(base64.b64encode(key.sign(manifest)))
    (folder / "worker-manifest.json").write_bytes(manifest)
