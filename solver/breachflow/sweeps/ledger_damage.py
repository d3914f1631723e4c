"""Where the file of a ledger is damaged, in words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from breachflow.files import read_regular

_SIGNATURE: Final = b"SQLite format 3\0"
_HEADER: Final = 100
"""Bytes of the header (SQLite file format, 1.3)."""

_LONGEST: Final = 200


def damage_of(path: Path) -> str:
    """What is wrong with a file of SQLite, and at which byte, page or table; empty where nothing is found."""
    try:
        header = read_regular(path, _HEADER)
        size = path.stat().st_size
    except OSError:
        return ""
    if len(header) < _HEADER:
        return f"it ends after {size} bytes, within its header"
    if not header.startswith(_SIGNATURE):
        return f"its first {len(_SIGNATURE)} bytes are not those of SQLite"
    told = _told_size(header)
    return f"it ends after {size} of {told} bytes" if size < told else _first_fault(path)


def _told_size(header: bytes) -> int:
    """Bytes of the file by its header: the size of a page, of which 1 stands for 65536, and their number."""
    page = int.from_bytes(header[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def _first_fault(path: Path) -> str:
    """The first finding of SQLite's own check, which names trees, pages and tables."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            (found,) = file.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, TypeError, ValueError) as error:
        return f"in its header or its list of tables (page 1): {error}"
    lines = [line for line in str(found).splitlines() if line and not line.startswith("***")]
    return "" if lines in ([], ["ok"]) else lines[0][:_LONGEST]
