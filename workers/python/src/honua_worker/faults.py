"""What may go wrong in a way that can be explained to the one who asked."""

from typing import ClassVar


class Fault(Exception):
    """Its text is for people: it holds no path and no stack."""

    reason: ClassVar[str] = "process-error"


class InvalidInput(Fault):
    """One input is wrong."""

    reason = "invalid-input"

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"/inputs/{name}: {message}")
        self.name = name


class TooLarge(Fault):
    """A result would be larger than it may be."""

    reason = "too-large"


class NotApproved(Fault):
    """A script that is none of this worker's."""

    reason = "not-approved"

    def __init__(self, script: str) -> None:
        super().__init__(f"Script '{script}' is not approved.")


class ProcessError(Fault):
    """The process cannot do what was asked, though no single input is wrong."""


class CommandFailed(Exception):
    """A command ended by itself, and not well. There is nothing more to explain than its exit code and its log."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"{command} ended with exit code {code}.")
        self.code = code


class Terminated(BaseException):
    """The signal to stop; no `except Exception` may keep it."""
