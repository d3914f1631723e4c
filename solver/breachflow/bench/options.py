"""What to measure, how large and how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

CELLS: Final = (10_000, 100_000, 1_000_000)
"""Of the meshes on which the sweeps are timed."""

RESOLUTIONS: Final = ("coarse", "medium", "fine", "96")
"""Of the holes that are solved: names, or cells over half the opening; the last has 31 000 cells."""

SECONDS: Final = 0.3
"""s for each timing."""


@dataclass(frozen=True)
class BenchOptions:
    """What a section needs to know."""

    threads: tuple[int, ...]
    """Numbers of threads: 1, and all that are to be used."""
    tell: Callable[[str], None]
    """Called with what is measured next."""
    cells: tuple[int, ...] = CELLS
    resolutions: tuple[str, ...] = RESOLUTIONS
    seconds: float = SECONDS

    def as_json(self) -> dict[str, Any]:
        return {
            "threads": list(self.threads),
            "cells": list(self.cells),
            "resolutions": list(self.resolutions),
            "seconds": self.seconds,
        }


def counted_threads(count: int) -> str:
    """A number of threads.

    >>> counted_threads(1), counted_threads(2)
    ('1 thread', '2 threads')
    """
    return "1 thread" if count == 1 else f"{count} threads"
