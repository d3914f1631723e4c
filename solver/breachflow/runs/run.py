"""Run a case: solve, judge, write, read back."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from breachflow.case.mesh_setting import boundary_of
from breachflow.case.read import require_case
from breachflow.case.schema import Case
from breachflow.compiled import set_threads
from breachflow.errors import NonPhysicalState, UsageError
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.mesh import Mesh
from breachflow.results import (
    Column,
    Patch,
    Result,
    ResultData,
    SnapshotWriter,
    output_lock,
    read_result,
    was_stopped,
    write_result,
)
from breachflow.results.checkpoint.pair import Earlier
from breachflow.results.data import HOLE_ENTRY, HolePlace
from breachflow.runs.kept.keeper import RunKeeper
from breachflow.runs.measure.fields import state_fields
from breachflow.runs.measure.history import history_columns
from breachflow.runs.measure.probes import Probes
from breachflow.runs.output import require_writable
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.cost.disk import disk_need, require_disk
from breachflow.runs.setup.cost.march import expectation
from breachflow.runs.setup.memory import require_memory
from breachflow.runs.setup.meshes import case_meshes, known_memory, memory_needed, require_places
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.reference import per_length
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Iteration
from breachflow.runs.solve.transfer import Neighbor
from breachflow.runs.solve.warm_up import warm_up_for
from breachflow.runs.start_file import mesh_digest, start_from
from breachflow.runs.summary.summary import run_summary
from breachflow.version import PROGRAM, source_digest


class TimeSpent(NamedTuple):
    """What a run's limit of time counts, s: since when (`time.monotonic`), and how long it compiled."""

    began: float
    compiling: float


def run(
    case: Case,
    *,
    output: str | Path | None = None,
    threads: int | None = None,
    watch: Watcher | None = None,
    stop: StopRequest | None = None,
    command: str = "",
    fresh: bool = False,
    start: Path | None = None,
) -> Result:
    """Solve a case and write its result; returns the result as read back from the file.

    `output` replaces the case's result file; `threads` the number of cores; `watch` is called after every
    iteration and `stop` asked before the next one. A result is written in any case: one that did not
    converge, or was stopped, says so in `converged` and `stopped`. A run that was stopped or killed goes on
    from its last checkpoint, bit for bit, when the same case is run again; `fresh` starts over.
    A steady run may start from the result in the file `start`.

    Raises UsageError, CaseError, MeshError, NonPhysicalState, ResultError or OutputLocked.
    """
    path = _checked_output(case, output, threads)
    with output_lock(path):
        write = SnapshotWriter(path) if case.output.snapshots else None
        keeper = RunKeeper(path, Earlier.DISCARD if fresh else Earlier.GO_ON, write)
        data = compute(
            case,
            threads=threads,
            watch=watch,
            stop=stop,
            command=command,
            snapshots=write,
            neighbors=[] if start is None else [start_from(start, case)],
            keeper=keeper,
        )
        write.finish(data) if write is not None else write_result(path, data)
        if not was_stopped(data.summary):
            keeper.discard()
    return read_result(path)


def compute(
    case: Case,
    *,
    threads: int | None = None,
    watch: Watcher | None = None,
    stop: StopRequest | None = None,
    command: str = "",
    snapshots: SnapshotWriter | None = None,
    neighbors: Sequence[Neighbor] = (),
    keeper: RunKeeper | None = None,
) -> ResultData:
    """Solve a case and write nothing but snapshots and checkpoints.

    A steady run may start from solved neighbors. With a `keeper` the run goes on where it was stopped.

    Raises CaseError, MeshError or NonPhysicalState.
    """
    began, used_threads = time.monotonic(), set_threads(threads)
    require_memory(known_memory(case))
    meshes = case_meshes(case)
    require_memory(memory_needed(meshes))
    require_places(case, meshes)
    compiling = warm_up_for(case, meshes[-1].dimension, stop)
    if case.run.mode != "steady" and case.exact is None:
        meshes = meshes.finest()
    context = RunContext(
        case=case,
        threads=used_threads,
        n_meshes=len(meshes),
        watch=watch or _ignore,
        stop=_stop_request(case, stop, TimeSpent(began, compiling)),
        snapshots=snapshots,
        neighbors=neighbors,
    )
    iteration = keeper.begin(meshes, context) if keeper is not None else Iteration()
    context.note = context.note or expectation(case, meshes[-1])
    if keeper is not None:
        need = disk_need(case, meshes[-1], len(snapshots.steps) if snapshots is not None else 0)
        context.note = "; ".join(filter(None, [context.note, require_disk(need, keeper.output)]))
    solved = _solved(meshes, context, iteration, keeper)
    return _result_data(solved, context.at_stop or iteration, context, command)


