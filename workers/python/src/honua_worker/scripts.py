"""The scripts that this worker has: one module a process."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from importlib.resources import files

from .context import Context
from .failures import NotApproved
from .inputs import Inputs

Run = Callable[[Inputs, Context], None]


def names() -> list[str]:
    """Sorted, as processes name them: `hot-spot` is `processes/hot_spot.py`."""
    folder = files(f"{__package__}.processes")
    modules = [entry.name.removesuffix(".py") for entry in folder.iterdir() if entry.name.endswith(".py")]
    return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))


def sha256_of_script(name: str) -> str:
    """Of the bytes of its module."""
    source = files(f"{__package__}.processes").joinpath(f"{name.replace('-', '_')}.py")
    return hashlib.sha256(source.read_bytes()).hexdigest()


def load(name: str) -> Run:
    """Raises NotApproved for a script that was not installed."""
    if name not in names():
        raise NotApproved(f"Script '{name}' is not approved.")
    module = importlib.import_module(f"{__package__}.processes.{name.replace('-', '_')}")
    run: Run = module.run
    return run
