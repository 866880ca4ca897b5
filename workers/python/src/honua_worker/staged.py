"""Files that the server laid ready for a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honua_worker import storage
from honua_worker.faults import InvalidInput


@dataclass(frozen=True)
class StagedFile:
    input_name: str
    uri: str
    media_type: str
    sha256: str | None
    crs: str | None

    @staticmethod
    def of(value: Any, input_name: str) -> "StagedFile | None":
        """None where the value is no file but stands in the request."""
        if not isinstance(value, dict) or not isinstance(value.get("uri"), str):
            return None
        return StagedFile(
            input_name, value["uri"], str(value.get("mediaType") or ""), value.get("sha256"), value.get("crs")
        )

    def path(self) -> Path:
        """The file on this machine. Throws InvalidInput where its bytes are not those that were laid ready."""
        path, stored = storage.fetch(self.uri)
        if self.sha256 is not None and stored.sha256 != self.sha256.lower():
            raise InvalidInput(self.input_name, "has other bytes than its SHA-256 says")
        return path
