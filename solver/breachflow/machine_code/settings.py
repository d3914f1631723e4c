"""The environment variables of numba: what it cannot use becomes one error that names the variable."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from breachflow.errors import UsageError

_UNREADABLE: Final = re.compile(r"Environment variable '(\w+)' is defined but its associated value")
MOST_THREADS: Final = 4096
_BLAMED: Final = {
    "Number of threads": "NUMBA_NUM_THREADS",
    "PRIORITY": "NUMBA_THREADING_LAYER_PRIORITY",
    "hreading layer": "NUMBA_THREADING_LAYER",
}
"""The variable of an error of numba, by words of its message."""
_STANDARD_ERROR: Final = 2

_STARTED: Final[set[int]] = set()
"""The process whose threads have been started; a fork has the number of another one here."""


@contextmanager
def readable_settings() -> Iterator[None]:
    """Import numba in this block: it reads its variables then, and warns of values that it ignores.

    Raises UsageError where there is such a value.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except ValueError as error:
            raise _blaming(str(error)) from error
    for warning in caught:
        unreadable = _UNREADABLE.match(str(warning.message))
        if unreadable:
            raise _setting_error((unreadable[1],), "numba cannot read this value")
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


@contextmanager
def threads_that_start() -> Iterator[None]:
    """Start the threads of numba in this block.

    Raises UsageError where they do not, and in the fork of a process that has threads already: the fork has
    none of them, and would wait for them without end or be ended by their library.
    """
    if _STARTED and os.getpid() not in _STARTED:
        raise UsageError(
            "this process is a fork of one that has computed, and has none of its threads: start processes "
            'by multiprocessing.get_context("spawn") or "forkserver"'
        )
    count = os.environ.get("NUMBA_NUM_THREADS", "1")
    if int(count) > MOST_THREADS:
        raise _setting_error(("NUMBA_NUM_THREADS",), f"at most {MOST_THREADS} threads")
    try:
        yield
    except ValueError as error:
        raise _blaming(str(error)) from error
    _STARTED.add(os.getpid())


def require_processor(make_code: Callable[[], object], host_features: Mapping[str, bool]) -> None:
    """Raise UsageError where code is to be made for a processor that is unknown, or that this one is not.

    `make_code` makes a machine for the processor of the variables, and complains on standard error alone.
    """
    asked = os.environ.get("NUMBA_CPU_FEATURES", "")
    for feature in filter(None, asked.split(",")):
        if feature[0] not in "+-":  # LLVM ends the process
            raise _setting_error(("NUMBA_CPU_FEATURES",), f'"{feature}" begins with neither + nor -')
        if feature[0] == "+" and not host_features.get(feature[1:]):
            raise _setting_error(("NUMBA_CPU_FEATURES",), f"this processor has no {feature[1:]}")
    if "NUMBA_CPU_NAME" in os.environ or asked:
        complaint = _said_on_standard_error(make_code)
        if complaint:
            raise _setting_error(("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"), complaint.splitlines()[0])


def _said_on_standard_error(action: Callable[[], object]) -> str:
    """What a library prints, past Python, while an action runs; nothing where there is no standard error."""
    with suppress(OSError), tempfile.TemporaryFile() as file:
        sys.stderr.flush()
        before = os.dup(_STANDARD_ERROR)
        os.dup2(file.fileno(), _STANDARD_ERROR)
        try:
            action()
        finally:
            os.dup2(before, _STANDARD_ERROR)
            os.close(before)
        file.seek(0)
        return file.read().decode(errors="replace").strip()
    return ""


def _blaming(message: str) -> UsageError:
    return _setting_error(tuple(name for words, name in _BLAMED.items() if words in message), message)


def _setting_error(names: tuple[str, ...], reason: str) -> UsageError:
    """The error of those of the variables that are set; of all of numba's where none of them is."""
    given = [name for name in names if name in os.environ]
    given = given or [name for name in os.environ if name.startswith("NUMBA_")]
    where = ", ".join(f"{name}={os.environ[name]}" for name in given) or ".numba_config.yaml"
    said = " ".join(reason.split()).rstrip(".")
    return UsageError(f"{where}: {said}; unset it, or give a value that numba takes here")
