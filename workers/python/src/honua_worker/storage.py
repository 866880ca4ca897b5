"""Where inputs are read and outputs written, by URI. Other schemes than `file` are added here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .failures import InvalidInput

_PIECE = 1024 * 1024


def local_path(uri: str) -> Path:
    """The file behind a URI. Raises ValueError for a scheme that is not built."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        raise ValueError(f"URIs of scheme '{parts.scheme}' cannot be opened here")
    return Path(unquote(parts.path))


def sha256_of(path: Path) -> str:
    """Lower-case hex, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def verified(name: str, uri: str, sha256: str) -> Path:
    """The file of an input. Raises InvalidInput where its bytes are not those that were staged."""
    path = local_path(uri)
    if not path.is_file() or sha256_of(path) != sha256:
        raise InvalidInput(f"{name}: the staged file is not the one that was sent.")
    return path


def put_text(path: Path, text: str) -> None:
    """Replaces a file at once: a reader sees the old one or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def put_text_once(path: Path, text: str) -> bool:
    """Makes a file that was not there. False: it was, and stays what it is."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
