"""How long the side of a cell is on the ground."""

from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from honua_worker.faults import InvalidInput
from honua_worker.feature_set import Numbers
from honua_worker.raster import Raster


@dataclass(frozen=True)
class GroundScales:
    """Metres of a cell to the east and to the north: on longitude and latitude by rows, else everywhere the same."""

    raster: Raster

    def __post_init__(self) -> None:
        transform = self.raster.transform
        if transform.b != 0 or transform.d != 0 or transform.a <= 0 or transform.e >= 0:
            raise InvalidInput(
                self.raster.input_name, "is turned: rows must run from west to east, the northmost first"
            )

    def of_rows(self, first: int, count: int) -> tuple[Numbers, Numbers]:
        """Each `count` by 1."""
        transform, crs = self.raster.transform, self.raster.crs
        ones = np.ones((count, 1))
        if crs is None:
            return ones * transform.a, ones * -transform.e
        if not crs.is_geographic:
            meters = crs.linear_units_factor[1]
            return ones * transform.a * meters, ones * -transform.e * meters
        geod = CRS.from_user_input(crs.to_wkt()).get_geod()
        if geod is None:
            raise InvalidInput(self.raster.input_name, "is on longitude and latitude of an ellipsoid that is not known")
        middles = transform.f + transform.e * (np.arange(first, first + count)[:, None] + 0.5)
        latitude = np.radians(middles)
        curved = 1 - geod.es * np.sin(latitude) ** 2
        east = np.cos(latitude) * geod.a / np.sqrt(curved)
        north = geod.a * (1 - geod.es) / curved**1.5
        return east * np.radians(transform.a), north * np.radians(-transform.e)
