"""The commands of the worker."""

import argparse
import json
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="honua-worker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run what the environment names")
    commands.add_parser("list", help="tell which scripts there are")
    manifest = commands.add_parser("manifest", help="describe the scripts for the server, signed")
    manifest.add_argument("--image", required=True, help="name of the image that holds this worker")
    manifest.add_argument("--sign", type=Path, help="PEM file of an Ed25519 private key")
    manifest.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    if given.command == "run":
        from honua_worker.run import run

        return run()
    if given.command == "list":
        return _list()
    from honua_worker.worker_manifest import write_worker_manifest

    write_worker_manifest(given.image, given.out, given.sign)
    return 0


def _list() -> int:
    from honua_worker.commands import Command, installed_commands
    from honua_worker.scripts import SCRIPTS, Script

    scripts = []
    everything: list[Script | Command] = [*SCRIPTS.values(), *installed_commands().values()]
    for script in everything:
        why = script.why_unavailable()
        entry = {"script": script.name, "version": script.version, "available": why is None}
        scripts.append(entry if why is None else {**entry, "why": why})
    print(json.dumps(scripts, indent=1))
    return 0