def _solved(
    meshes: MeshFamily, context: RunContext, iteration: Iteration, keeper: RunKeeper | None
) -> Problem:
    """Solve, and keep the run meanwhile and where it is stopped; the problem on its last mesh."""
    try:
        for problem in solve(meshes, context, iteration):
            solved = problem
            if keeper is not None:
                keeper.look(iteration, context)
    except NonPhysicalState:
        if keeper is not None:  # to go on would only lead there again
            keeper.discard()
        raise
    if keeper is not None and context.stopped:
        keeper.keep(iteration, context)
    return solved


def _checked_output(case: Case, output: str | Path | None, threads: int | None) -> Path:
    """Path of the result, checked now so that a run does not fail at its end."""
    require_case(case, "run")
    if threads is not None and threads < 1:
        raise UsageError(f"threads = {threads}: at least 1")
    path = Path(output) if output is not None else case.result_path
    require_writable(path)
    return path


def _ignore(_: Progress) -> None:
    return


def _stop_request(case: Case, asked: StopRequest | None, spent: TimeSpent) -> StopRequest:
    """The caller's request, and the case's own limit of time."""
    limit = case.run.wall_clock
    part = f", {spent.compiling:.0f} s of it for compiling" if spent.compiling >= 1.0 else ""

    def stop() -> str | None:
        if limit is not None and time.monotonic() - spent.began > limit:
            return f"run.wall_clock = {limit:g} s is over{part}"
        return asked() if asked is not None else None

    return stop


def _result_data(problem: Problem, iteration: Iteration, context: RunContext, command: str) -> ResultData:
    """Everything that goes into the result file, from the last mesh of a run."""
    mesh, case = problem.mesh, problem.case
    return ResultData(
        points=mesh.points,
        cell_offsets=mesh.cell_offsets,
        cell_points=mesh.cell_points,
        cell_types=mesh.cell_types,
        fields=state_fields(problem, iteration.state),
        summary=run_summary(problem, iteration, context.n_meshes),
        history=history_columns(iteration.rows, per_length(case)),
        case_text=case.text,
        case_completed=case.completed_text,
        provenance=_provenance(case, context, mesh, command) | _hole_entry(problem),
        probes=_probe_columns(problem, iteration),
        patches={name: _patch(problem, name) for name in mesh.patches},
    )


def _probe_columns(problem: Problem, iteration: Iteration) -> dict[str, dict[str, Column]]:
    """The states at the probes: at the times of the history, of a steady run in its last state."""
    probes = Probes(problem)
    if problem.case.run.mode == "steady":
        return probes.columns([0.0], [probes.states(iteration.state)])
    return probes.columns(iteration.probe_times, iteration.probe_states)


def _patch(problem: Problem, name: str) -> Patch:
    """The boundary faces of a patch, by the numbers of their points."""
    mesh = problem.mesh
    faces = mesh.face_corners[mesh.patches[name]]
    return Patch(boundary_of(problem.case, name).kind, faces)


def _hole_entry(problem: Problem) -> dict[str, str | int | float | bool]:
    """Where the hole of a mesh in space lies, for pictures; nothing of a plane, whose case tells it."""
    if problem.mesh.dimension == 2:
        return {}
    passage = problem.passage
    return {HOLE_ENTRY: HolePlace(passage.center, passage.direction, *passage.bore).text}


def _provenance(
    case: Case, context: RunContext, mesh: Mesh, command: str
) -> dict[str, str | int | float | bool]:
    """Versions, digests, command and date, to reproduce the result."""
    from importlib.metadata import version

    return {
        "title": case.title,
        "program": PROGRAM,
        "source_digest": source_digest(),
        "mesh_digest": mesh_digest(mesh),
        "python": sys.version.split()[0],
        **{package: version(package) for package in ("numpy", "numba", "h5py")},
        "platform": platform.platform(),
        "threads": context.threads,
        "folder": str(case.folder),
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
