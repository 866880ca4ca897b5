"""Classes learned from features: Fisher's irises, and what holds for any."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris

from tests.running import Bench, Ended, point

CRS = "EPSG:32631"
SPECIES = ("setosa", "versicolor", "virginica")


def irises() -> tuple[list[dict[str, Any]], list[str]]:
    """150 irises at some places, two of three with their species; and the species of the others."""
    data = load_iris()
    features, hidden = [], []
    for at, (row, target) in enumerate(zip(data.data.tolist(), data.target.tolist(), strict=True)):
        is_known = at % 3 != 0
        if not is_known:
            hidden.append(SPECIES[target])
        features.append(
            point(at, 0, a=row[0], b=row[1], c=row[2], d=row[3], species=SPECIES[target] if is_known else None)
        )
    return features, hidden


def run(bench: Bench, features: list[dict[str, Any]], **options: Any) -> Ended:
    inputs = {"features": bench.features(features, CRS), "labelField": "species", "attributes": "a, b, c, d"}
    return bench.run("classify", {**inputs, **options})


def test_nearly_all_irises_are_recognised(bench: Bench) -> None:
    features, hidden = irises()
    ended = run(bench, features)
    found = [one["properties"] for one in ended.features()]
    predicted = [one["predicted_class"] for one in found[::3]]
    assert np.mean([one == other for one, other in zip(predicted, hidden, strict=True)]) >= 0.92
    assert all(one["predicted_class"] == one["species"] for one in found[1::3])
    assert all(1 / 3 <= one["class_probability"] <= 1 for one in found[::3])
    model = ended.outputs["model"]["value"]
    assert (model["learntFrom"], model["classes"]) == (100, list(SPECIES))
    assert model["accuracy"] > 0.9
    assert sum(model["importance"].values()) == pytest.approx(1)
    # The petals tell more than the sepals: Fisher (1936).
    assert model["importance"]["c"] + model["importance"]["d"] > 0.7


def test_the_same_seed_gives_the_same_and_another_another(bench: Bench) -> None:
    features, _ = irises()
    chances = [
        [one["properties"]["class_probability"] for one in run(bench, features, seed=seed, trees=20).features()]
        for seed in (3, 3, 4)
    ]
    assert chances[0] == chances[1] != chances[2]


def test_features_that_miss_an_attribute_are_left_out_and_told_of(bench: Bench) -> None:
    features, _ = irises()
    features[0]["properties"]["b"] = None
    features[1]["properties"]["c"] = "long"
    ended = run(bench, features)
    assert ended.features()[0]["properties"]["predicted_class"] is None
    assert ended.outputs["model"]["value"]["learntFrom"] == 99
    assert ended.texts() == ["2 of 150 features miss a number in an attribute and were left out."]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"attributes": "a,z"}, "/inputs/attributes: no feature has the attribute z"),
        ({"attributes": " , "}, "/inputs/attributes: names no attribute"),
        ({"attributes": ["a", "species"]}, "/inputs/attributes: has species, which is the label"),
        ({"labelField": "kind"}, "/inputs/labelField: no feature has the attribute kind"),
        ({"trees": 0}, "/inputs/trees: must be at least 1"),
    ],
)
def test_what_is_wrong_is_named(bench: Bench, changed: dict[str, Any], message: str) -> None:
    assert run(bench, irises()[0], **changed).error == {"reason": "invalid-input", "message": message}


def test_one_class_is_none(bench: Bench) -> None:
    features = [one for one in irises()[0] if one["properties"]["species"] in (None, "setosa")]
    assert run(bench, features).error["message"].startswith("/inputs/labelField: at least 2 classes")
