"""Keeps a run in checkpoints beside its output, and lets the next run of the same case go on from there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from breachflow.errors import ResultError, UsageError
from breachflow.results import SnapshotWriter
from breachflow.results.checkpoint.file import Checkpoint
from breachflow.results.checkpoint.pair import CheckpointPair
from breachflow.results.files.layout import SnapshotStep
from breachflow.runs.kept.fit import fits
from breachflow.runs.kept.owner import owner_of, what_differs
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

    def __init__(self, output: Path, snapshots: SnapshotWriter | None = None, *, fresh: bool = False) -> None:
        """
        Args:
            output: The result of the run, whose lock the caller holds.
            snapshots: Writes its snapshots.
            fresh: Whether to discard what was kept before.
        """
        self._pair, self._snapshots, self._fresh = CheckpointPair(output), snapshots, fresh
        self._owner: dict[str, str] = {}
        self._has_failed = False

    def begin(self, meshes: MeshFamily, context: RunContext) -> Iteration:
        """What the run goes on from: its last checkpoint that can be read, or a new start.

        Raises UsageError where the checkpoint is of another run: that is not discarded unasked.
        """
        self._owner = owner_of(context.case, meshes, context.neighbors)
        if self._fresh:
            self._pair.discard()
        found, faults = self._pair.found(KeptRun)
        for path, kept in found:
            try:
                iteration = self._taken(path, kept, meshes, context)
            except ResultError as error:
                faults.append(str(error))
                continue
            context.note = " ".join([*(f"{fault};" for fault in faults), _where(path, iteration, context)])
            return iteration
        context.note = "; ".join([*faults, "the run starts over"]) if faults else ""
        return Iteration()

    def look(self, iteration: Iteration, context: RunContext) -> None:
        """Write a checkpoint if it is time; one that cannot be written is told, and the run goes on."""
        if self._pair.is_due and iteration.stage is not None:
            self.keep(iteration, context)

    def keep(self, iteration: Iteration, context: RunContext) -> None:
        """Write a checkpoint, or tell once why that fails."""
        steps = self._snapshots.steps if self._snapshots is not None else []
        try:
            self._pair.write(self._owner, KeptRun(iteration, steps))
        except ResultError as error:
            context.note = "" if self._has_failed else f"no checkpoint: {error}"
            self._has_failed = True

    def discard(self) -> None:
        """Remove the checkpoints: the run is over."""
        self._pair.discard()

    def _taken(
        self, path: Path, kept: Checkpoint[KeptRun], meshes: MeshFamily, context: RunContext
    ) -> Iteration:
        """The iteration of a checkpoint. Raises UsageError or ResultError where it cannot serve."""
        difference = what_differs(kept.owner, self._owner)
        if difference:
            raise UsageError(
                f"{path}: a run was stopped here, but {difference}; finish that run, discard it with "
                "--fresh, or choose another output with -o"
            )
        iteration, steps = kept.record
        number = iteration.mesh_number
        if not (1 <= number <= len(meshes) and number == len(iteration.endings) + 1) or not fits(
            iteration, make_problem(context.case, meshes[number - 1])
        ):
            raise ResultError(f"{path}: its arrays do not fit the mesh")
        if self._snapshots is not None:
            self._snapshots.go_on(steps, meshes[-1].n_cells)
        self._pair.go_on_after(path, kept.number)
        return iteration


def _where(path: Path, iteration: Iteration, context: RunContext) -> str:
    """Where a run goes on, in words."""
    place = f"mesh {iteration.mesh_number} of {context.n_meshes}, step {iteration.step}"
    return f"goes on from {path.name}: {place}, {duration(iteration.elapsed)} computed before"
