"""
Stopping on SIGTERM within 5 s, whatever the work is at. A handler of Python runs between two of its steps, and a call
of LAPACK may last minutes and hold every thread: so another process, which does nothing else, watches the work.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from honua_worker.faults import Terminated

TERMINATED = 143
PATIENCE_SECONDS = 4.0
PR_SET_PDEATHSIG = 1
WATCHED = {signal.SIGTERM, signal.SIGCHLD}


def supervised(work: Callable[[], int]) -> int:
    """Does the work in a child and gives its exit code, 128 and the signal's number where one ended it."""
    # What would come between the two processes waits until both are ready for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        _die_with(supervisor)
        signal.signal(signal.SIGTERM, _raise)
        os._exit(_done(work))
    try:
        return _watch(child)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)


def ignore_sigterm() -> None:
    """A SIGTERM before this is raised here at the latest; one after it comes too late to undo what follows."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _done(work: Callable[[], int]) -> int:
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        return work()
    except Terminated:
        return TERMINATED
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _watch(child: int) -> int:
    told_at: float | None = None
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if told_at is not None and time.monotonic() - told_at > PATIENCE_SECONDS:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return TERMINATED
        heard = signal.sigtimedwait(WATCHED, 0.1)
        if heard is not None and heard.si_signo == signal.SIGTERM and told_at is None:
            told_at = time.monotonic()
            os.kill(child, signal.SIGTERM)


def _die_with(supervisor: int) -> None:
    """Where the supervisor is killed, nobody would stop the work any more."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(TERMINATED)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    # The second one would interrupt the cleaning up after the first.
    ignore_sigterm()
    raise Terminated
