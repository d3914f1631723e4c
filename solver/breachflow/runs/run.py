"""Run a case: solve, judge, write, read back."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from pathlib import Path

from breachflow.arrays import Floats
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.schema import Case
from breachflow.compiled import set_threads, source_digest
from breachflow.errors import NotEnoughMemory, UsageError
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.mesh import Mesh
from breachflow.results import (
    Column,
    Field,
    Patch,
    Quantity,
    Result,
    ResultData,
    Snapshot,
    SnapshotWriter,
    output_lock,
    read_result,
    write_result,
)
from breachflow.runs.measure.fields import state_fields
from breachflow.runs.measure.flow_rate import fluctuation
from breachflow.runs.measure.mesh_uncertainty import mesh_uncertainty
from breachflow.runs.measure.probes import ProbeRecord
from breachflow.runs.output import require_writable
from breachflow.runs.progress import Progress, StopRequest, Watcher
from breachflow.runs.setup.meshes import case_meshes, memory_needed, probe_cells
from breachflow.runs.setup.problem import Problem
from breachflow.runs.solve.steady import RunContext, run_steady
from breachflow.runs.solve.transfer import Neighbor
from breachflow.runs.solve.transient import run_transient
from breachflow.runs.solve.verify import run_against_exact, verification_summary
from breachflow.runs.solve.warm_up import warm_up
from breachflow.runs.summary.summary import Verdict, plume_summary, stream_summary, summarize
from breachflow.version import __version__

SETTLED_ENOUGH = 1e-4
"""Relative fluctuation of the mass flow on a mesh that may serve to estimate the mesh uncertainty."""


@dataclass(frozen=True)
class Solved:
    """What either kind of run hands over to be written."""

    problem: Problem
    fields: dict[str, Field]
    summary: dict[str, Quantity]
    probes: dict[str, dict[str, Column]]


def run(
    case: Case,
    *,
    output: str | Path | None = None,
    threads: int | None = None,
    watch: Watcher | None = None,
    stop: StopRequest | None = None,
    command: str = "",
) -> Result:
    """Solve a case and write its result; returns the result as read back from the file.

    `output` replaces the case's result file; `threads` the number of cores; `watch` is called after every
    iteration and `stop` asked before the next one. A result is written in any case: one that did not
    converge, or was stopped, says so in `converged` and `stopped`.

    Raises UsageError, CaseError, MeshError, NonPhysicalState, ResultError or OutputLocked.
    """
    path = _checked_output(case, output, threads)
    with output_lock(path):
        write = SnapshotWriter(path) if case.output.snapshots else None
        data = compute(case, threads=threads, watch=watch, stop=stop, command=command, snapshots=write)
        write.finish(data) if write is not None else write_result(path, data)
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
) -> ResultData:
    """Solve a case and write nothing but snapshots; a steady run may start from solved neighbors.

    Raises CaseError, MeshError or NonPhysicalState.
    """
    meshes = case_meshes(case)
    _require_memory(meshes)
    probe_cells(case, meshes[-1])
    if case.run.mode == "steady":
        warm_up()
    context = RunContext(
        case=case,
        threads=set_threads(threads),
        watch=watch or _ignore,
        stop=_stop_request(case, stop),
        levels=len(meshes),
        neighbors=neighbors,
    )
    solve = _against_exact if case.exact else _transient if case.run.mode == "transient" else _steady
    return _result_data(case, context, solve(meshes, context, snapshots), command)


def _checked_output(case: Case, output: str | Path | None, threads: int | None) -> Path:
    """Where the result goes; what would fail at the end fails before the run."""
    if not isinstance(case, Case):
        raise UsageError(f"run() takes a case, not {case!r}: read it with breachflow.load_case(path)")
    if threads is not None and threads < 1:
        raise UsageError(f"threads = {threads}: at least 1")
    path = Path(output) if output is not None else case.result_path
    require_writable(path)
    return path


def _ignore(_: Progress) -> None:
    return


def _stop_request(case: Case, asked: StopRequest | None) -> StopRequest:
    """The caller's request, and the case's own limit of time."""
    limit, began = case.run.wall_clock, time.monotonic()

    def stop() -> str | None:
        if limit is not None and time.monotonic() - began > limit:
            return f"run.wall_clock = {limit:g} s is over"
        return asked() if asked is not None else None

    return stop


def _require_memory(meshes: MeshFamily) -> None:
    """Refuse, before anything is allocated, what cannot fit."""
    needed, free = memory_needed(meshes), _free_memory()
    if needed > free:
        raise NotEnoughMemory(
            f"the run needs about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free: "
            "choose a coarser mesh ([mesh] resolution)"
        )


def _free_memory() -> float:
    """Bytes that can be had without swapping; infinite where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return inf
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return 1024.0 * float(kilobytes[0]) if kilobytes else inf


