"""What the environment says of a run, and where libraries may put what they keep."""

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REQUIRED = ("JOB_ID", "HONUA_INPUT_URI", "HONUA_OUTPUT_URI", "HONUA_ARTIFACT_DIR")


@dataclass(frozen=True)
class Environment:
    job: str
    input_uri: str
    """Always ends in a slash."""
    output_uri: str
    scratch: Path
    traceparent: str | None
    own_folder: str = ""
    """
    Where this try puts its files, below the output: empty, or with a slash at its end. AWS Batch starts a program again
    whose machine was taken away; what an earlier try wrote, or still writes, is never mixed with what a later one says.
    """


def read_environment(given: Mapping[str, str]) -> Environment:
    """Throws ValueError, which names what is missing."""
    missing = [name for name in REQUIRED if not given.get(name)]
    if missing:
        raise ValueError(f"{', '.join(missing)} must be set in the environment.")
    output = given["HONUA_OUTPUT_URI"]
    number = given.get("AWS_BATCH_JOB_ATTEMPT", "")
    if number and not number.isdecimal():
        raise ValueError("AWS_BATCH_JOB_ATTEMPT must be a number.")
    return Environment(
        job=given["JOB_ID"],
        input_uri=given["HONUA_INPUT_URI"],
        output_uri=output if output.endswith("/") else f"{output}/",
        scratch=Path(given["HONUA_ARTIFACT_DIR"]),
        traceparent=given.get("TRACEPARENT"),
        own_folder=f"try-{number}/" if number else "",
    )


def confine(scratch: Path) -> None:
    """Has libraries write to the scratch folder only, before the first of them is imported."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = str(scratch)
    sys.dont_write_bytecode = True
    tempfile.tempdir = folder
    for name in (
        "TMPDIR",
        "CPL_TMPDIR",
        "XDG_CACHE_HOME",
        "MPLCONFIGDIR",
        "NUMBA_CACHE_DIR",
        "JOBLIB_TEMP_FOLDER",
        "PROJ_USER_WRITABLE_DIRECTORY",
    ):
        os.environ[name] = folder
    os.environ["PROJ_NETWORK"] = "OFF"
    # No files beside a raster are read or written: the raster is what was hashed. The cache is in MB.
    os.environ["GDAL_PAM_ENABLED"] = "NO"
    os.environ["GDAL_DISABLE_READDIR_ON_OPEN"] = "EMPTY_DIR"
    os.environ["GDAL_CACHEMAX"] = "128"
