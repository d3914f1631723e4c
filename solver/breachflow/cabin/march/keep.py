"""Checkpoints of a march, between two segments: from there it goes on bit for bit.

A segment is a few dozen steps of the integrator; one that is interrupted is computed again.
"""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from breachflow.cabin.march.plan import Deed
from breachflow.cabin.march.record import Record
from breachflow.cabin.model.situation import Situation
from breachflow.errors import ResultError
from breachflow.results.checkpoint.pair import CheckpointPair, Earlier, discard_checkpoints
from breachflow.version import PROGRAM, source_digest

if TYPE_CHECKING:
    from breachflow.cabin.grammar.schema import CabinCase


class MarchState(NamedTuple):
    """All that a march is between two segments."""

    situation: Situation
    record: Record
    waiting: list[Deed]
    """Events that have not come true."""
    due: list[tuple[float, Deed]]
    """Events that wait for their time, s."""
    beyond: list[tuple[str, int]]
    """Limits that are passed, each with its place."""
    samples: int
    """Samples taken."""
    step: float
    """Step, s, that comes next."""
    ended: bool
    """Whether the limit is passed that ends the march."""


class Mark:
    """A moment of a march, to which its state can be told later although it has gone on."""

    def __init__(self, state: MarchState) -> None:
        record = state.record
        self._lengths = len(record.readings), len(record.happenings), len(record.crossings)
        self._state = state._replace(
            situation=copy.deepcopy(state.situation),
            record=replace(record),
            waiting=list(state.waiting),
            due=list(state.due),
            beyond=list(state.beyond),
        )

    @property
    def state(self) -> MarchState:
        """The state at that moment: lists of the record only grow, and are cut to their lengths of then."""
        record, (readings, happenings, crossings) = self._state.record, self._lengths
        then = replace(
            record,
            readings=record.readings[:readings],
            happenings=record.happenings[:happenings],
            crossings=record.crossings[:crossings],
        )
        return self._state._replace(record=then)


class MarchKeeper:
    """The checkpoints of the march through a case."""

    def __init__(self, case: CabinCase, output: Path, *, fresh: bool = False) -> None:
        """
        Args:
            case: The case.
            output: The result, whose lock the caller holds.
            fresh: Whether to discard what was kept before.
        """
        self._output, self._earlier = output, Earlier.DISCARD if fresh else Earlier.GO_ON
        self._pair = CheckpointPair(output, _owner_of(case))
        self.note = ""
        """Where the march goes on, and what is wrong with its checkpoints."""

    def take(self) -> MarchState | None:
        """What the march goes on from. Raises UsageError where the checkpoint is of another march."""
        taken = self._pair.take(MarchState, self._earlier)
        self.note = taken.note(f"at {taken.record.situation.time:.6g} s" if taken.record is not None else "")
        return taken.record

    def look(self, mark: Mark) -> None:
        """Write a checkpoint if it is time."""
        if self._pair.is_due:
            self.keep(mark)

    def keep(self, mark: Mark) -> None:
        """Write a checkpoint; where that fails, the march goes on, and its result tells of the disk."""
        with suppress(ResultError):
            self._pair.write(mark.state)

    def discard(self) -> None:
        """Remove the checkpoints: the march is over."""
        discard_checkpoints(self._output)


def _owner_of(case: CabinCase) -> dict[str, str]:
    """All that the numbers of a march depend on. Tables that cannot be read are told when they are used."""
    digest = sha256()
    for leak in case.leak.values():
        file = getattr(leak, "file", None)
        digest.update(file.read_bytes() if file is not None and file.is_file() else b"")
    return {
        "case": case.completed_text,
        "sources": source_digest(),
        "program": PROGRAM,
        "table of a leak": digest.hexdigest(),
    }
