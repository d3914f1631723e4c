"""Whether a case is that of a leak to be located."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

MARK: Final = "suspect"
"""A table that every leak to be located has, and no other case."""


def is_locate_file(path: Path) -> bool:
    """Whether the case in a file is that of a leak to be located; False also where it cannot be read."""
    try:
        return MARK in tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
