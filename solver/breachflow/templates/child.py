"""Processes that another one of this program starts: such a process never outlives it."""

from __future__ import annotations

import os
import sys
from threading import Thread


def end_with_parent() -> None:
    """End this process when its input ends, which is a pipe from its parent: also by a kill of the parent."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):  # the buffer of `sys.stdin` would be locked at the end
            pass
        os._exit(1)

    Thread(target=wait, daemon=True).start()
