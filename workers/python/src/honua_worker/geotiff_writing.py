"""GeoTIFF in tiles, compressed, written a window at a time."""

from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from honua_worker.faults import TooLarge
from honua_worker.limits import Limits

MEDIA_TYPE = "image/tiff; application=geotiff"
TILE = 256

Kind = Literal["float32", "float64", "uint8", "int16", "int32"]


class RasterWriter:
    """Cells without value are NaN, or `nodata` in rasters of integers. Throws TooLarge where the file gets so."""

    def __init__(
        self,
        path: Path,
        limits: Limits,
        *,
        width: int,
        height: int,
        crs: Any,
        transform: Any,
        bands: tuple[str, ...],
        kind: Kind = "float32",
        nodata: float = np.nan,
    ) -> None:
        import rasterio

        self._path, self._limits, self._kind, self._nodata = path, limits, kind, nodata
        self._dataset = rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=width,
            height=height,
            count=len(bands),
            dtype=kind,
            crs=crs,
            transform=transform,
            nodata=nodata,
            tiled=True,
            blockxsize=TILE,
            blockysize=TILE,
            compress="deflate",
            predictor=3 if kind.startswith("float") else 2,
            bigtiff="if_safer",
        )
        for number, description in enumerate(bands, start=1):
            self._dataset.set_band_description(number, description)

    def write(self, values: NDArray[np.float64], window: Any, band: int = 1) -> None:
        """`values` are rows by columns of the window, NaN where there is none."""
        if np.isnan(self._nodata):
            ready = values.astype(self._kind)
        else:
            ready = np.where(np.isnan(values), self._nodata, values).astype(self._kind)
        self._dataset.write(ready, band, window=window)
        self._check()

    def _check(self) -> None:
        if self._path.stat().st_size > self._limits.max_output_bytes:
            raise TooLarge(f"The result would have more than {self._limits.max_output_bytes} bytes.")

    def __enter__(self) -> "RasterWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._dataset.close()
        if kind is None:
            self._check()
