"""The folder of machine code: whose it must be, and where it is if the usual place does not serve.

Loading machine code runs it. A folder serves only if it belongs to this user and nobody else can write to it.
"""

from __future__ import annotations

import atexit
import os
import re
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage, rmtree
from typing import Final, NamedTuple

CACHE_VARIABLE: Final = "BREACHFLOW_CACHE_DIR"

UNUSED_CACHE_AGE: Final = 30 * 86400.0
"""s after which unused machine code of other sources is deleted."""

CACHE_SIZE: Final = 200_000_000
"""Bytes that must be free where the machine code is kept; it takes about a tenth."""

_DIGEST: Final = re.compile("[0-9a-f]{16}")
"""Names of folders of machine code: nothing else is deleted in a folder that a user has named."""

_PRIVATE: Final = 0o700


class CodeCache(NamedTuple):
    """Where this process keeps machine code."""

    folder: str
    trouble: str
    """Why it is not the usual place, and where it is; empty where it is the usual one."""


def folder_for(digest: str) -> CodeCache:
    """The folder of the machine code with a digest: in the user's cache, or else among temporary files.

    If neither serves, it is a temporary folder that is removed when the process ends. Processes that this one
    starts use the same.
    """
    root = _user_root()
    trouble = _fault(root, digest) if root is not None else "there is no home folder"
    if not trouble:
        return CodeCache(str(Path(root or "", digest)), "")
    trouble = f"{root or 'the cache'} cannot hold machine code ({trouble})"
    shared = Path(tempfile.gettempdir(), f"breachflow-{_user()}")
    if _is_private(shared) and not _fault(shared, digest):
        os.environ[CACHE_VARIABLE] = str(shared)
        return CodeCache(str(shared / digest), f"{trouble}: it is kept in {shared}")
    return _passing(digest, trouble)


def is_cold(folder: Path) -> bool:
    """Whether a folder holds no machine code."""
    return not any(folder.rglob("*.nbi"))


def _user_root() -> Path | None:
    """Folder of the machine code of all versions; None where this user has no home."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "breachflow"
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "breachflow"
    except RuntimeError:  # a container may run as a user that nobody knows
        return None


def _fault(root: Path, digest: str) -> str:
    """Why machine code cannot be kept in a folder; empty where it can. Creates the folder."""
    folder = root / digest
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        if not _is_private(folder):
            return "others may write to it"
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
        _drop_unused(folder)
        is_full = disk_usage(folder).free < CACHE_SIZE and is_cold(folder)
    except OSError as error:
        return error.strerror or str(error)
    return "its disk is full" if is_full else ""


def _is_private(folder: Path) -> bool:
    """Whether a folder is this user's alone to write to; it is created if it does not exist."""
    try:
        folder.mkdir(exist_ok=True, mode=_PRIVATE)
        found = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _passing(digest: str, trouble: str) -> CodeCache:
    """A temporary folder, which the processes that this one starts use too."""
    root = tempfile.mkdtemp(prefix="breachflow-")
    atexit.register(rmtree, root, ignore_errors=True)
    os.environ[CACHE_VARIABLE] = root
    folder = Path(root, digest)
    folder.mkdir(mode=_PRIVATE)
    return CodeCache(str(folder), f"{trouble}: it is lost when this run ends")


def _drop_unused(current: Path) -> None:
    """Delete folders of machine code that no run has used for long."""
    for other in current.parent.iterdir():
        with suppress(OSError):
            is_ours = _DIGEST.fullmatch(other.name) and other != current and not other.is_symlink()
            if is_ours and time.time() - other.stat().st_mtime > UNUSED_CACHE_AGE:
                rmtree(other)
