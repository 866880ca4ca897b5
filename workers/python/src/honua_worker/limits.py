"""How much a run may give."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    max_output_features: int = 1_000_000
    max_output_bytes: int = 256 * 1024 * 1024

    @staticmethod
    def of(given: dict[str, Any]) -> "Limits":
        """As the request has them; what it does not say is as usual."""
        usual = Limits()
        return Limits(
            int(given.get("maxOutputFeatures", usual.max_output_features)),
            int(given.get("maxOutputBytes", usual.max_output_bytes)),
        )
