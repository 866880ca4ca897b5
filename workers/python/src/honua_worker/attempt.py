"""One attempt by the contract: inputs.json in, manifest.json out."""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from .context import Context, Limits
from .failures import NotApproved, WorkerError
from .inputs import Inputs
from .scripts import load, sha256_of_script
from .storage import local_path, put_text_once

STOPPED = 143
FAILED = 2
_DEADLINE_S = 4.0

log = logging.getLogger("honua_worker")


class Stopped(BaseException):
    """SIGTERM has come."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # C code may not return to the interpreter in time.
    timer = threading.Timer(_DEADLINE_S, os._exit, [STOPPED])
    timer.daemon = True
    timer.start()
    raise Stopped


def run_attempt() -> int:
    """Answers the exit code: 0 with a result, 2 with a reason, 143 when it was stopped and leaves none."""
    signal.signal(signal.SIGTERM, _stop)
    folder = local_path(os.environ["HONUA_OUTPUT_URI"])
    manifest = folder / "manifest.json"
    if manifest.exists():
        log.info("there is a result already")
        return 0
    began = time.monotonic()
    context = Context(folder, Path(os.environ["HONUA_ARTIFACT_DIR"]), Limits(0, 0), frozenset())
    try:
        request = json.loads(local_path(os.environ["HONUA_INPUT_URI"]).read_text(encoding="utf-8"))
        _compute(request, context)
        outcome: dict[str, Any] = {"outputs": context.outputs, "artifacts": _artifacts(context)}
    except Stopped:
        log.info("stopped")
        return STOPPED
    except Exception as error:
        log.exception("the attempt failed")
        outcome = {"error": _told(error)}
    outcome["messages"] = context.messages
    outcome["usage"] = _usage(began)
    put_text_once(manifest, json.dumps(outcome, ensure_ascii=False))
    return FAILED if "error" in outcome else 0


def _compute(request: dict[str, Any], context: Context) -> None:
    limits = request["limits"]
    context.limits = Limits(limits["maxOutputFeatures"], limits["maxOutputBytes"])
    context.wanted = frozenset(request["outputs"])
    script = request["script"]
    run = load(script)
    approved = request.get("scriptSha256")
    if approved is not None and sha256_of_script(script) != approved:
        raise NotApproved(f"Script '{script}' is not approved.")
    run(Inputs(request["inputs"]), context)


def _artifacts(context: Context) -> list[dict[str, str]]:
    return [
        {"rel": output, "path": entry["rel"], "type": entry["type"]}
        for output, entry in context.outputs.items()
        if "rel" in entry
    ]


def _told(error: Exception) -> dict[str, str]:
    if isinstance(error, WorkerError):
        return {"reason": error.reason, "message": str(error)}
    if isinstance(error, MemoryError):
        return {"reason": "out-of-memory", "message": "The worker needed more memory than it may have."}
    return {"reason": "process-error", "message": "The process failed by a defect; its log says more."}


def _usage(began: float) -> dict[str, int]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wallMs": round((time.monotonic() - began) * 1000),
        "cpuMs": round((used.ru_utime + used.ru_stime) * 1000),
        "maxRssBytes": used.ru_maxrss * 1024,
    }
