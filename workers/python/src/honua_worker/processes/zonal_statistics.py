"""Statistics of the cells of a raster within zones: cells count whose middle lies within."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..context import Context
from ..coordinates import Floats
from ..failures import InvalidInput
from ..inputs import Inputs
from ..numbering import with_attributes
from ..rasters import open_raster, read_floats, require_band

_NOTHING: dict[str, Any] = {name: None for name in ("min", "max", "mean", "sum", "std", "median", "majority")}
_MOST_CELLS = 400_000_000


def run(inputs: Inputs, context: Context) -> None:
    """Output `result`: the zones with zonal_count, _min, _max, _mean, _sum, _std (of all cells), _median and _majority."""
    zones = inputs.features("zones")
    with open_raster("raster", inputs.file("raster")) as raster:
        band = require_band("band", raster, int(inputs.number("band", 1)))
        if raster.crs is None:
            raise InvalidInput("raster: names no coordinate system.")

        def measured() -> Iterator[dict[str, Any]]:
            for at, feature in enumerate(zones.features, start=1):
                told = _statistics(_cells(raster, band, feature.get("geometry"), zones.crs))
                yield with_attributes(feature, {f"zonal_{name}": value for name, value in told.items()})
                context.progress(100 * at / len(zones.features), f"{at} of {len(zones.features)} zones")

        context.give_features("result", measured(), zones.crs)


def _cells(raster: Any, band: int, geometry: dict[str, Any] | None, crs: str) -> Floats:
    """Values of the cells within a zone, which is brought into the system of the raster."""
    from rasterio.errors import WindowError
    from rasterio.features import geometry_mask, geometry_window
    from rasterio.warp import transform_geom

    if geometry is None:
        return np.empty(0)
    source = "EPSG:4326" if crs == "OGC:CRS84" else crs
    zone = transform_geom(source, raster.crs, geometry)
    try:
        window = geometry_window(raster, [zone])
    except WindowError:
        return np.empty(0)
    if window.width * window.height > _MOST_CELLS:
        raise InvalidInput("zones: a zone covers more cells than can be held at once; divide it.")
    inside = geometry_mask([zone], (int(window.height), int(window.width)), raster.window_transform(window), invert=True)
    values = read_floats(raster, band, window)[inside]
    return np.asarray(values[np.isfinite(values)])


def _statistics(values: Floats) -> dict[str, Any]:
    if values.size == 0:
        return {"count": 0, **_NOTHING}
    distinct, counts = np.unique(values, return_counts=True)
    return {
        "count": int(values.size),
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "sum": float(values.sum()),
        "std": float(values.std()),
        "median": float(np.median(values)),
        "majority": float(distinct[np.argmax(counts)]),
    }
