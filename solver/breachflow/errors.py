"""The errors that users meet, each with the exit code of a command that ends with it.

Every message says where (file and line, patch, cell), what is wrong and what to do about it.
"""

from __future__ import annotations


class BreachflowError(Exception):
    """Base of all errors of this package: a command reports it in one line, without a traceback."""

    exit_code = 70


class UsageError(BreachflowError):
    """A command or a function was called with wrong arguments."""

    exit_code = 2


class CaseError(BreachflowError):
    """A case is invalid; the message has a line for each fault: file, line, key, value and what is allowed.

    >>> print(CaseError("case.toml:3: one fault", "case.toml:7: another"))
    case.toml:3: one fault
    case.toml:7: another
    """

    exit_code = 3

    @property
    def faults(self) -> tuple[str, ...]:
        """A line for each fault."""
        return tuple(map(str, self.args))

    def __str__(self) -> str:
        """All faults."""
        return "\n".join(self.faults)


class MeshError(BreachflowError):
    """A mesh cannot be read or is not a valid finite-volume mesh."""

    exit_code = 4


class NotEnoughMemory(MeshError):
    """A mesh is valid, but its run needs more memory than this machine has free."""


class NonPhysicalState(BreachflowError):
    """The density or the pressure of the solution is not positive and finite."""

    exit_code = 5


class Stopped(BreachflowError):
    """A run was stopped on request before its end."""

    exit_code = 6


class NotConverged(BreachflowError):
    """A run ended without meeting its convergence criteria."""

    exit_code = 7


class ResultError(BreachflowError):
    """A result file cannot be written or read."""

    exit_code = 8


class MissingColumn(ResultError, KeyError):
    """A table does not have a column."""

    def __str__(self) -> str:
        """The message, without the quotes of a KeyError."""
        return str(self.args[0])


class OutputLocked(BreachflowError):
    """Another run is writing the same result."""

    exit_code = 9


class ValidationFailed(BreachflowError):
    """A validation missed at least one reference number by more than its tolerance, without a known cause."""

    exit_code = 10


class SlowerThanBefore(BreachflowError):
    """A benchmark is slower than an earlier one, or takes more memory, by more than the allowed ratio."""

    exit_code = 11


class PointsFailed(BreachflowError):
    """Some points of a sweep failed; the others have results."""

    exit_code = 12


class OutOfRange(BreachflowError, ValueError):
    """A formula was asked for a value outside its range of validity."""

    exit_code = 2
