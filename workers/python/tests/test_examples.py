"""The examples of the definitions in `processes/` of the repository that name a script of this worker."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from honua_worker.crs import reference_of
from honua_worker.scripts import SCRIPTS
from tests.running import GEOJSON, Bench

FOLDER = Path(__file__).parents[3] / "processes"
DEFINITIONS = [yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yaml"))]
OURS = [
    one
    for one in DEFINITIONS
    if not one["handlers"].get("cloud-batch", {}).get("script", "command:").startswith("command:")
]
EXAMPLES = [(one, example) for one in OURS for example in one["examples"]]


def staged(bench: Bench, name: str, kind: str, value: Any) -> Any:
    """As the server lays it ready."""
    if isinstance(value, list) and kind == "file":
        return [staged(bench, f"{name}-{at}", kind, one) for at, one in enumerate(value)]
    path = bench.folder / f"{name}.input"
    if kind == "file":
        path.write_bytes(base64.b64decode(value["value"]))
        return bench.staged(path, value["mediaType"])
    if kind == "features":
        path.write_text(json.dumps(value))
        crs = value.get("crs")
        return bench.staged(path, GEOJSON, **({"crs": reference_of(crs["properties"]["name"])} if crs else {}))
    return value


@pytest.mark.parametrize(("definition", "example"), EXAMPLES, ids=[f"{d['id']}: {e['title']}" for d, e in EXAMPLES])
def test_it_gives_what_it_says(bench: Bench, definition: dict[str, Any], example: dict[str, Any]) -> None:
    declared = definition["inputs"]
    inputs = {name: one["default"] for name, one in declared.items() if "default" in one}
    for name, value in example["inputs"].items():
        inputs[name] = staged(bench, name, declared[name]["type"], value)
    ended = bench.run(definition["handlers"]["cloud-batch"]["script"], inputs)
    assert ended.code == 0, ended.manifest
    assert set(ended.outputs) == set(definition["outputs"])
    expected = example.get("expect", {})
    for output, wanted in expected.get("outputs", {}).items():
        assert ended.outputs[output]["value"] == wanted["value"]
    for output, one in definition["outputs"].items():
        assert ("value" in ended.outputs[output]) == (one["type"] == "object")
    if "featureCount" not in expected:
        return
    features = ended.features()
    assert len(features) == expected["featureCount"]
    assert features[0]["geometry"]["type"] == expected.get("geometryType", features[0]["geometry"]["type"])
    wanted = expected.get("properties", {})
    assert {name: features[0]["properties"][name] for name in wanted} == wanted


def test_definitions_name_scripts_that_are_there() -> None:
    assert OURS
    assert {one["handlers"]["cloud-batch"]["script"] for one in OURS} <= set(SCRIPTS)
