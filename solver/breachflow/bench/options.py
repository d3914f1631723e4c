"""The options of a benchmark: threads, mesh sizes and time for each timing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

CELLS: Final = (10_000, 100_000, 1_000_000)
"""Numbers of cells of the meshes on which the kernels are timed."""

RESOLUTIONS: Final = ("coarse", "medium", "fine", "96")
"""Mesh resolutions of the holes: names, or cells across half the opening. The last mesh has 31 000 cells."""

SECONDS: Final = 0.3
"""Time spent on each timing, s."""


@dataclass(frozen=True)
class BenchOptions:
    """The options that a section measures with."""

    threads: tuple[int, ...]
    """Numbers of threads: 1, and the largest one to use."""
    tell: Callable[[str], None]
    """Called with a progress message before each measurement."""
    cells: tuple[int, ...] = CELLS
    """Numbers of cells of the meshes on which the kernels are timed."""
    resolutions: tuple[str, ...] = RESOLUTIONS
    """Mesh resolutions of the holes."""
    seconds: float = SECONDS
    """Time spent on each timing, s."""

    def as_json(self) -> dict[str, Any]:
        """The options as the file of a benchmark holds them."""
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
