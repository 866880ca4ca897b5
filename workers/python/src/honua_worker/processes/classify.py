"""Learns classes from labelled features and tells those of the others: a random forest (Breiman 2001) by scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..context import Context
from ..coordinates import number_of
from ..failures import InvalidInput
from ..inputs import Inputs
from ..numbering import with_attributes

_FOLDS = 5


def run(inputs: Inputs, context: Context) -> None:
    """Outputs: `result`, the features with predicted_class and class_probability; `model`, how good it is.

    Features with a class in `labelField` are learnt from; all that have every attribute are told.
    """
    from sklearn.ensemble import RandomForestClassifier

    features = inputs.features("features")
    names = list(inputs.get("attributes"))
    label_field = inputs.text("labelField")
    rows = [[number_of(feature, name) for name in names] for feature in features.features]
    whole = [None not in row for row in rows]
    classes = [_label(feature, label_field) for feature in features.features]
    known = [at for at, label in enumerate(classes) if label is not None and whole[at]]
    if len({classes[at] for at in known}) < 2:
        raise InvalidInput("labelField: at least two classes must have features with all of the attributes.")
    if not all(whole):
        context.warn(f"{whole.count(False)} features lack an attribute and were left out")
    samples = np.array([rows[at] for at in known], dtype=float)
    targets = np.array([classes[at] for at in known])
    forest = RandomForestClassifier(int(inputs.number("trees", 100)), random_state=int(inputs.number("seed", 0)))
    accuracy = _accuracy(forest, samples, targets)
    context.progress(50, "Telling classes")
    forest.fit(samples, targets)
    told = [at for at, has_all in enumerate(whole) if has_all]
    chances = forest.predict_proba(np.array([rows[at] for at in told], dtype=float))
    found = {at: (str(forest.classes_[row.argmax()]), float(row.max())) for at, row in zip(told, chances, strict=True)}

    def classified() -> Iterator[dict[str, Any]]:
        for at, feature in enumerate(features.features):
            label, chance = found.get(at, (None, None))
            yield with_attributes(feature, {"predicted_class": label, "class_probability": chance})

    context.give_features("result", classified(), features.crs)
    importance = {name: float(part) for name, part in zip(names, forest.feature_importances_, strict=True)}
    context.give_value(
        "model",
        {
            "classes": [str(label) for label in forest.classes_],
            "learntFrom": len(known),
            "accuracy": accuracy,
            "importance": importance,
        },
    )


def _label(feature: dict[str, Any], field: str) -> str | None:
    value = (feature.get("properties") or {}).get(field)
    return None if value is None or value == "" else str(value)


def _accuracy(forest: Any, samples: Any, targets: Any) -> float | None:
    """Mean over parts that were not learnt from; None where a class has too few features for that."""
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    if np.unique(targets, return_counts=True)[1].min() < _FOLDS:
        return None
    parts = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    return float(cross_val_score(forest, samples, targets, cv=parts).mean())
