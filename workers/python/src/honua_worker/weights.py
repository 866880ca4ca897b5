"""Who is whose neighbour, as PySAL weights."""

from __future__ import annotations

from typing import Any

from .coordinates import Samples
from .failures import InvalidInput
from .inputs import Inputs
from .space import straight, vectors_of


def weights_of(inputs: Inputs, samples: Samples, features: list[dict[str, Any]]) -> Any:
    """By `neighbourhood`: queen or rook (polygons that touch), nearest (`neighbours` of them) or distance (within it).

    `features` are those of the samples, in their order. Answers libpysal.weights.W.
    """
    from libpysal import weights

    kind = inputs.text("neighbourhood")
    if kind in ("queen", "rook"):
        from shapely.geometry import shape

        shapes = [shape(feature["geometry"]) for feature in features]
        if any(one.geom_type not in ("Polygon", "MultiPolygon") for one in shapes):
            raise InvalidInput("neighbourhood: queen and rook are for polygons; others have nearest or distance.")
        made = weights.Queen if kind == "queen" else weights.Rook
        return made.from_iterable(shapes, silence_warnings=True)
    vectors = vectors_of(samples.xy, samples.crs)
    if kind == "nearest":
        count = int(inputs.number("neighbours", 8))
        if count >= len(samples):
            raise InvalidInput(f"neighbours: must be fewer than the {len(samples)} features with a value.")
        return weights.KNN.from_array(vectors, k=count, silence_warnings=True)
    if not inputs.has("distance"):
        raise InvalidInput("distance: is required for neighbours within a distance.")
    within = straight(inputs.number("distance"), samples.crs)
    return weights.DistanceBand.from_array(vectors, threshold=within, binary=True, silence_warnings=True)
