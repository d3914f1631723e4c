"""The calls of the system by which files are written, with an act before each: a fault or a kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from tally import tally

CALLS = ("open", "write", "fsync", "replace", "close", "unlink")


def wrapped(act: Callable[[str], None]) -> dict[str, Callable[..., Any]]:
    """The calls of the system that write files, with an act before each; every write is short."""

    def wrap(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            act(name)
            if name == "write":
                arguments = (arguments[0], arguments[1][:3000])
            return original(*arguments, **options)

        return call

    return {name: wrap(name, getattr(os, name)) for name in CALLS}


def kill_at_every_call(act: Callable[[], object], look: Callable[[], None]) -> None:
    """A fork that acts is killed at its first call, at its second, and so on; look at what each has left."""
    for point in range(1, 1000):
        child = os.fork()
        if child == 0:
            calls: list[str] = []

            def kill(name: str, calls: list[str] = calls, point: int = point) -> None:
                calls.append(name)
                if len(calls) == point:
                    os.kill(os.getpid(), signal.SIGKILL)

            vars(os).update(wrapped(kill))
            try:
                act()
            except BaseException:
                os._exit(1)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, -signal.SIGKILL)
        was_killed = code != 0
        tally(kills=was_killed)
        look()
        if not was_killed:
            return
    raise AssertionError("the fork never came to its end")
