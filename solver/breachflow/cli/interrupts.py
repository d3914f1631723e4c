"""Interrupts: Python's own answer, and a note that one came."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn


class _Note:
    """Whether an interrupt has been raised in this command."""

    came = False


NOTE = _Note()


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Answer a signal as Python answers an interrupt, and note it.

    Raises KeyboardInterrupt. C code may make another exception of it: a SyntaxError while a module is
    compiled, one of pydantic's own.
    """
    NOTE.came = True
    raise KeyboardInterrupt


@contextmanager
def noted_interrupts() -> Iterator[None]:
    """Within it interrupts are noted, where Python's own answer is the present one."""
    NOTE.came = False
    before = signal.getsignal(signal.SIGINT)
    is_python = before is signal.default_int_handler and current_thread() is main_thread()
    if is_python:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        if is_python:
            signal.signal(signal.SIGINT, before)
