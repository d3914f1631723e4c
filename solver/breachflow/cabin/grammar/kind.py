"""Which kind of case a file is: that of a cabin, or that of a flow."""

from __future__ import annotations

import tomllib
from pathlib import Path

MARK = "compartment"
"""A table that every cabin has, and no flow."""

OTHERS = {"boundary", "holes", "suspect"}
"""Tables that a flow, a risk, or a leak to be located has beside."""


def is_cabin_file(path: Path) -> bool:
    """Whether the case in a file is that of a cabin; False also where the file cannot be read."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return MARK in data and not data.keys() & OTHERS
