"""Zinc in the topsoil by the Meuse: see test/fixtures/meuse/ORIGIN.md of the repository."""

import math
from pathlib import Path
from typing import Any

from tests.running import point

CRS = "EPSG:28992"
FILE = Path(__file__).parents[3] / "test/fixtures/meuse/zinc.csv"


def zinc() -> list[dict[str, Any]]:
    """155 points with `zinc` and its logarithm `log_zinc`."""
    rows = [[float(cell) for cell in line.split(",")] for line in FILE.read_text().splitlines()[1:]]
    return [point(x, y, zinc=value, log_zinc=math.log(value)) for x, y, value in rows]
