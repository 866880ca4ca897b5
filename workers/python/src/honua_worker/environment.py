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


def read_environment(given: Mapping[str, str]) -> Environment:
    """Throws ValueError, which names what is missing."""
    missing = [name for name in REQUIRED if not given.get(name)]
    if missing:
        raise ValueError(f"{', '.join(missing)} must be set in the environment.")
    output = given["HONUA_OUTPUT_URI"]
    return Environment(
        job=given["JOB_ID"],
        input_uri=given["HONUA_INPUT_URI"],
        output_uri=output if output.endswith("/") else f"{output}/",
        scratch=Path(given["HONUA_ARTIFACT_DIR"]),
        traceparent=given.get("TRACEPARENT"),
    )


def confine(scratch: Path) -> None:
    """Has libraries write to the scratch folder only, before the first of them is imported."""
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
