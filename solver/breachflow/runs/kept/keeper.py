"""Keeps a run in checkpoints beside its output, and lets the next run of the same case go on from there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from breachflow.errors import ResultError
from breachflow.results import SnapshotWriter
from breachflow.results.checkpoint.pair import CheckpointPair, Earlier, discard_checkpoints
from breachflow.results.files.layout import SnapshotStep
from breachflow.runs.kept.fit import fits
from breachflow.runs.kept.owner import owner_of
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.solve.iteration import Iteration
from breachflow.words import duration

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.runs.solve.context import RunContext


class KeptRun(NamedTuple):
    """What the checkpoint of a run holds."""

    iteration: Iteration
    snapshots: list[SnapshotStep]
    """The snapshots that the run has written."""


class RunKeeper:
    """The checkpoints of one run."""

    def __init__(self, output: Path, earlier: Earlier, snapshots: SnapshotWriter | None = None) -> None:
        """
        Args:
            output: The result of the run, whose lock the caller holds.
            earlier: What becomes of a checkpoint that is there.
            snapshots: Writes its snapshots.
        """
        self.output, self._earlier, self._snapshots = output, earlier, snapshots
        self._pair: CheckpointPair | None = None
        self._has_failed = False

    def begin(self, meshes: MeshFamily, context: RunContext) -> Iteration:
        """What the run goes on from: its last checkpoint that can be read, or a new start.

        Raises UsageError where the checkpoint is of another run, and must not be discarded.
        """
        self._pair = CheckpointPair(self.output, owner_of(context.case, meshes, context.neighbors))
        taken = self._pair.take(KeptRun, self._earlier, lambda kept: self._accept(kept, meshes, context))
        iteration = taken.record.iteration if taken.record is not None else Iteration()
        place = f"mesh {iteration.mesh_number} of {len(meshes)}, step {iteration.step}"
        context.note = taken.note(f"{place}, {duration(iteration.elapsed)} computed before")
        return iteration

    def look(self, iteration: Iteration, context: RunContext) -> None:
        """Write a checkpoint if it is time."""
        if self._pair is not None and self._pair.is_due and iteration.stage is not None:
            self.keep(iteration, context)

    def keep(self, iteration: Iteration, context: RunContext) -> None:
        """Write a checkpoint, or tell once why that fails: the run goes on."""
        steps = self._snapshots.steps if self._snapshots is not None else []
        try:
            if self._pair is not None:
                self._pair.write(KeptRun(iteration, steps))
        except ResultError as error:
            context.note = "" if self._has_failed else f"no checkpoint: {error}"
            self._has_failed = True

    def discard(self) -> None:
        """Remove the checkpoints: the run is over."""
        discard_checkpoints(self.output)

    def _accept(self, kept: KeptRun, meshes: MeshFamily, context: RunContext) -> None:
        """Take over what a checkpoint holds. Raises ResultError where it cannot serve."""
        iteration, steps = kept
        number = iteration.mesh_number
        is_next = 1 <= number <= len(meshes) and number == len(iteration.endings) + 1
        if not is_next or not fits(iteration, make_problem(context.case, meshes[number - 1])):
            raise ResultError(f"a checkpoint of {self.output.name} does not fit the mesh")
        if self._snapshots is not None:
            self._snapshots.go_on(steps, meshes[-1].n_cells)
