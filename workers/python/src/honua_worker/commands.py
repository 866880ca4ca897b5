"""Commands: programs that know nothing of this worker. Each is a folder with what it needs and a `command.toml`."""

import hashlib
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

PREFIX = "command:"
DESCRIPTION = "command.toml"
_MEMBERS = {
    "argv",
    "image",
    "cpus",
    "gpus",
    "memory-mib",
    "timeout-seconds",
    "variables",
    "secrets",
}


@dataclass(frozen=True)
class Command:
    """`variables` may be given other values by a process; `secrets` are names, and never values."""

    folder: Path
    argv: tuple[str, ...]
    image: str | None = None
    cpus: float = 2
    gpus: int = 0
    memory_mib: int = 4096
    timeout_seconds: int = 1800
    variables: dict[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    version: str = "1.0.0"

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.folder.name}"

    def load(self) -> Callable[..., None]:
        from honua_worker.command_run import run_command

        return partial(run_command, self)

    def why_unavailable(self) -> str | None:
        """None where it can be run."""
        program = self.argv[0]
        found = (self.folder / program).exists() or shutil.which(program) is not None
        return None if found else f"Not installed: {program}."

    def sha256(self) -> str:
        """Of the names and bytes of all its files, and which of them may be executed."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            bytes_of = path.read_bytes()
            about = f"{path.relative_to(self.folder)}\0{os.access(path, os.X_OK)}\0{len(bytes_of)}\0"
            digest.update(about.encode())
            digest.update(bytes_of)
        return digest.hexdigest()


def commands_folder() -> Path:
    """They are installed with the worker, beside its manifest."""
    return Path(sys.prefix) / "honua" / "commands"


def installed_commands(folder: Path | None = None) -> dict[str, Command]:
    """By name. Throws ValueError for a description that is not valid, which names its folder."""
    root = folder or commands_folder()
    if not root.is_dir():
        return {}
    found = [read_command(path.parent) for path in sorted(root.glob(f"*/{DESCRIPTION}"))]
    return {command.name: command for command in found}


def read_command(folder: Path) -> Command:
    """Throws ValueError."""
    told: dict[str, Any] = tomllib.loads((folder / DESCRIPTION).read_text())
    strangers = sorted(set(told) - _MEMBERS)
    if strangers:
        raise ValueError(f"{folder.name}: {', '.join(strangers)} is unknown in {DESCRIPTION}.")
    argv = told.get("argv")
    if not isinstance(argv, list) or not argv or not all(isinstance(part, str) for part in argv):
        raise ValueError(f"{folder.name}: argv must be a list of texts.")
    variables = told.get("variables", {})
    secrets = told.get("secrets", [])
    names = [*variables, *secrets]
    wrong = [name for name in names if not name.isidentifier() or name.startswith(("HONUA_", "AWS_"))]
    if wrong:
        raise ValueError(f"{folder.name}: {', '.join(wrong)} cannot be a variable.")
    return Command(
        folder=folder,
        argv=tuple(argv),
        image=told.get("image"),
        cpus=told.get("cpus", Command.cpus),
        gpus=told.get("gpus", Command.gpus),
        memory_mib=told.get("memory-mib", Command.memory_mib),
        timeout_seconds=told.get("timeout-seconds", Command.timeout_seconds),
        variables={name: str(value) for name, value in variables.items()},
        secrets=tuple(secrets),
    )
