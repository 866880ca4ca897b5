"""Coordinate systems, and what distances in them mean. Coordinates are always x before y, longitude before latitude."""

import re
from dataclasses import dataclass
from functools import cached_property

from pyproj import CRS, Geod
from pyproj.exceptions import CRSError

from honua_worker.faults import InvalidInput

LON_LAT = "OGC:CRS84"


@dataclass(frozen=True)
class Crs:
    """`name` is `OGC:CRS84` or `AUTHORITY:code`."""

    name: str

    @staticmethod
    def named(name: str, input_name: str) -> "Crs":
        """Throws InvalidInput where no such system is known."""
        crs = Crs(name)
        try:
            crs.definition  # noqa: B018 - it is made here, or cannot be
        except CRSError as error:
            raise InvalidInput(input_name, f"the coordinate system {name} is not known") from error
        return crs

    @cached_property
    def definition(self) -> CRS:
        return CRS.from_user_input(self.name)

    @property
    def geographic(self) -> bool:
        return self.definition.is_geographic

    @cached_property
    def geod(self) -> Geod:
        return self.definition.get_geod() or Geod(ellps="WGS84")

    @property
    def meters_per_unit(self) -> float:
        return 1.0 if self.geographic else self.definition.axis_info[0].unit_conversion_factor

    @property
    def urn(self) -> str:
        if self.name == LON_LAT:
            return "urn:ogc:def:crs:OGC:1.3:CRS84"
        authority, code = self.name.split(":", 1)
        return f"urn:ogc:def:crs:{authority}::{code}"

    def is_same_as(self, other: "Crs") -> bool:
        return self.name == other.name or self.definition.equals(other.definition, ignore_axis_order=True)


FORMS = (
    r"(\w+):(\d+)",
    r"urn:(?:x-)?ogc:def:crs:(\w+):[^:]*:(\d+)",
    r"https?://www\.opengis\.net/def/crs/(\w+)/[^/]+/(\d+)",
)


def reference_of(text: str) -> str:
    """The one name of a system that is named by a name, a URN or a URL."""
    if text.upper().endswith("CRS84"):
        return LON_LAT
    for form in FORMS:
        if found := re.fullmatch(form, text, re.IGNORECASE):
            return f"{found[1].upper()}:{int(found[2])}"
    return text
