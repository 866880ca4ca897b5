"""What is known of bytes wherever they are."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """What was stored: bytes, and lower-case hex of their SHA-256."""

    size: int
    sha256: str


def measured(path: Path) -> Stored:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Stored(size, digest.hexdigest())
