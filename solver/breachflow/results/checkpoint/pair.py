"""The last two checkpoints of a run, beside its output: if one is damaged, the other one serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple

from breachflow.document.complete import differences
from breachflow.errors import ResultError, UsageError
from breachflow.results.checkpoint.file import Checkpoint, Head, read_checkpoint, read_head, write_checkpoint
from breachflow.results.checkpoint.packing import Record

INTERVAL: Final = 10.0
"""s of computing between two checkpoints at least: what a kill can cost."""

LARGEST_COST: Final = 0.01
"""Part of the computing time that checkpoints may take."""

FREE: Final = (("title",), ("sweep",), ("output", "file"), ("run", "wall_clock"))
"""Keys that a run may change when it goes on: none of its numbers depends on them."""

MOST_NAMED: Final = 3
"""Keys that a message names."""


class Taken(NamedTuple, Generic[Record]):
    """What a run goes on from."""

    record: Record | None
    """None: the run starts anew."""
    path: Path | None
    """The file of the record."""
    faults: list[str]
    """What is wrong with files that do not serve."""

    def note(self, where: str) -> str:
        """What is to be told: `where` says in words where the run goes on."""
        faults = "; ".join(self.faults)
        if self.path is None:
            return f"{faults}; the run starts over" if faults else ""
        return f"{faults}; " * bool(faults) + f"goes on from {self.path.name}: {where}"


def checkpoint_paths(output: Path) -> tuple[Path, Path]:
    """The places of the two checkpoints of an output."""
    first, second = (output.with_name(f"{output.name}.checkpoint-{i}") for i in (1, 2))
    return first, second


def has_checkpoint(output: Path) -> bool:
    """Whether a run of this output can go on."""
    return any(path.exists() for path in checkpoint_paths(output))


def discard_checkpoints(output: Path) -> None:
    """Remove the checkpoints of an output. Where that fails, a later run repeats the end of this one."""
    for path in checkpoint_paths(output):
        with suppress(OSError):
            path.unlink(missing_ok=True)


class Earlier(Enum):
    """What becomes of the checkpoint of an earlier run."""

    GO_ON = auto()
    """The run goes on from it. That of another case is refused: it may be the work of hours."""
    GO_ON_OR_DISCARD = auto()
    """The run goes on from it. That of another case is replaced."""
    DISCARD = auto()
    """The run starts over."""


class CheckpointPair:
    """Reads, replaces in turn and removes the checkpoints of an output. The caller holds its lock."""

    def __init__(self, output: Path, owner: Mapping[str, str]) -> None:
        """
        Args:
            output: The result of the run.
            owner: What its numbers depend on: `case`, the completed text; `sources`, their digest; and what
                else there is, by a noun.
        """
        self._output, self._paths, self._owner = output, checkpoint_paths(output), dict(owner)
        self._next, self._slot = 1, 0
        self._due = time.monotonic() + INTERVAL

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next one."""
        return time.monotonic() >= self._due

    def take(
        self,
        kind: type[Record],
        earlier: Earlier,
        accept: Callable[[Record], None] = lambda _: None,
    ) -> Taken[Record]:
        """The last record of a type that can be read.

        `accept` raises ResultError where a record cannot serve. Raises UsageError where the checkpoint is of
        another run and must not be discarded.
        """
        if earlier is Earlier.DISCARD:
            discard_checkpoints(self._output)
        found, faults = self._readable()
        for path, head in found:
            difference = what_differs(head.owner, self._owner)
            if difference and earlier is Earlier.GO_ON_OR_DISCARD:
                continue
            if difference:
                raise UsageError(
                    f"{path}: a run was stopped here, but {difference}; finish that run, discard it with "
                    "--fresh, or choose another output with -o"
                )
            try:
                record = read_checkpoint(path, kind).record
                accept(record)
            except ResultError as error:
                faults.append(str(error))
            else:
                self._next, self._slot = head.number + 1, 1 - self._paths.index(path)
                return Taken(record, path, faults)
        return Taken(None, None, faults)

    def write(self, record: Any) -> None:
        """Replace the older checkpoint.

        The next one is due so late that all of them together cost a small part of the computing time. Raises
        ResultError where the file cannot be written; both files are then unchanged.
        """
        began = time.monotonic()
        try:
            write_checkpoint(self._paths[self._slot], Checkpoint(self._next, self._owner, record))
            self._next, self._slot = self._next + 1, 1 - self._slot
        finally:
            now = time.monotonic()
            self._due = now + max(INTERVAL, (now - began) / LARGEST_COST)

    def _readable(self) -> tuple[list[tuple[Path, Head]], list[str]]:
        """The sound checkpoints with their files, the last one first, and what is wrong with others."""
        readable, faults = [], []
        for path in self._paths:
            if path.exists() or path.is_symlink():
                try:
                    readable.append((path, read_head(path)))
                except ResultError as error:
                    faults.append(str(error))
        return sorted(readable, key=lambda one: one[1].number, reverse=True), faults


def what_differs(kept: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """How two owners differ, in words; empty where one may go on with what the other has kept."""
    if kept.get("sources") != wanted["sources"]:
        program = kept.get("program", "another version of Breachflow")
        return f"it was written by {program}" + ", of other sources" * (program == wanted.get("program"))
    keys = differences(kept.get("case", ""), wanted["case"], FREE)
    if keys:
        more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
        return "its case is another one: " + ", ".join(map(str, keys[:MOST_NAMED])) + more
    others = [name for name in wanted if name != "case" and kept.get(name) != wanted[name]]
    return f"its {others[0]} is another one" if others else ""
