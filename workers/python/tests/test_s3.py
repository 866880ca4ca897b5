"""Storage in S3, against a server that keeps to its protocol."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from honua_worker import s3, storage
from tests.meuse import CRS, zinc
from tests.running import GEOJSON, Bench, Ended

BUCKET = "honua-test"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture
def client(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    s3._client.cache_clear()
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=one["Key"])
    client.delete_bucket(Bucket=BUCKET)
    s3._client.cache_clear()


def uri(key: str) -> str:
    return f"s3://{BUCKET}/{key}"


def keys(client: Any) -> list[str]:
    return sorted(one["Key"] for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", []))


@pytest.mark.usefixtures("client")
def test_what_is_replaced_is_read() -> None:
    storage.replace(uri("a/b c.json"), b"one")
    storage.replace(uri("a/b c.json"), b"two")
    assert storage.read(uri("a/b%20c.json")) == b"two"


@pytest.mark.usefixtures("client")
def test_nothing_is_created_over_what_is_there() -> None:
    assert not storage.exists(uri("manifest.json"))
    assert storage.create(uri("manifest.json"), b"first")
    assert storage.exists(uri("manifest.json"))
    assert not storage.create(uri("manifest.json"), b"second")
    assert storage.read(uri("manifest.json")) == b"first"


def test_a_file_is_moved_there_and_fetched_with_what_it_holds(client: Any, tmp_path: Path) -> None:
    local = tmp_path / "large.tif"
    local.write_bytes(os.urandom(20 << 20))  # more than one part
    stored = storage.store(local, uri("runs/large.tif"))
    assert not local.exists()
    path, fetched = storage.fetch(uri("runs/large.tif"))
    assert fetched == stored
    assert path.suffix == ".tif"
    assert client.head_object(Bucket=BUCKET, Key="runs/large.tif")["ETag"].strip('"').endswith("-3")
    path.unlink()


def test_what_is_written_is_encrypted_as_the_environment_says(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONUA_S3_ENCRYPTION", "aws:kms")
    local = tmp_path / "a"
    local.write_bytes(b"a")
    storage.store(local, uri("stored"))
    storage.replace(uri("replaced"), b"a")
    storage.create(uri("created"), b"a")
    for key in ("stored", "replaced", "created"):
        assert client.head_object(Bucket=BUCKET, Key=key)["ServerSideEncryption"] == "aws:kms"


@pytest.mark.usefixtures("client")
def test_what_is_not_there_and_who_does_not_answer_are_faults_of_the_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read(uri("none"))
    with pytest.raises(FileNotFoundError):
        storage.fetch(uri("none"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(s3, "MOST_TRIES", 1)
    s3._client.cache_clear()
    for ask in (storage.read, storage.fetch, storage.exists):
        with pytest.raises(OSError, match="Could not connect"):
            ask(uri("none"))


def run_in_s3(client: Any, bench: Bench, monkeypatch: pytest.MonkeyPatch, attempt: int) -> Ended:
    features = json.dumps({"type": "FeatureCollection", "features": zinc()}).encode()
    client.put_object(Bucket=BUCKET, Key="jobs/1/features.json", Body=features)
    inputs = {
        "features": {"uri": uri("jobs/1/features.json"), "mediaType": GEOJSON, "crs": CRS},
        "valueField": "zinc",
        "cellSize": 200,
    }
    bench.write_inputs("interpolate-kriging", inputs, ["surface", "variogram"], {})
    client.upload_file(str(bench.folder / "inputs.json"), BUCKET, "jobs/1/inputs.json")
    environment = {
        **os.environ,
        **bench.environment(),
        "HONUA_INPUT_URI": uri("jobs/1/inputs.json"),
        "HONUA_OUTPUT_URI": uri("runs/1/1/"),
        "HONUA_ARTIFACT_DIR": str(bench.scratch / "to" / "be" / "made"),
        "AWS_BATCH_JOB_ATTEMPT": str(attempt),
    }
    monkeypatch.setattr(bench, "environment", lambda: environment)
    return bench.ended(bench.start())


def test_a_run_reads_and_writes_in_s3_below_the_folder_of_its_try(
    client: Any, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_in_s3(client, bench, monkeypatch, 2).code == 0
    written = ["runs/1/1/manifest.json", "runs/1/1/progress.json", "runs/1/1/try-2/surface.tif"]
    assert [key for key in keys(client) if key.startswith("runs/")] == written
    manifest = json.loads(storage.read(uri("runs/1/1/manifest.json")))
    surface = manifest["outputs"]["surface"]
    assert surface["rel"] == manifest["artifacts"][0]["path"] == "try-2/surface.tif"
    head = client.head_object(Bucket=BUCKET, Key="runs/1/1/try-2/surface.tif")
    assert head["ContentLength"] == surface["size"]


def test_a_later_try_leaves_what_an_earlier_one_said(
    client: Any, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put_object(Bucket=BUCKET, Key="runs/1/1/manifest.json", Body=b"of the first")
    client.put_object(Bucket=BUCKET, Key="runs/1/1/try-1/surface.tif", Body=b"of the first")
    assert run_in_s3(client, bench, monkeypatch, 2).code == 0
    assert storage.read(uri("runs/1/1/manifest.json")) == b"of the first"
    assert storage.read(uri("runs/1/1/try-1/surface.tif")) == b"of the first"
