"""Runs a command: lays its inputs out as files, passes on its progress, and keeps all that it leaves in its folder."""

import json
import mimetypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from honua_worker.commands import Command
from honua_worker.context import Context
from honua_worker.faults import CommandFailed, InvalidInput, ProcessError, Terminated
from honua_worker.inputs import Inputs
from honua_worker.staged import StagedFile

LOOK_SECONDS = 0.2
GRACE_SECONDS = 2.0
FOLDER = "files/"
_REL = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_ENDINGS = {"application/geo+json": ".geojson", "image/tiff": ".tif", "application/json": ".json"}


def run_command(command: Command, inputs: Inputs, context: Context) -> None:
    """Throws CommandFailed with its exit code, and Fault for what it did not leave."""
    work = context.scratch / "command"
    given, output = work / "inputs", work / "output"
    for folder in (given, output):
        folder.mkdir(parents=True)
    values = {name: _laid_out(name, value, given) for name, value in inputs.given().items()}
    (work / "inputs.json").write_text(json.dumps(values))
    progress = work / "progress"
    environment = {
        **_own_variables(command, context),
        "PATH": f"{sys.prefix}/bin:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "LANG": "C.UTF-8",
        "HOME": str(work),
        "TMPDIR": str(work),
        "JOB_ID": os.environ.get("JOB_ID", ""),
        "TRACEPARENT": os.environ.get("TRACEPARENT", ""),
        "HONUA_INPUTS": str(work / "inputs.json"),
        "HONUA_ARTIFACT_DIR": str(output),
        "HONUA_PROGRESS": str(progress),
    }
    code = _run(command, environment, progress, context)
    if code != 0:
        raise CommandFailed(command.name, code)
    _keep(output, context)


def _run(command: Command, environment: dict[str, str], progress: Path, context: Context) -> int:
    argv = [_resolved(command, part) if at == 0 else part for at, part in enumerate(command.argv)]
    # It stays in the group of this process: whoever ends that ends all that it started.
    running = subprocess.Popen(argv, cwd=command.folder, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        while True:
            try:
                code = running.wait(LOOK_SECONDS)
                _pass_on(progress, context)
                return code if code >= 0 else 128 - code
            except subprocess.TimeoutExpired:
                _pass_on(progress, context)
    except Terminated:
        running.terminate()
        try:
            running.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
        raise


def _resolved(command: Command, program: str) -> str:
    own = command.folder / program
    return str(own) if own.exists() else program


def _pass_on(progress: Path, context: Context) -> None:
    """The last whole line says it: `40 Frame 12 of 30`."""
    if not progress.exists():
        return
    lines = progress.read_text(errors="replace").split("\n")[:-1]
    if not lines:
        return
    percent, _, message = lines[-1].partition(" ")
    if percent.isdecimal():
        context.progress(min(int(percent), 100), message.strip()[:200] or "Running")


def _own_variables(command: Command, context: Context) -> dict[str, str]:
    """Those that it declares, with the values that the process gives them, and its secrets."""
    wished: dict[str, str] = context.command.get("variables", {})
    strangers = sorted(set(wished) - set(command.variables))
    if strangers:
        raise ProcessError(f"Command '{command.name}' declares no variable {', '.join(strangers)}.")
    return {**command.variables, **wished, **{name: _secret(name) for name in command.secrets}}


def _secret(name: str) -> str:
    """From the environment, where a container has it, else from a file by its name."""
    value = os.environ.get(name)
    if value is not None:
        return value
    folder = os.environ.get("HONUA_SECRETS_DIR")
    path = Path(folder) / name if folder else None
    if path is None or not path.is_file():
        raise ProcessError(f"Secret '{name}' is not there.")
    return path.read_text().rstrip("\n")


def _laid_out(name: str, value: Any, folder: Path) -> Any:
    """A copy: what was laid ready is for others, too."""
    if isinstance(value, list) and any(StagedFile.of(one, name) for one in value):
        return [_laid_out(f"{name}-{at}", one, folder) for at, one in enumerate(value)]
    staged = StagedFile.of(value, name)
    if staged is None:
        return value
    media_type = staged.media_type.split(";")[0].strip()
    if not _REL.fullmatch(name):
        raise InvalidInput(name, "has a name that no file can have")
    path = folder / f"{name}{_ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ''}"
    shutil.copyfile(staged.path(), path)
    return {"path": str(path), "mediaType": staged.media_type, **({"crs": staged.crs} if staged.crs else {})}


def _keep(output: Path, context: Context) -> None:
    files = sorted(path for path in output.rglob("*") if path.is_file() and not path.is_symlink())
    rels = [path.relative_to(output).as_posix() for path in files]
    for rel in rels:
        if not _REL.fullmatch(rel):
            raise ProcessError(f"A file is called {rel!r}: only letters, digits, '.', '_' and '-' are taken.")
    listing = []
    values = _values(output, context)
    for path, rel in zip(files, rels, strict=True):
        media_type = _type_of(rel, context)
        stored = context.file(path, f"{FOLDER}{rel}", rel, media_type)
        listing.append({"path": rel, "mediaType": media_type, "size": stored.size, "sha256": stored.sha256})
    for name, value in values.items():
        context.value(name, value)
    for name, told in context.command.get("files", {}).items():
        if name not in values:
            context.output_of_file(name, told["path"])
    if "listing" in context.command:
        context.value(context.command["listing"], listing)


def _values(output: Path, context: Context) -> dict[str, Any]:
    """Outputs that are values stand in files as JSON. Throws ProcessError for a file that is not there."""
    values: dict[str, Any] = {}
    for name, told in context.command.get("files", {}).items():
        path = output / told["path"]
        if not path.is_file() or path.is_symlink():
            raise ProcessError(f"The command left no file {told['path']!r}, which is output '{name}'.")
        if "mediaType" in told:
            continue
        try:
            values[name] = json.loads(path.read_text())
        except ValueError:
            raise ProcessError(f"File {told['path']!r}, which is output '{name}', is not JSON.") from None
    return values


def _type_of(rel: str, context: Context) -> str:
    for told in context.command.get("files", {}).values():
        if told["path"] == rel and "mediaType" in told:
            return str(told["mediaType"])
    guessed = {f".{ending.lstrip('.')}": media_type for media_type, ending in _ENDINGS.items()}
    ending = Path(rel).suffix.lower()
    return guessed.get(ending) or mimetypes.guess_type(rel)[0] or "application/octet-stream"
