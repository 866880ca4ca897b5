"""Classes of features learned from others by random forests (Breiman 2001) with scikit-learn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honua_worker.attribute_numbers import numbers_of
from honua_worker.context import Context
from honua_worker.faults import InvalidInput
from honua_worker.feature_set import FeatureSet, Numbers
from honua_worker.inputs import Inputs

MOST_CLASSES = 1000


@dataclass(frozen=True)
class Table:
    """`numbers` n by attributes, `labels` n, None where a class is to be found; `usable` tells which rows are whole."""

    attributes: list[str]
    numbers: Numbers
    labels: list[Any]

    @property
    def usable(self) -> NDArray[np.bool_]:
        return np.asarray(~np.isnan(self.numbers).any(axis=1))

    @property
    def labelled(self) -> NDArray[np.bool_]:
        return np.array([label is not None for label in self.labels], dtype=bool)


def run(inputs: Inputs, context: Context) -> None:
    """Labelled features teach; all get `predicted_class` and `class_probability`, null without all attributes."""
    from sklearn.ensemble import RandomForestClassifier

    features = inputs.features("features")
    table = _table(inputs, features)
    known = table.usable & table.labelled
    classes, targets = _classes([label for label, one in zip(table.labels, known, strict=True) if one])
    trees = inputs.integer("trees", 100, least=1, most=5000)
    seed = inputs.integer("seed", 0, least=0, most=2**32 - 1)
    _tell_left_out(context, table)
    context.progress(5, "Learning")
    # One at a time: the same seed gives the same trees on any machine. What is told of accuracy is by trees that
    # were not grown from the case.
    forest = RandomForestClassifier(n_estimators=trees, random_state=seed, n_jobs=1, oob_score=trees >= 10)
    forest.fit(table.numbers[known], targets)
    context.progress(60, "Predicting")
    chances: Numbers = np.zeros((len(features), len(classes)))
    chances[table.usable] = forest.predict_proba(table.numbers[table.usable])
    _write(context, features, table.usable, classes, chances)
    context.value(
        "model",
        {
            "classes": classes,
            "learntFrom": int(known.sum()),
            "accuracy": float(forest.oob_score_) if trees >= 10 else None,
            "importance": dict(zip(table.attributes, forest.feature_importances_.tolist(), strict=True)),
        },
    )


def _table(inputs: Inputs, features: FeatureSet) -> Table:
    attributes = [part.strip() for value in inputs.values("attributes") for part in str(value).split(",")]
    attributes = [one for one in dict.fromkeys(attributes) if one]
    if not attributes:
        raise InvalidInput("attributes", "names no attribute")
    label = inputs.text("labelField")
    if label in attributes:
        raise InvalidInput("attributes", f"has {label}, which is the label")
    rows = [feature.get("properties") or {} for feature in features.features]
    if not any(label in row for row in rows):
        raise InvalidInput("labelField", f"no feature has the attribute {label}")
    numbers = np.column_stack([numbers_of(features, one, "attributes") for one in attributes])
    labels = [row.get(label) for row in rows]
    if not all(isinstance(one, str | int | float | None) for one in labels):
        raise InvalidInput("labelField", f"{label} must have texts or numbers")
    return Table(attributes, numbers, labels)


def _classes(labels: list[Any]) -> tuple[list[Any], NDArray[np.intp]]:
    """The different labels in order of first appearance, and the number of each."""
    classes = list(dict.fromkeys(labels))
    if len(classes) < 2:
        raise InvalidInput("labelField", "at least 2 classes must be among the features that have all attributes")
    if len(classes) > MOST_CLASSES:
        raise InvalidInput("labelField", f"has more than {MOST_CLASSES} classes")
    number = {one: at for at, one in enumerate(classes)}
    return classes, np.array([number[one] for one in labels], dtype=np.intp)


def _tell_left_out(context: Context, table: Table) -> None:
    without = int(np.count_nonzero(~table.usable))
    if without > 0:
        context.warn(f"{without} of {len(table.labels)} features miss a number in an attribute and were left out.")


def _write(
    context: Context, features: FeatureSet, usable: NDArray[np.bool_], classes: list[Any], chances: Numbers
) -> None:
    best = np.argmax(chances, axis=1)
    with context.features("result", features.crs) as result:
        for at, feature in enumerate(features.features):
            found = (classes[best[at]], float(chances[at, best[at]])) if usable[at] else (None, None)
            told = {"predicted_class": found[0], "class_probability": found[1]}
            result.write({**(feature.get("properties") or {}), **told}, feature.get("geometry"), feature.get("id"))
