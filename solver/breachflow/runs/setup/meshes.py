"""The meshes of a case, and what its run will do, known before anything is compiled or solved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.mesh_setting import mesh_setting
from breachflow.document.faults import Fault
from breachflow.errors import BreachflowError, MeshError, OutOfRange
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.geometry.holding import distance_outside
from breachflow.mesh.lines import LineCounts
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import cell_middles
from breachflow.runs.setup.cost.disk import disk_need, shortage
from breachflow.runs.setup.cost.march import march_seconds
from breachflow.runs.setup.cost.steady import run_memory, run_seconds
from breachflow.runs.setup.gate import fit_notes, require_fit
from breachflow.runs.setup.initial.regions import region_shares
from breachflow.runs.setup.initial.states import initial_notes
from breachflow.words import byte_count, counted

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.quality import MeshQuality

_TOO_FEW: Final = "fewer than three nested meshes: the mesh uncertainty cannot be estimated"
_TOO_FEW_FILES: Final = (
    "fewer than three meshes: the mesh uncertainty cannot be estimated; list three of one shape, "
    'file = ["coarse.msh", "medium.msh", "fine.msh"]'
)


NEAREST: Final = 60
"""Cells with the nearest centers, among which that of a probe is looked for."""

ROOM: Final = {2: 1e-9, 3: 0.02}
"""Distance beyond a face, over that of a corner from the middle, at which a cell holds a point, by dimension.

In space two cells beside a bent face may both leave a gap there.
"""


@dataclass(frozen=True)
class RunPlan:
    """Meshes and cost of a run."""

    cells: list[int]
    """Cells of each mesh of the grid sequence, the coarsest first."""
    memory_bytes: int
    seconds: float
    """Estimated time of a run with compiled kernels, s; 0 where nothing can be said."""
    quality: MeshQuality
    patches: dict[str, int]
    """Boundary faces of each patch of the finest mesh."""
    notes: list[str]


def plan(case: Case) -> RunPlan:
    """The plan of a case. Raises CaseError or MeshError where the case cannot be run."""
    from breachflow.mesh.quality import mesh_quality

    meshes = case_meshes(case)
    finest = meshes[-1]
    require_places(case, meshes)
    return RunPlan(
        cells=[mesh.n_cells for mesh in meshes],
        memory_bytes=memory_needed(meshes),
        seconds=run_seconds(case, finest.n_cells) or march_seconds(case, finest),
        quality=mesh_quality(finest),
        patches={name: len(faces) for name, faces in finest.patches.items()},
        notes=_notes(case, meshes),
    )


def refusals(cases: Iterable[Case]) -> Iterator[str]:
    """Why each case cannot be run on its mesh, known before anything is solved; empty where it can.

    A mesh file is read once for consecutive cases that share it. Meshes of templates are built only where
    probes or regions must lie in them: the other keys of a template have been checked with its case.
    """
    read: tuple[object, MeshFamily] | None = None
    for case in cases:
        try:
            if not case.mesh.mesh_files:
                if case.probes or case.initial is not None:
                    require_places(case, case_meshes(case))
            else:
                setting = mesh_setting(case)
                key = (case.mesh, setting.walls, setting.sources)
                if read is None or read[0] != key:
                    read = (key, case.mesh.family(setting))
                require_fit(case, read[1][-1])
                require_places(case, read[1])
            yield ""
        except BreachflowError as error:
            yield str(error)


def known_memory(case: Case) -> int:
    """The peak memory of a run, bytes, as far as it is known before its meshes are built; else 0."""
    lines = mesh_lines(case)
    return run_memory(sum(one.cells for one in lines)) if lines else 0


def memory_needed(meshes: MeshFamily) -> int:
    """The peak memory of a run on these meshes, bytes."""
    return run_memory(sum(mesh.n_cells for mesh in meshes), meshes[-1].dimension)


def _notes(case: Case, meshes: MeshFamily) -> list[str]:
    notes = []
    if case.orifice is not None and case.run.mode == "steady" and len(meshes) < 3:
        of_plane = case.mesh.mesh_files and meshes[-1].dimension == 2
        notes.append(_TOO_FEW_FILES if of_plane else _TOO_FEW)
    if meshes.refinements:
        ratios = " and ".join(f"{ratio:.3g}" for ratio in meshes.refinements)
        notes.append(f"size of the cells near the hole, each mesh over the next: {ratios}")
    if case.output.snapshots:
        need = disk_need(case, meshes[-1])
        size, count = byte_count(need.most), counted(case.output.snapshots, "snapshot")
        notes += [f"disk: up to {size} with {count}", *filter(None, [shortage(need, case.result_path)])]
    if case.mesh.mesh_files:
        notes += fit_notes(case, meshes[-1])
    return [*notes, *initial_notes(case, start_mesh(case, meshes))]


def start_mesh(case: Case, meshes: MeshFamily) -> Mesh:
    """The mesh on which a run begins: of a steady one the coarsest."""
    return meshes[0] if case.run.mode == "steady" else meshes[-1]


def require_places(case: Case, meshes: MeshFamily) -> None:
    """Raise CaseError unless each probe lies in the gas, and each region of the start holds some."""
    probe_cells(case, meshes[-1])
    region_shares(case, start_mesh(case, meshes))


def probe_cells(case: Case, mesh: Mesh) -> dict[str, int]:
    """The cell that holds each probe. Raises CaseError, which names all probes that no cell holds."""
    middle = cell_middles(mesh)
    found = {name: _cell_at(mesh, middle, np.asarray(place)) for name, place in case.probes.items()}
    outside = [name for name, cell in found.items() if cell is None]
    if outside:
        why = "no cell of the mesh holds this point; move it into the gas"
        raise case.origin.source.error([Fault(("probes", name), why) for name in outside])
    return {name: cell for name, cell in found.items() if cell is not None}


def _cell_at(mesh: Mesh, middle: Floats, target: Floats) -> int | None:
    """The cell that holds a point, (dimension,); None where no cell does."""
    near = np.argsort(np.sum((middle - target) ** 2, axis=1))[:NEAREST]
    outside = distance_outside(mesh, near, np.tile(target, (len(near), 1)))
    size = np.linalg.norm(middle[near] - mesh.points[mesh.cell_points[mesh.cell_offsets[near]]], axis=1)
    held = outside <= ROOM[mesh.dimension] * size
    best = np.argmax(held) if mesh.dimension == 2 else np.argmin(outside / size)
    return int(near[best]) if held[best] else None


def case_mesh(case: Case) -> Mesh:
    """The finest mesh of a case. Raises CaseError or MeshError as `case_meshes` does."""
    return case_meshes(case)[-1]


def case_meshes(case: Case) -> MeshFamily:
    """The meshes of a case's grid sequence, the coarsest first.

    A transient run uses the last alone, unless it is compared with an exact solution on all of them. Raises
    MeshError where a file has no valid mesh, CaseError where a template makes none, or where the patches of a
    mesh file and the boundaries of the case differ.
    """
    if case.mesh.mesh_files:
        meshes = case.mesh.family(mesh_setting(case))
        require_fit(case, meshes[-1])
        return meshes
    try:
        return case.mesh.family(mesh_setting(case))
    except (MeshError, OutOfRange) as error:
        raise case.origin.source.error([Fault(("mesh",), f"makes no mesh: {error}")]) from error


def mesh_lines(case: Case) -> list[LineCounts]:
    """Count the lines of cells of each of these meshes, without building it; empty if they have none."""
    return case.mesh.lines(mesh_setting(case))
