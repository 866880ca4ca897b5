"""Features with an attribute more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any


def numbered(features: Iterable[dict[str, Any]], attribute: str, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Each feature as it is, with one attribute set."""
    for feature, value in zip(features, values, strict=True):
        yield with_attributes(feature, {attribute: value})


def with_attributes(feature: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A feature with attributes added, or replaced."""
    return {**feature, "properties": {**(feature.get("properties") or {}), **more}}