def _steady(meshes: MeshFamily, context: RunContext, _: SnapshotWriter | None) -> Solved:
    outcomes = run_steady(meshes, context)
    last, case = outcomes[-1], context.case
    complete = len(outcomes) == len(meshes)
    settled = last.converged and all(outcome.fluctuation <= SETTLED_ENOUGH for outcome in outcomes[-3:])
    values = [outcome.flow_rate.discharge_coefficient for outcome in outcomes]
    uncertainty = mesh_uncertainty(values if settled else [])
    verdict = Verdict(
        converged=last.converged and complete,
        residual_drop=last.residual_drop,
        plume_drop=last.plume_drop,
        fluctuation=last.fluctuation,
        iterations=len(context.history.rows),
        cells=last.problem.mesh.n_cells,
        stopped=context.stopped,
        wall_time=time.monotonic() - context.started,
    )
    probes = ProbeRecord(last.problem)
    probes.add(0.0, last.conserved)
    summary = summarize(case, last.flow_rate, uncertainty, verdict)
    summary |= plume_summary(last.problem, last.conserved)
    return Solved(last.problem, state_fields(last.problem, last.conserved), summary, probes.columns())


def _against_exact(meshes: MeshFamily, context: RunContext, _: SnapshotWriter | None) -> Solved:
    found = run_against_exact(meshes, context)
    last = found[-1]
    verdict = Verdict(
        converged=len(found) == len(meshes) and all(one.converged for one in found),
        residual_drop=last.residual_drop,
        plume_drop=last.residual_drop,
        fluctuation=0.0,
        iterations=sum(one.iterations for one in found),
        cells=last.problem.mesh.n_cells,
        stopped=context.stopped,
        wall_time=time.monotonic() - context.started,
    )
    summary = verification_summary(found) | stream_summary(context.case, last.flow_rate, verdict)
    return Solved(last.problem, state_fields(last.problem, last.conserved), summary, last.probes.columns())


def _transient(meshes: MeshFamily, context: RunContext, writer: SnapshotWriter | None) -> Solved:
    outcome = run_transient(meshes[-1], context, _snapshot_by(writer))
    rows = context.history.rows
    recent = [row["mass_flow"] for row in rows[-max(len(rows) // 10, 2) :]]
    verdict = Verdict(
        converged=outcome.complete,
        residual_drop=rows[-1]["residual"] if rows else 1.0,
        plume_drop=rows[-1]["residual"] if rows else 1.0,
        fluctuation=fluctuation(recent) if recent else 0.0,
        iterations=outcome.steps,
        cells=outcome.problem.mesh.n_cells,
        stopped=context.stopped,
        wall_time=time.monotonic() - context.started,
    )
    summary = summarize(context.case, outcome.flow_rate, mesh_uncertainty([]), verdict)
    summary["converged"] = Quantity(outcome.complete, "", "the end time was reached")
    summary["time"] = Quantity(outcome.time, "s", "physical time at the end of the run")
    summary["floored_cells"] = Quantity(outcome.floored, "1", "most cells held at the background at once")
    fields = state_fields(outcome.problem, outcome.conserved)
    return Solved(outcome.problem, fields, summary, outcome.probes.columns())


def _snapshot_by(writer: SnapshotWriter | None) -> Callable[[Problem, Floats, float], None]:
    def snapshot(problem: Problem, conserved: Floats, at: float) -> None:
        if writer is not None:
            writer.write(Snapshot(at, state_fields(problem, conserved)))

    return snapshot


def _result_data(case: Case, context: RunContext, solved: Solved, command: str) -> ResultData:
    mesh = solved.problem.mesh
    return ResultData(
        points=mesh.points,
        cell_offsets=mesh.cell_offsets,
        cell_points=mesh.cell_points,
        cell_types=mesh.cell_types,
        fields=solved.fields,
        summary=solved.summary,
        history=context.history.columns(),
        case_text=case.text,
        case_completed=case.completed_text,
        provenance=_provenance(case, context, mesh, command),
        probes=solved.probes,
        patches=_patches(case, mesh),
    )


def _patches(case: Case, mesh: Mesh) -> dict[str, Patch]:
    """The boundary faces of a plane mesh, two points each, with the kind of their boundary condition."""
    faces = mesh.face_points.reshape(-1, 2)
    return {
        name: Patch(boundary_of(case, name).kind, faces[numbers]) for name, numbers in mesh.patches.items()
    }


def _provenance(
    case: Case, context: RunContext, mesh: Mesh, command: str
) -> dict[str, str | int | float | bool]:
    """What made this result, so that it can be made again."""
    from importlib.metadata import version

    return {
        "title": case.title,
        "program": f"breachflow {__version__}",
        "source_digest": source_digest(),
        "mesh_digest": sha256(mesh.points.tobytes() + mesh.cell_points.tobytes()).hexdigest()[:16],
        "python": sys.version.split()[0],
        **{package: version(package) for package in ("numpy", "numba", "h5py")},
        "platform": platform.platform(),
        "threads": context.threads,
        "folder": str(case.folder),
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
