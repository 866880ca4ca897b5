"""Places as vectors, between which distances are true: on the plane, or straight through the globe."""

import numpy as np

from honua_worker.crs import Crs
from honua_worker.feature_set import Numbers


def vectors_of(crs: Crs, places: Numbers) -> Numbers:
    """n by 2 in units of a planar system; of longitude and latitude n by 3, metres from the centre of the ellipsoid."""
    if not crs.geographic:
        return places
    longitude, latitude = np.radians(places[:, 0]), np.radians(places[:, 1])
    flat = crs.geod.es
    normal = crs.geod.a / np.sqrt(1 - flat * np.sin(latitude) ** 2)
    across = normal * np.cos(latitude)
    return np.column_stack(
        [across * np.cos(longitude), across * np.sin(longitude), normal * (1 - flat) * np.sin(latitude)]
    )
