"""One run, from the environment to the manifest."""

import json
import os
from typing import Any

from honua_worker import manifest as manifests
from honua_worker import storage
from honua_worker.environment import Environment, confine, read_environment
from honua_worker.faults import CommandFailed, Fault, NotApproved, Terminated
from honua_worker.log import Log
from honua_worker.manifest import Manifest
from honua_worker.supervision import TERMINATED, ignore_sigterm, supervised

SUCCEEDED = 0
BROKEN = 1
"""Not explained: without a manifest, so that the server may try again."""
EXPLAINED = 2


def run() -> int:
    """The exit code."""
    return supervised(_logged)


def _logged() -> int:
    log = Log(os.environ.get("JOB_ID"), os.environ.get("TRACEPARENT"))
    try:
        environment = read_environment(os.environ)
        if manifests.exists(environment.output_uri):
            log.info("There is a manifest: nothing is left to do.")
            return SUCCEEDED
        confine(environment.scratch)
        return _run(environment, log)
    except CommandFailed as failure:
        log.error(str(failure))
        return failure.code
    except Terminated:
        log.info("Stopped by SIGTERM.")
        return TERMINATED
    except Exception as error:
        log.error("The run broke off.", error)
        return BROKEN


def _run(environment: Environment, log: Log) -> int:
    request = json.loads(storage.read(environment.input_uri))
    code, manifest = perform(request, environment, log)
    ignore_sigterm()
    if not storage.create(manifests.uri_in(environment.output_uri), manifest):
        log.info("There is a manifest by now, which counts.")
        return SUCCEEDED
    log.info("Finished.", exitCode=code)
    return code


def perform(request: dict[str, Any], environment: Environment, log: Log) -> tuple[int, bytes]:
    """The exit code and the manifest of doing what is asked. Throws what is not explained."""
    manifest = Manifest()
    try:
        _process(request, environment, manifest, log)
        return SUCCEEDED, manifest.success()
    except Fault as fault:
        log.error(str(fault), fault)
        return EXPLAINED, manifest.failure(fault.reason, str(fault))
    except MemoryError as error:
        log.error("Out of memory.", error)
        return EXPLAINED, manifest.failure("out-of-memory", "The process needs more memory than there is.")
    except (OSError, CommandFailed):
        # Of the storage or the machine, which another try may not meet; or what a command is to be asked itself.
        raise
    except Exception as error:
        log.error("The process failed.", error)
        return EXPLAINED, manifest.failure("process-error", "The process failed for a reason of its own.")


def _process(request: dict[str, Any], environment: Environment, manifest: Manifest, log: Log) -> None:
    from honua_worker.context import Context
    from honua_worker.inputs import Inputs
    from honua_worker.limits import Limits
    from honua_worker.progress import Progress
    from honua_worker.scripts import approved

    script = approved(request.get("script"))
    if request.get("scriptSha256") not in (None, script.sha256()):
        raise NotApproved(script.name)
    log.info("Started.", script=script.name, version=script.version)
    progress = Progress(environment.output_uri)
    progress.report(0, "Started")
    context = Context(
        limits=Limits.of(request.get("limits") or {}),
        manifest=manifest,
        progress=progress,
        scratch=environment.scratch,
        output_uri=environment.output_uri,
        own_folder=environment.own_folder,
        wanted=request.get("outputs"),
        command=request.get("command"),
    )
    script.load()(Inputs(request.get("inputs") or {}), context)
