"""What the server has to know of this worker before it submits anything, and may verify."""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from honua_worker.commands import Command, installed_commands
from honua_worker.environment import REQUIRED
from honua_worker.scripts import SCRIPTS, Script

CPUS = 2
TIMEOUT_SECONDS = 1800


def write_worker_manifest(image: str, folder: Path, key: Path | None, commands_in: Path | None = None) -> None:
    """Writes `worker-manifest.json` and, with a key, `worker-manifest.sig` over its exact bytes."""
    commands = [command for command in installed_commands(commands_in).values() if not command.why_unavailable()]
    described = [_described(script, image) for script in SCRIPTS.values()]
    described += [_described_command(command, image) for command in commands]
    data = json.dumps({"scripts": described}, indent=1).encode()
    signature = None if key is None else base64.b64encode(_key(key).sign(data))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "worker-manifest.json").write_bytes(data)
    if signature is not None:
        (folder / "worker-manifest.sig").write_bytes(signature)


def _described(script: Script, image: str) -> dict[str, object]:
    return {
        "script": script.name,
        "image": image,
        "sha256": script.sha256(),
        "requiredEnvironment": list(REQUIRED),
        "quota": {
            "cpus": CPUS,
            "memoryMiB": script.memory_mib,
            "gpus": 0,
            "timeoutSeconds": TIMEOUT_SECONDS,
        },
    }


def _described_command(command: Command, image: str) -> dict[str, object]:
    return {
        "script": command.name,
        "image": command.image or image,
        "sha256": command.sha256(),
        "requiredEnvironment": [*REQUIRED, *command.secrets],
        "quota": {
            "cpus": command.cpus,
            "memoryMiB": command.memory_mib,
            "gpus": command.gpus,
            "timeoutSeconds": command.timeout_seconds,
        },
    }


def _key(path: Path) -> Ed25519PrivateKey:
    """Throws ValueError where it is a key of another kind."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("The key to sign with must be an Ed25519 private key.")
    return key
