"""The lock of an output: a file beside it, so that one run at a time writes it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from breachflow.errors import OutputLocked, ResultError
from breachflow.files import discard_partial_files

_PATIENCE: Final = 1.0
"""s to wait for the text of a lock whose holder has just taken it."""
_PAUSE: Final = 0.005
"""s between two attempts."""


@contextmanager
def output_lock(path: str | os.PathLike[str]) -> Iterator[None]:
    """Hold the output `path` for this process while the block runs.

    The lock is that of the operating system (flock) on the file PATH.lock: it ends with the process, also
    where that is killed. The text of the file only names the holder.

    Raises OutputLocked where another process holds the lock, ResultError where the file cannot be made.
    """
    path = Path(path)
    lock = path.with_name(f"{path.name}.lock")
    try:
        descriptor = _acquire(path, lock)
    except OSError as error:
        raise ResultError(
            f"{lock}: cannot lock the output: {error.strerror} (check the folder and the rights on it, "
            "or choose another place with -o)"
        ) from error
    try:
        discard_partial_files(path.parent, [path.name])
        yield
    finally:
        _release(descriptor, lock)


def _acquire(path: Path, lock: Path) -> int:
    deadline = time.monotonic() + _PATIENCE
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            locked = _try_lock(descriptor)
            if _is_current(descriptor, lock):
                if locked:
                    _sign(descriptor)
                    return descriptor
                _refuse_if_held(path, descriptor, deadline)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        time.sleep(_PAUSE)


def _release(descriptor: int, lock: Path) -> None:
    """Remove the file before its lock is released: a process that waits for it sees that its name is gone."""
    with suppress(OSError):
        if _is_current(descriptor, lock):
            lock.unlink()
    os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)


def _refuse_if_held(path: Path, descriptor: int, deadline: float) -> None:
    holder = _holder(descriptor)
    if holder is None and time.monotonic() < deadline:
        return
    raise OutputLocked(
        f"{path}: {holder or 'another process'} is writing this result; "
        "wait for it, stop it, or choose another output with -o"
    )


def _is_current(descriptor: int, lock: Path) -> bool:
    """Whether the open file is still the file of that name: its last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(descriptor), lock.stat())
    except FileNotFoundError:
        return False


def _holder(descriptor: int) -> str | None:
    """The holder of the lock; None while the file names nobody, or a process that has ended."""
    pid, _, host = os.pread(descriptor, 1000, 0).decode("utf-8", "replace").strip().partition(" ")
    if not (pid.isdecimal() and host.isprintable() and host):
        return None
    if host == socket.gethostname() and not _is_running(int(pid)):
        return None
    return f"process {pid} on {host}"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
