"""Features from GeoJSON (RFC 7946). The member `crs` is not used: the request says it."""

import json
import math
from typing import Any

import numpy as np
import shapely

from honua_worker.crs import Crs
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import Feature, FeatureSet, Shapes


def read_geojson(data: bytes, input_name: str, crs: Crs) -> FeatureSet:
    """Throws InvalidInput where the bytes are no GeoJSON."""
    try:
        value = json.loads(data, parse_constant=_refuse)
    except ValueError as error:
        raise InvalidInput(input_name, "is no JSON") from error
    return features_of(value, input_name, crs)


def features_of(value: Any, input_name: str, crs: Crs) -> FeatureSet:
    """Of a FeatureCollection, a Feature or a geometry. Throws InvalidInput where it is none."""
    features = _listed(value, input_name)
    return FeatureSet(input_name, features, _shapes(features, input_name), crs)


def _listed(value: Any, input_name: str) -> list[Feature]:
    if not isinstance(value, dict):
        raise InvalidInput(input_name, "is no GeoJSON")
    if value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list):
            raise InvalidInput(input_name, "has no list of features")
        for at, feature in enumerate(features):
            if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
                raise InvalidInput(input_name, f"feature {at} is none")
        return features
    if value.get("type") == "Feature":
        return [value]
    return [{"type": "Feature", "properties": {}, "geometry": value}]


def _shapes(features: list[Feature], input_name: str) -> Shapes:
    shapes: Shapes = np.full(len(features), None, dtype=object)
    for at, feature in enumerate(features):
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        try:
            shape = shapely.from_geojson(json.dumps(geometry, allow_nan=False))
        except (shapely.GEOSException, ValueError) as error:
            raise InvalidInput(input_name, f"the geometry of feature {at} cannot be read") from error
        if not shape.is_empty:
            if not all(math.isfinite(side) for side in shape.bounds):
                raise InvalidInput(input_name, f"feature {at} has coordinates that are no numbers")
            shapes[at] = shape
    return shapes


def _refuse(constant: str) -> None:
    """NaN and Infinity, which Python takes and no other reader of the result would."""
    raise ValueError(constant)
