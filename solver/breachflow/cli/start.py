"""The command as a process: a signal while it is imported, and the way out.

Until `main` begins, Python itself answers an interrupt, with a traceback: so nothing slow is imported here.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from contextlib import suppress

from breachflow.errors import Stopped

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the arguments of the process give, and end the process with its exit code."""
    try:
        # `nohup` and shells in the background ignore SIGINT on purpose
        heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if heeds:
            signal.signal(signal.SIGINT, _end)
        _fill_streams()
        _settle_variables()
        from breachflow.cli.main import main as command

        if heeds:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = command()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        _end(signal.SIGINT, None)
    _leave(code)


def _fill_streams() -> None:
    """Open closed standard streams on nothing: the next file would take their place, and what is printed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _settle_variables() -> None:
    """Set variables at whose values libraries fail as they are imported, though nothing here depends on them.

    Pictures are drawn into files alone, and no code is generated that would have a date.
    """
    os.environ["MPLBACKEND"] = "agg"
    os.environ.pop("SOURCE_DATE_EPOCH", None)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: nothing has begun."""
    with suppress(OSError):
        os.write(2, b"breachflow: error: aborted; nothing was written\n")
    os._exit(Stopped.exit_code)


def _leave(code: int) -> NoReturn:
    """End the process without taking down the compiler's memory, which takes half a second."""
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)
