"""Context of a run, which is no part of its state: the case, threads, watcher and stop request."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from breachflow.case.schema import Case
from breachflow.results import Snapshot, SnapshotWriter
from breachflow.runs.measure.fields import state_fields
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.iteration import Iteration, Stage
from breachflow.runs.solve.transfer import Neighbor


@dataclass
class RunContext:
    """Context of a run."""

    case: Case
    threads: int
    n_meshes: int
    """Meshes of the grid sequence."""
    watch: Watcher
    stop: StopRequest
    snapshots: SnapshotWriter | None = None
    mesh_solved_twice: int = 0
    """Number of the mesh that is solved with another numerical flux too, 1 = coarsest; 0 where none is."""
    neighbors: Sequence[Neighbor] = ()
    """Solved neighbors from which the run starts."""
    note: str = ""
    """What the watcher is told with the next report."""
    started: float = field(default_factory=time.monotonic)
    """Reading of the monotonic clock when the run began, s."""
    stopped: str | None = None
    """Why the run was stopped on request, if it was."""
    at_stop: Iteration | None = None
    """The run as it ended at that stop: a copy, as the iteration itself can go on from there."""

    def asked_to_stop(self) -> bool:
        """Ask whether to stop; remembers the first reason."""
        self.stopped = self.stopped or self.stop()
        return self.stopped is not None

    def write_snapshot(self, problem: Problem, iteration: Iteration) -> None:
        """Write the fields at the present time, if the case wants snapshots."""
        if self.snapshots is not None:
            self.snapshots.write(Snapshot(iteration.march.time, state_fields(problem, iteration.state)))

    def report(
        self, problem: Problem, iteration: Iteration, flow_rate: FlowRate, remaining: float | None = None,
        note: str = "",
    ) -> None:  # fmt: skip
        """Tell the watcher where the run stands; `remaining` is the estimated time to go, s."""
        residuals, told = iteration.residuals, "; ".join(filter(None, [self.note, note]))
        self.note = ""
        self.watch(
            Progress(
                level=iteration.mesh_number,
                levels=self.n_meshes,
                cells=problem.mesh.n_cells,
                iteration=iteration.step,
                time=iteration.march.time if iteration.stage is Stage.TRANSIENT else None,
                residual=residuals.drop,
                mass_flow=flow_rate.mass_flow,
                discharge_coefficient=flow_rate.discharge_coefficient,
                elapsed=iteration.elapsed,
                remaining=remaining,
                note=told,
            )
        )
