"""How long a run of explicit steps in time takes, known before it is solved: from the steps of its cells.

The times of a step are those of `transient/puncture`: with friction in proportion to a steady run measured
beside it, without as in `docs/performance.md`. The speed of waves is a guess: expect a factor of 3.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.flow import Flow
from breachflow.mesh.metric import Metric, compute_metric
from breachflow.runs.setup.cost.disk import disk_need
from breachflow.runs.setup.cost.steady import HOW_SURE
from breachflow.runs.setup.initial.states import start_density
from breachflow.runs.setup.reference import is_axisymmetric, reference_of
from breachflow.theory.gases.friction import friction_law
from breachflow.words import byte_count, counted, duration

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh

SECONDS_PER_STEP: Final = {False: 0.8e-6, True: 1.2e-6}
"""s that a step of a cell takes on one thread, without and with friction."""

WORTH_A_NOTE: Final = 60.0
"""s from which a run tells at its start how long it will take."""

FASTEST: Final = 2.0
"""Waves over the speed of sound at rest: u + c is 1.8 at a choked throat of air, and falls in its plume."""

LEVEL_SPAN: Final = 6
"""Powers of two between the shortest and the longest step; `numerics.explicit.step_levels` has the same."""

THIN: Final = 10.0
"""Steps with friction over those without, from which thin gas at the start is told of."""

RECORDS: Final = 400
"""Rows of history, whose distance no cycle of steps exceeds; `runs.solve.stepping` has the same."""


def march_seconds(case: Case, mesh: Mesh) -> float:
    """Time, s, of a run of explicit steps on a mesh with compiled kernels on one thread; 0 of any other.

    What an implicit step takes depends on how hard its linear problems are, which no mesh tells.
    """
    if case.run.end_time is None or case.run.time_step is not None:
        return 0.0
    return SECONDS_PER_STEP[case.flow.is_viscous] * cell_steps(case, mesh, case.run.end_time)


def expectation(case: Case, mesh: Mesh) -> str:
    """How long a run of explicit steps takes, and how much disk, in words; empty where it is soon over."""
    seconds = march_seconds(case, mesh)
    if seconds < WORTH_A_NOTE:
        return ""
    size, snapshots = disk_need(case, mesh).most, case.output.snapshots
    disk = f", and up to {byte_count(size)} with its {counted(snapshots, 'snapshot')}" if snapshots else ""
    told = f"takes about {duration(seconds)} on one thread, {HOW_SURE}{disk}; `breachflow check` tells before"
    return f"{told}{_thin_start(case, mesh, seconds)}"


def _thin_start(case: Case, mesh: Mesh, seconds: float) -> str:
    """Advice where thin gas at the start makes the steps short, and a run `seconds` long; empty elsewhere."""
    inviscid = case.model_copy(update={"flow": Flow(model="inviscid")})
    if case.initial is None or seconds < THIN * march_seconds(inviscid, mesh):
        return ""
    return (
        "; friction makes the steps short where gas is thin at the start: so long as it is, a larger "
        'numerics.background, run.time_step or model = "inviscid" is faster'
    )


def cell_steps(case: Case, mesh: Mesh, end: float) -> float:
    """Steps of all cells until the end time, s: each takes a power of two of the shortest step."""
    metric = compute_metric(mesh, is_axisymmetric(case))
    area = np.linalg.norm(metric.face_area, axis=1)
    crossed = np.zeros(mesh.n_cells + 1)  # the last one is outside
    np.add.at(crossed, mesh.face_cells, area[:, None])
    spread = np.zeros(mesh.n_cells + 1)
    np.add.at(spread, mesh.face_cells, (area / _center_distances(mesh, metric))[:, None])
    wave = FASTEST * sqrt(case.species.heat_capacity_ratio) * reference_of(case).velocity
    crossing = 0.5 * crossed[:-1] * wave + spread[:-1] * start_diffusivity(case, mesh)
    stable = case.numerics.cfl * metric.volume / crossing
    span = min(int(np.log2(stable.max() / stable.min())), LEVEL_SPAN)
    substep = min(float(stable.min()), end / RECORDS / 2**span)
    level = np.clip(np.floor(np.log2(stable / substep)), 0, span)
    return float(np.sum(end / (substep * 2.0**level)))


def _center_distances(mesh: Mesh, metric: Metric) -> Floats:
    """Distances (n_faces,) between the centers on both sides of each face; at a boundary to the face."""
    owner, neighbor = mesh.face_cells.T
    there = np.where((neighbor >= 0)[:, None], metric.centroid[neighbor], metric.face_center)
    return np.asarray(np.linalg.norm(there - metric.centroid[owner], axis=1))


def start_diffusivity(case: Case, mesh: Mesh) -> Floats:
    """Diffusivity of heat and momentum in the gas at the start of `[initial]`, (n_cells,) m2/s; else 0."""
    reference, gamma = reference_of(case), case.species.heat_capacity_ratio
    law = friction_law(case.species, reference.temperature) if case.flow.is_viscous else None
    if case.initial is None or law is None:
        return np.zeros(mesh.n_cells)
    density = start_density(case, mesh) * reference.density
    return max(4.0 / 3.0, gamma / law.prandtl) * law.viscosity / density
