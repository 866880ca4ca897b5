"""Lengths as requests have them: a number, or {"value", "unit"}."""

from typing import Any

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput

METERS = {
    "meters": 1.0,
    "kilometers": 1000.0,
    "centimeters": 0.01,
    "millimeters": 0.001,
    "feet": 0.3048,
    "us-survey-feet": 1200 / 3937,
    "yards": 0.9144,
    "miles": 1609.344,
    "nautical-miles": 1852.0,
}

SPELLINGS = {
    **dict.fromkeys(("m", "meter", "metre", "metres"), "meters"),
    **dict.fromkeys(("km", "kilometer", "kilometre", "kilometres"), "kilometers"),
    "cm": "centimeters",
    "mm": "millimeters",
    **dict.fromkeys(("ft", "foot"), "feet"),
    **dict.fromkeys(("us-survey-foot", "us-ft", "ftus"), "us-survey-feet"),
    **dict.fromkeys(("yd", "yard"), "yards"),
    **dict.fromkeys(("mi", "mile"), "miles"),
    **dict.fromkeys(("nmi", "nautical-mile"), "nautical-miles"),
}


def length_in(crs: Crs, value: Any, input_name: str) -> float:
    """In metres on longitude and latitude; in a planar system in its units, which a number without unit has."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, dict) or not isinstance(value.get("value"), int | float):
        raise InvalidInput(input_name, 'must be a number or {"value", "unit"}')
    number = float(value["value"])
    if "unit" not in value:
        return number
    written = "-".join(str(value["unit"]).strip().lower().replace("_", " ").split())
    unit = SPELLINGS.get(written, written)
    if unit not in METERS:
        raise InvalidInput(input_name, f"{value['unit']} is no unit of length")
    return number * METERS[unit] / crs.meters_per_unit
