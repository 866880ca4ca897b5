"""Access by URI. Files and S3 are built; any other scheme is refused by its name, and would be added here alone."""

import importlib
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

from honua_worker.faults import ProcessError
from honua_worker.stored import Stored

__all__ = ["Stored", "create", "exists", "fetch", "read", "replace", "store"]

MODULES = {"file": "honua_worker.files", "s3": "honua_worker.s3"}
"""Loaded when a URI of theirs is met: a worker of one machine has no need of what S3 brings along."""


class Storage(Protocol):
    def read(self, uri: str) -> bytes: ...
    def fetch(self, uri: str) -> tuple[Path, Stored]: ...
    def exists(self, uri: str) -> bool: ...
    def replace(self, uri: str, data: bytes) -> None: ...
    def create(self, uri: str, data: bytes) -> bool: ...
    def store(self, local: Path, uri: str) -> Stored: ...


def read(uri: str) -> bytes:
    return _storage_of(uri).read(uri)


def fetch(uri: str) -> tuple[Path, Stored]:
    """A local copy of what a URI names, which for files is the file itself, and what it holds."""
    return _storage_of(uri).fetch(uri)


def exists(uri: str) -> bool:
    return _storage_of(uri).exists(uri)


def replace(uri: str, data: bytes) -> None:
    """Readers see what was there before, or all of this."""
    _storage_of(uri).replace(uri, data)


def create(uri: str, data: bytes) -> bool:
    """Whether it was created: all of it at once, and never over what is there."""
    return _storage_of(uri).create(uri, data)


def store(local: Path, uri: str) -> Stored:
    """Moves a local file to where a URI says."""
    return _storage_of(uri).store(local, uri)


def _storage_of(uri: str) -> Storage:
    """Throws ProcessError for other schemes. What goes wrong there is an OSError, which another try may not meet."""
    scheme = urlsplit(uri).scheme
    if scheme not in MODULES:
        raise ProcessError(f"Storage of scheme '{scheme}' is not supported, only {' and '.join(MODULES)} are.")
    return cast(Storage, importlib.import_module(MODULES[scheme]))
