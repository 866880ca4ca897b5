"""Failures that are told to whoever asked for the run; anything else is a defect and goes to the log alone."""

from __future__ import annotations


class WorkerError(Exception):
    """Ends the attempt with a reason of the contract and a message for people: no path, no stack."""

    reason = "process-error"


class InvalidInput(WorkerError):
    """The request has a value that the process cannot work with. The message names the input."""

    reason = "invalid-input"


class TooLarge(WorkerError):
    """The result would be larger than the run may have."""

    reason = "too-large"


class NotApproved(WorkerError):
    """The script is none of those that were installed and signed."""

    reason = "not-approved"
