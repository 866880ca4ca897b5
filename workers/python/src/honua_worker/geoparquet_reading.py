"""Features from GeoParquet 1.x with geometry as WKB."""

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import shapely
from pyarrow import ArrowException

from honua_worker.crs import LON_LAT, Crs
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Shapes


def read_geoparquet(path: Path, input_name: str, crs: Crs | None) -> FeatureSet:
    """`crs` counts before what the file says. Throws InvalidInput where the file is none, or of another encoding."""
    try:
        table = pq.read_table(path)
    except (ArrowException, OSError) as error:
        raise InvalidInput(input_name, "is no Parquet file that can be read") from error
    column, facts = _geometry_column(table.schema.metadata or {}, input_name)
    if column not in table.column_names or facts.get("encoding") != "WKB":
        raise InvalidInput(input_name, "has no column of geometries as WKB")
    try:
        shapes: Shapes = np.asarray(shapely.from_wkb(table.column(column).to_pylist()), dtype=object)
    except (shapely.GEOSException, TypeError) as error:
        raise InvalidInput(input_name, f"the geometries in {column} cannot be read") from error
    shapes[shapely.is_empty(shapes)] = None
    rows = table.drop_columns([column]).to_pylist() if table.num_columns > 1 else [{}] * table.num_rows
    features = [
        {
            "type": "Feature",
            "properties": {name: _plain(value) for name, value in row.items()},
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return FeatureSet(input_name, features, shapes, crs or _crs(facts, input_name))


def _geometry_column(metadata: dict[bytes, bytes], input_name: str) -> tuple[str, dict[str, Any]]:
    try:
        geo = json.loads(metadata[b"geo"])
        column = geo["primary_column"]
        return column, geo["columns"][column]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(input_name, "is Parquet without the description of GeoParquet") from error


def _crs(facts: dict[str, Any], input_name: str) -> Crs:
    if "crs" not in facts:
        return Crs(LON_LAT)
    identity = (facts["crs"] or {}).get("id")
    if not identity:
        raise InvalidInput(input_name, "does not name its coordinate system")
    return Crs.named(f"{identity['authority']}:{identity['code']}", input_name)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
