"""The manifest of a run: written last, it decides how the run ended."""

import json
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Literal

from honua_worker import storage

Level = Literal["info", "warning", "error"]


@dataclass
class Manifest:
    """What a run gave, gathered while it goes on."""

    outputs: dict[str, dict[str, object]] = field(default_factory=dict)
    artifacts: list[dict[str, object]] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    def say(self, level: Level, text: str) -> None:
        self.messages.append({"level": level, "text": text})

    def success(self) -> bytes:
        return self._with({"outputs": self.outputs, "artifacts": self.artifacts})

    def failure(self, reason: str, message: str) -> bytes:
        return self._with({"error": {"reason": reason, "message": message}})

    def _with(self, body: dict[str, object]) -> bytes:
        whole = {**body, "messages": self.messages, "usage": self._usage()}
        return json.dumps(whole, allow_nan=False, indent=1).encode()

    def _usage(self) -> dict[str, int]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        # Linux counts kilobytes, macOS bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        return {
            "wallMs": round((time.monotonic() - self._started) * 1000),
            "cpuMs": round((used.ru_utime + used.ru_stime) * 1000),
            "maxRssBytes": used.ru_maxrss * unit,
        }


def uri_in(output_uri: str) -> str:
    return f"{output_uri}manifest.json"


def exists(output_uri: str) -> bool:
    return storage.exists(uri_in(output_uri))
