"""Log lines: JSON on stdout, one a line, with the trace that the run belongs to."""

import json
import sys
import traceback
from datetime import UTC, datetime


class Log:
    def __init__(self, job: str | None, traceparent: str | None) -> None:
        self._always = {
            key: value for key, value in (("jobId", job), ("traceparent", traceparent)) if value is not None
        }

    def info(self, message: str, **more: object) -> None:
        self._write("info", message, more)

    def error(self, message: str, error: BaseException | None = None) -> None:
        more: dict[str, object] = {}
        if error is not None:
            more["stack"] = "".join(traceback.format_exception(error))
        self._write("error", message, more)

    def _write(self, level: str, message: str, more: dict[str, object]) -> None:
        line = {"time": datetime.now(UTC).isoformat(), "level": level, "message": message}
        sys.stdout.write(json.dumps({**line, **self._always, **more}) + "\n")
        sys.stdout.flush()
