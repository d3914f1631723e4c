"""The errors a person can meet, each with the exit code of the command that meets it.

Every message says where (file and line, patch, cell), what is wrong and what to do about it.
"""

from __future__ import annotations


class BreachflowError(Exception):
    """Root of every error that is reported to the user in one clear line, without a traceback."""

    exit_code = 70


class UsageError(BreachflowError):
    """A command or a function was called with arguments that cannot be served."""

    exit_code = 2


class CaseError(BreachflowError):
    """A case file is invalid; the message names file, line, key, value and what is allowed."""

    exit_code = 3


class MeshError(BreachflowError):
    """A mesh cannot be read or is not a valid finite-volume mesh."""

    exit_code = 4


class NotEnoughMemory(MeshError):
    """A mesh is valid, but needs more memory than this machine has free."""


class NonPhysicalState(BreachflowError):
    """The solution left the set of physical states (density and pressure positive and finite)."""

    exit_code = 5


class Stopped(BreachflowError):
    """The run was stopped on request before it was done."""

    exit_code = 6


class NotConverged(BreachflowError):
    """The run ended without meeting its convergence criteria."""

    exit_code = 7


class ResultError(BreachflowError):
    """A result file cannot be written or read."""

    exit_code = 8


class OutputLocked(BreachflowError):
    """Another run is writing the same result."""

    exit_code = 9


class ValidationFailed(BreachflowError):
    """A validation case did not give a number that it must give."""

    exit_code = 10


class SlowerThanBefore(BreachflowError):
    """The program is slower than it was, or takes more memory, by more than was allowed."""

    exit_code = 11


class PointsFailed(BreachflowError):
    """Some points of a sweep have no answer; the others have."""

    exit_code = 12


class OutOfRange(BreachflowError, ValueError):
    """A formula was asked for a value outside its range of validity."""

    exit_code = 2
