"""One picture in a file of its own, and what all files of reports share: their packages and their mark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.errors import ResultError, UsageError
from breachflow.files import has_mark, require_place, write_atomically
from breachflow.words import allowed, single_line

if TYPE_CHECKING:
    from breachflow.report.picture import Drawing

PACKAGES: Final = ("matplotlib", "jinja2")
SUFFIXES: Final = ("png", "svg")
"""Suffixes of the files of each picture."""


def require_packages() -> None:
    """Raise UsageError where a package that reports need is missing."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise UsageError(f"reports need {package}: pip install 'breachflow[report]'")


def require_chart(path: Path) -> None:
    """Refuse a place for a picture before anything is computed.

    Raises UsageError where its name is not that of a picture or a package is missing, and ResultError where
    its place cannot take it or another file lies there.
    """
    require_packages()
    if path.suffix.lower().removeprefix(".") not in SUFFIXES:
        kinds = allowed(f".{suffix}" for suffix in SUFFIXES)
        raise UsageError(f"{single_line(str(path))}: is no name of a picture; {kinds}")
    require_place(path)
    if path.exists() and not is_of_report(path):
        raise ResultError(f"{single_line(str(path))}: is no picture of a report and is not replaced")


def write_chart(draw: Callable[[], Drawing], path: Path) -> None:
    """Write what `draw` draws as the picture `path`, by its suffix.

    Raises UsageError and ResultError as `require_chart`, and ResultError where the file cannot be written.
    """
    require_chart(path)
    from breachflow.report.picture import as_picture
    from breachflow.report.style import look

    with look():
        picture = as_picture(path.stem, draw())
    write_atomically(path, [getattr(picture, path.suffix.lower().removeprefix("."))])


def is_of_report(path: Path) -> bool:
    """Whether a report wrote the file."""
    from breachflow.report.style import MARK

    return not path.is_symlink() and has_mark(path, MARK)
