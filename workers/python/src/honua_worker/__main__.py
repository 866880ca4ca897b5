"""`honua-worker run | list | manifest`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path

from .attempt import run_attempt
from .scripts import names, sha256_of_script
from .worker_manifest import write_manifest


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        for name in ("JOB_ID", "TRACEPARENT"):
            if name in os.environ:
                line[name.lower()] = os.environ[name]
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def main() -> int:
    """Answers the exit code."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    parser = argparse.ArgumentParser(prog="honua-worker")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="runs the attempt that the environment names")
    commands.add_parser("list", help="what scripts there are, as JSON")
    manifest = commands.add_parser("manifest", help="writes the manifest of the scripts")
    manifest.add_argument("--image", default="local")
    manifest.add_argument("--sign", type=Path, help="private key, Ed25519 in PEM")
    manifest.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    if given.command == "run":
        return run_attempt()
    if given.command == "list":
        print(json.dumps([{"script": name, "sha256": sha256_of_script(name)} for name in names()]))
        return 0
    write_manifest(given.image, given.out, given.sign)
    return 0


if __name__ == "__main__":
    sys.exit(main())
