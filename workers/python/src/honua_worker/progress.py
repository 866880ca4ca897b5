"""How far a run is, for whoever watches it."""

import json
import time
from collections.abc import Callable

from honua_worker import storage

SHORTEST_SECONDS = 0.5


class Progress:
    """Writes `progress.json` at most twice a second; the percentage never goes down."""

    def __init__(self, output_uri: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri = f"{output_uri}progress.json"
        self._clock = clock
        self._percent = 0
        self._written_at = float("-inf")

    def report(self, percent: float, message: str) -> None:
        """`percent` from 0 to 100. Call it as often as you like."""
        self._percent = max(self._percent, min(100, int(percent)))
        now = self._clock()
        if now - self._written_at < SHORTEST_SECONDS:
            return
        self._written_at = now
        storage.replace(self._uri, json.dumps({"percent": self._percent, "message": message}).encode())
