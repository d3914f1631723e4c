"""Where a result may go."""

from __future__ import annotations

from pathlib import Path

from breachflow.case.checks import RESULT_SUFFIXES
from breachflow.errors import ResultError, UsageError


def require_writable(path: Path) -> None:
    """Refuse a place for the result where writing it would fail at the end of the run."""
    if path.suffix not in RESULT_SUFFIXES:
        raise UsageError(f"{path}: the name of a result ends in .vtkhdf or .h5")
    if path.is_dir():
        raise ResultError(f"{path}: is a folder; give a file name with -o")
    if not path.parent.is_dir():
        raise ResultError(f"{path}: its folder does not exist; create it, or choose another place with -o")
