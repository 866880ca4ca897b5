"""Storage in files, `file:///…`: the artifact folder of a machine."""

import hashlib
import os
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from honua_worker.faults import ProcessError
from honua_worker.stored import CHUNK, Stored, measured


def path_of(uri: str) -> Path:
    """The file that a URI names. Throws ProcessError for files of other hosts."""
    parts = urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise ProcessError(f"Files of host '{parts.netloc}' cannot be read.")
    return Path(unquote(parts.path))


def read(uri: str) -> bytes:
    return path_of(uri).read_bytes()


def fetch(uri: str) -> tuple[Path, Stored]:
    """A local copy of what a URI names, which for files is the file itself, and what it holds."""
    path = path_of(uri)
    return path, measured(path)


def exists(uri: str) -> bool:
    return path_of(uri).exists()


def replace(uri: str, data: bytes) -> None:
    """Readers see what was there before, or all of this."""
    path = path_of(uri)
    draft = _draft_of(path)
    draft.write_bytes(data)
    draft.replace(path)


def create(uri: str, data: bytes) -> bool:
    """Whether it was created: all of it at once, and never over what is there."""
    path = path_of(uri)
    draft = _draft_of(path)
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def store(local: Path, uri: str) -> Stored:
    """Moves a local file to where a URI says, hashed on the way."""
    path = path_of(uri)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft_of(path)
    digest, size = hashlib.sha256(), 0
    with local.open("rb") as source, draft.open("wb") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    shutil.copymode(local, draft)
    draft.replace(path)
    local.unlink()
    return Stored(size, digest.hexdigest())


def _draft_of(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}")
