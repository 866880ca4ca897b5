"""What the server relies on, whatever the process: the manifest, exit codes, progress, and stopping."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from honua_worker.progress import Progress
from tests.meuse import CRS, zinc
from tests.running import Bench, point

KRIGING: dict[str, Any] = {
    "valueField": "zinc",
    "cellSize": 200,
    "nugget": 1,
    "partialSill": 10,
    "range": 900,
}


def zinc_inputs(bench: Bench) -> dict[str, Any]:
    return {**KRIGING, "features": bench.features(zinc(), CRS)}


def test_a_success_has_outputs_artifacts_messages_and_usage(bench: Bench) -> None:
    ended = bench.run_alone("interpolate-kriging", zinc_inputs(bench), ["surface", "variogram"])
    assert ended.code == 0
    assert set(ended.manifest) == {"outputs", "artifacts", "messages", "usage"}
    assert set(ended.outputs) == {"surface", "variogram"}
    assert ended.outputs["variogram"]["value"]["range"] == 900
    media_type = "image/tiff; application=geotiff"
    entry = ended.outputs["surface"]
    about = {"type": media_type, "size": entry["size"], "sha256": entry["sha256"]}
    assert ended.manifest["artifacts"] == [{"rel": "surface", "path": "surface.tif", **about}]
    assert all(ended.manifest["usage"][name] > 0 for name in ("wallMs", "cpuMs", "maxRssBytes"))
    assert sorted(path.name for path in bench.output.iterdir()) == ["manifest.json", "progress.json", "surface.tif"]
    assert list(bench.scratch.iterdir()) == []


def test_log_lines_are_json_with_the_trace(bench: Bench) -> None:
    ended = bench.run_alone("interpolate-kriging", zinc_inputs(bench), ["variogram"])
    assert len(ended.log) >= 2
    for line in ended.log:
        assert line["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c")
        assert line["jobId"] == "a-job"


def test_a_manifest_that_is_there_is_left_and_nothing_is_computed(bench: Bench) -> None:
    (bench.output / "manifest.json").write_text("of another")
    ended = bench.run_alone("interpolate-kriging", zinc_inputs(bench))
    assert ended.code == 0
    assert (bench.output / "manifest.json").read_text() == "of another"
    assert len(list(bench.output.iterdir())) == 1


def test_a_manifest_that_comes_meanwhile_is_left(bench: Bench) -> None:
    bench.write_inputs("interpolate-kriging", {**zinc_inputs(bench), "cellSize": 20}, ["surface"], {})
    process = bench.start()
    wait_for(bench.output / "progress.json")
    (bench.output / "manifest.json").write_text("of another")
    assert bench.ended(process).code == 0
    assert (bench.output / "manifest.json").read_text() == "of another"


def test_other_bytes_than_those_laid_ready_are_refused(bench: Bench) -> None:
    inputs = zinc_inputs(bench)
    inputs["features"]["sha256"] = "0" * 64
    ended = bench.run_alone("interpolate-kriging", inputs)
    assert ended.code == 2
    assert ended.error == {
        "reason": "invalid-input",
        "message": "/inputs/features: has other bytes than its SHA-256 says",
    }


@pytest.mark.parametrize("script", ["rm", "honua_worker.run", "../ndvi", "interpolate_kriging", ""])
def test_an_unknown_script_is_not_approved(bench: Bench, script: str) -> None:
    ended = bench.run_alone(script, {})
    assert ended.code == 2
    assert ended.error == {"reason": "not-approved", "message": f"Script '{script}' is not approved."}


def test_a_script_that_is_not_the_approved_one_is_not_run(bench: Bench) -> None:
    bench.write_inputs("ndvi", {}, None, {})
    path = bench.folder / "inputs.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "scriptSha256": "0" * 64}))
    assert bench.ended(bench.start()).error == {"reason": "not-approved", "message": "Script 'ndvi' is not approved."}


@pytest.mark.parametrize("scheme", ["gs", "https"])
def test_other_storage_is_refused_by_its_name(bench: Bench, scheme: str) -> None:
    inputs = {**KRIGING, "features": {"uri": f"{scheme}://bucket/points.json"}}
    ended = bench.run_alone("interpolate-kriging", inputs)
    assert ended.code == 2
    assert ended.error["message"] == f"Storage of scheme '{scheme}' is not supported, only file and s3 are."


def test_what_cannot_be_explained_leaves_no_manifest(bench: Bench) -> None:
    inputs = zinc_inputs(bench)
    (bench.folder / "features.json").unlink()
    ended = bench.run_alone("interpolate-kriging", inputs)
    assert ended.code == 1
    assert not (bench.output / "manifest.json").exists()
    assert "FileNotFoundError" in ended.log[-1]["stack"]


@pytest.mark.parametrize(
    ("limits", "outputs"), [({"maxOutputFeatures": 10}, ["cells"]), ({"maxOutputBytes": 2000}, ["surface"])]
)
def test_what_is_too_large_is_refused_and_leaves_no_file(
    bench: Bench, limits: dict[str, int], outputs: list[str]
) -> None:
    ended = bench.run_alone("interpolate-kriging", {**zinc_inputs(bench)}, outputs, **limits)
    assert ended.code == 2
    assert ended.error["reason"] in ("too-large", "invalid-input")
    assert sorted(path.name for path in bench.output.iterdir()) == ["manifest.json", "progress.json"]


def test_a_failure_tells_people_no_path_and_no_stack(bench: Bench) -> None:
    ended = bench.run_alone("interpolate-kriging", {**zinc_inputs(bench), "valueField": "depth"})
    assert "/tmp" not in json.dumps(ended.manifest)  # noqa: S108
    assert "Traceback" not in json.dumps(ended.manifest)
    assert "Traceback" in ended.log[-2]["stack"]


def many_points() -> list[dict[str, Any]]:
    places = np.random.default_rng(7).uniform(0, 10_000, (2500, 2))
    return [point(x, y, zinc=float(x % 7)) for x, y in places.tolist()]


def slow(bench: Bench) -> None:
    inputs = {**KRIGING, "features": bench.features(many_points(), CRS), "cellSize": 5}
    bench.write_inputs("interpolate-kriging", inputs, ["surface"], {})


def test_progress_never_goes_down_and_is_written_twice_a_second_at_most(bench: Bench) -> None:
    slow(bench)
    process = bench.start()
    path = bench.output / "progress.json"
    seen: dict[int, int] = {}
    until = time.monotonic() + 12
    while time.monotonic() < until:
        if path.exists():
            seen[path.stat().st_mtime_ns] = json.loads(path.read_text())["percent"]
        time.sleep(0.02)
    process.kill()
    bench.ended(process)
    percents = list(seen.values())
    assert percents == sorted(percents)
    assert percents[-1] > 0
    assert np.all(np.diff(list(seen)) > 0.49e9)


def test_progress_of_less_is_not_told(tmp_path: Path) -> None:
    now = iter([0.0, 1.0, 1.2, 2.0])
    progress = Progress(f"{tmp_path.as_uri()}/", lambda: next(now))
    told = []
    for percent in (50, 20, 80, 300):
        progress.report(percent, "on the way")
        told.append(json.loads((tmp_path / "progress.json").read_text())["percent"])
    assert told == [50, 50, 50, 100]


def test_sigterm_stops_a_long_computation_without_a_manifest(bench: Bench) -> None:
    slow(bench)
    process = bench.start()
    wait_for(bench.output / "progress.json")
    time.sleep(2.5)
    assert process.poll() is None
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    ended = bench.ended(process)
    assert time.monotonic() - started < 5
    assert ended.code == 143
    assert not (bench.output / "manifest.json").exists()


def test_sigterm_stops_a_library_that_does_not_return(tmp_path: Path) -> None:
    """The handler of Python waits for the main thread; here that is in one call of LAPACK for much longer."""
    program = (
        "import numpy, scipy.linalg, os\n"
        "from honua_worker.supervision import supervised\n"
        "def work():\n"
        "    matrix = numpy.random.default_rng(1).random((9000, 9000))\n"
        "    print(os.getpid(), flush=True)\n"
        "    scipy.linalg.svd(matrix)\n"
        "    return 0\n"
        "raise SystemExit(supervised(work))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    time.sleep(1)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 143
    assert 3.5 < time.monotonic() - started < 5
    assert not Path(f"/proc/{worker}").exists()
    process.stdout.close()


def test_the_work_ends_with_its_supervisor(bench: Bench) -> None:
    slow(bench)
    process = bench.start()
    wait_for(bench.output / "progress.json")
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    bench.ended(process)
    status = Path(f"/proc/{worker}/status")
    until = time.monotonic() + 5
    # Whom nobody has waited for yet is still listed, as a zombie.
    while status.exists() and "zombie" not in status.read_text():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_worker_that_is_killed_leaves_no_manifest(bench: Bench) -> None:
    slow(bench)
    process = bench.start()
    wait_for(bench.output / "progress.json")
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(worker), signal.SIGKILL)
    assert bench.ended(process).code == 128 + signal.SIGKILL
    assert not (bench.output / "manifest.json").exists()


def wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
