"""Places of results, and atomic writing: a file has its old or its new content, even after an interruption.

HDF5 never writes to the disk itself: on a full disk its library crashes the process, and a kill leaves an
unreadable file. Its images are made in memory and written here.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from breachflow.errors import ResultError

_PARTIAL: Final = re.compile(r"\.(.+)\.[0-9a-f]{8}\.partial", re.DOTALL)
"""Name of a file that is being written, beside the file of the name within."""

_HEAD: Final = 4096
"""Bytes of a file among which its mark stands."""

_ADVICE: Final = {
    errno.ENOSPC: "free some space, or choose another place with -o",
    errno.EDQUOT: "your quota is used up: free some space, or choose another place with -o",
    errno.EFBIG: "no file of this size is allowed here (ulimit -f): choose another place with -o",
    errno.ENOENT: "create the folder first, or choose another place with -o",
    errno.ENOTDIR: "a part of the path is a file: choose another place with -o",
    errno.EISDIR: "this is a folder: give a file name with -o",
    errno.ENAMETOOLONG: "choose a shorter name with -o",
}
_ANOTHER_FOLDER: Final = "remove it, or give the name of a folder with -o"
_DEFAULT_ADVICE: Final = "check the disk and the rights on the folder, or choose another place with -o"


def read_regular(path: Path, most: int) -> bytes:
    """The content of a file, but no more than one byte beyond `most`.

    Raises OSError where it cannot be read, and for a pipe or a device, which may never end.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return file.read(most + 1)


def has_mark(path: Path, mark: str) -> bool:
    """Whether a file has the text near its start by which this program knows its own; False of a pipe."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return stat.S_ISREG(os.fstat(file.fileno()).st_mode) and mark.encode("ascii") in file.read(_HEAD)
    except OSError:
        return False


def require_place(path: Path) -> None:
    """Raise ResultError where a result cannot lie: at a folder, or in a folder that does not exist."""
    if path.is_dir():
        raise ResultError(f"{path}: is a folder; give a file name with -o")
    if not path.parent.is_dir():
        raise ResultError(f"{path}: its folder does not exist; create it, or choose another place with -o")


def write_atomically(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write `parts` one after the other as the file `path`, in place of any previous file.

    Partial files of `path` that killed writers left are removed. Raises ResultError where writing fails; the
    previous file is then unchanged and no other file is left.
    """
    try:
        _refuse_special_files(path)
        discard_partial_files(path.parent, [path.name])
        _replace(path, parts)
    except OSError as error:
        raise _write_error(path, error, "any previous file is unchanged") from error
    try:
        fsync_folder(path.parent)
    except OSError as error:
        raise _write_error(path, error, "the file is complete but a power failure may lose it") from error


def make_folder(folder: Path) -> None:
    """Create `folder`, whose parent must exist, such that it survives a power failure.

    Raises ResultError where it cannot be created.
    """
    if folder.is_symlink() and not folder.exists():
        raise ResultError(f"{folder}: is a link to nothing, and a folder belongs here; {_ANOTHER_FOLDER}")
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"{folder}: is a file, and a folder belongs here; {_ANOTHER_FOLDER}")
    try:
        folder.mkdir(exist_ok=True)
        fsync_folder(folder.parent)
    except OSError as error:
        raise _write_error(folder, error, "nothing was written") from error


def fsync_folder(folder: Path) -> None:
    """Make the entries of a folder survive a power failure, where the file system can do that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def discard_partial_files(folder: Path, names: Container[str]) -> None:
    """Remove the partial files that killed writers of files of these names left in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if whose_partial_file(entry.name) in names:
                _discard_without_writer(entry.path)


def whose_partial_file(name: str) -> str | None:
    """The name of the file that a file of this name was to become; None where it is no partial file.

    >>> whose_partial_file(".result.vtkhdf.12ab34cd.partial")
    'result.vtkhdf'
    """
    match = _PARTIAL.fullmatch(name)
    return match[1] if match else None


def _discard_without_writer(partial: str) -> None:
    """Remove a partial file unless its writer is alive, who keeps it locked (flock)."""
    import fcntl

    with suppress(OSError):
        descriptor = os.open(partial, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(partial)  # noqa: PTH108  # as the other calls of the system here
        finally:
            os.close(descriptor)


def _refuse_special_files(path: Path) -> None:
    """Raise OSError for a folder, which cannot be replaced, and for a device such as /dev/null."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file")


def _replace(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write a partial file, and give it the name of `path` once it is on the disk."""
    partial, lock = _new_partial_file(path)
    try:
        _write_durably(os.dup(lock.fileno()), parts)
        os.replace(partial, path)  # noqa: PTH105  # beside the os-level calls it belongs to
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        _release(lock)


def _write_durably(descriptor: int, parts: Iterable[bytes | memoryview]) -> None:
    """Write to a new file and close it; over a network, closing tells of a full disk too."""
    try:
        for part in parts:
            _write_all(descriptor, part)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _release(lock: BinaryIO) -> None:
    """End a lock. What was written is safe or has failed before: failures here say nothing more."""
    import fcntl

    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_UN)
    with suppress(OSError):
        lock.close()


def _new_partial_file(path: Path) -> tuple[Path, BinaryIO]:
    """A new partial file of `path`, also opened and locked."""
    import fcntl

    while True:
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
        file = os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb", 0)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        if partial.exists():  # another process may have removed it before it was locked
            return partial, file
        file.close()


def _write_all(descriptor: int, part: bytes | memoryview) -> None:
    remaining = memoryview(part)
    while len(remaining) > 0:
        remaining = remaining[os.write(descriptor, remaining) :]


def _write_error(path: Path, error: OSError, state: str) -> ResultError:
    reason = error.strerror or str(error)
    advice = _ADVICE.get(error.errno or 0, _DEFAULT_ADVICE)
    return ResultError(f"{path}: cannot write: {reason} ({advice}); {state}")
