"""GeoTIFF files made for a test."""

from pathlib import Path
from typing import Any

import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin


def write_raster(
    path: Path,
    *bands: NDArray[Any],
    crs: str | None = "EPSG:32631",
    west: float = 500_000,
    north: float = 5_000_000,
    size: float = 10,
    nodata: float | None = None,
) -> Path:
    height, width = bands[0].shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=len(bands),
        dtype=bands[0].dtype,
        crs=crs,
        transform=from_origin(west, north, size, size),
        nodata=nodata,
    ) as raster:
        for number, values in enumerate(bands, start=1):
            raster.write(values, number)
    return path


def read_band(path: Path, band: int = 1) -> NDArray[Any]:
    with rasterio.open(path) as raster:
        return raster.read(band)  # type: ignore[no-any-return]
