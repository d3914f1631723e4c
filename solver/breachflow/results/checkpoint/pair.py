"""The last two checkpoints of a run, beside its output: if one is damaged, the other one serves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from breachflow.errors import ResultError
from breachflow.results.checkpoint.file import Checkpoint, read_checkpoint, write_checkpoint
from breachflow.results.checkpoint.packing import Record

INTERVAL: Final = 10.0
"""s of computing between two checkpoints at least: what a kill can cost."""

LARGEST_COST: Final = 0.01
"""Part of the computing time that checkpoints may take."""


def checkpoint_paths(output: Path) -> tuple[Path, Path]:
    """The places of the two checkpoints of an output."""
    first, second = (output.with_name(f"{output.name}.checkpoint-{i}") for i in (1, 2))
    return first, second


def has_checkpoint(output: Path) -> bool:
    """Whether a run of this output can go on."""
    return any(path.exists() for path in checkpoint_paths(output))


class CheckpointPair:
    """Reads, replaces in turn and removes the checkpoints of an output. The caller holds its lock."""

    def __init__(self, output: Path) -> None:
        self._paths = checkpoint_paths(output)
        self._next, self._slot = 1, 0
        self._due = time.monotonic() + INTERVAL

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next one."""
        return time.monotonic() >= self._due

    def found(self, kind: type[Record]) -> tuple[list[tuple[Path, Checkpoint[Record]]], list[str]]:
        """The readable checkpoints with their files, the last one first, and what is wrong with others."""
        readable, faults = [], []
        for path in self._paths:
            if path.exists() or path.is_symlink():
                try:
                    readable.append((path, read_checkpoint(path, kind)))
                except ResultError as error:
                    faults.append(str(error))
        return sorted(readable, key=lambda one: one[1].number, reverse=True), faults

    def go_on_after(self, path: Path, number: int) -> None:
        """Let the next checkpoint replace the other one than this, which has a number."""
        self._next, self._slot = number + 1, 1 - self._paths.index(path)

    def write(self, owner: Mapping[str, str], record: Any) -> None:
        """Replace the older checkpoint.

        The next one is due so late that all of them together cost a small part of the computing time. Raises
        ResultError where the file cannot be written; both files are then unchanged.
        """
        began = time.monotonic()
        try:
            write_checkpoint(self._paths[self._slot], Checkpoint(self._next, owner, record))
            self._next, self._slot = self._next + 1, 1 - self._slot
        finally:
            now = time.monotonic()
            self._due = now + max(INTERVAL, (now - began) / LARGEST_COST)

    def discard(self) -> None:
        """Remove both. Where that fails, a later run repeats the end of this one."""
        for path in self._paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
