"""What a run will do, known before anything is compiled or solved: its meshes, its memory, its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import CaseError
from breachflow.mesh.mesh import Mesh
from breachflow.theory.streams.jet import MACH_DISK

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.quality import MeshQuality
    from breachflow.templates import Blocks, OrificeShape

ACROSS = {"coarse": 20, "medium": 40, "fine": 80}
"""Cells from the axis to the edge of the hole."""

FEWEST_ACROSS = 2
"""Cells across of the coarsest mesh of a grid sequence, at least."""

MOST_LEVELS = 5

CABIN_EXTENT = 6.0
"""Diameters to the far cabin: at 6 the mass flow is within 1e-5 of that at 24."""

VACUUM_PLUME_EXTENT = 1.5
"""Diameters of plume into vacuum: everything beyond is supersonic and has no way back."""

OUTLET_PLUME_EXTENT = 6.0
"""Diameters of plume against a back pressure, at least."""

MOST_PLUME_EXTENT = 2000.0

BYTES_OF_PROGRAM = 250_000_000

BYTES_PER_CELL = 2400
"""Peak memory of a steady run over the cells of all its meshes: 1840 measured, and a third to spare."""

SECONDS_PER_CELL = {"steady": 1.5e-4, "transient": 0.0}
"""Time of a steady run over its finest mesh's cells: thin holes 1e-4, thick ones 2e-4 to 5e-4."""


@dataclass(frozen=True)
class Plan:
    """What a run will do."""

    cells: list[int]
    """Cells of each mesh of the grid sequence, the coarsest first."""
    memory_bytes: int
    seconds: float
    """Estimated time of a run with compiled kernels, s; 0 where nothing can be said."""
    quality: MeshQuality
    patches: dict[str, int]
    """Boundary faces of each patch of the finest mesh."""
    notes: list[str]


def plan(case: Case) -> Plan:
    """The plan of a case; raises CaseError or MeshError where it cannot be run."""
    from breachflow.mesh.quality import mesh_quality

    meshes = case_meshes(case)
    finest = meshes[-1]
    probe_cells(case, finest)
    cells = [mesh.n_cells for mesh in meshes]
    return Plan(
        cells=cells,
        memory_bytes=memory_needed(meshes),
        seconds=SECONDS_PER_CELL[case.run.mode] * finest.n_cells,
        quality=mesh_quality(finest),
        patches={name: len(faces) for name, faces in finest.patches.items()},
        notes=_notes(case, meshes),
    )


def memory_needed(meshes: list[Mesh]) -> int:
    """Peak bytes of a run on these meshes."""
    return BYTES_OF_PROGRAM + BYTES_PER_CELL * sum(mesh.n_cells for mesh in meshes)


def _notes(case: Case, meshes: list[Mesh]) -> list[str]:
    notes = []
    if case.orifice is not None and case.run.mode == "steady" and len(meshes) < 3:
        notes.append("fewer than three nested meshes: the mesh uncertainty cannot be estimated")
    if case.mesh.file is not None and "orifice" not in meshes[-1].surfaces:
        notes.append("the mesh has no line named 'orifice' inside: flow is measured where it leaves")
    return notes


def probe_cells(case: Case, mesh: Mesh) -> dict[str, int]:
    """The cell that holds each probe; CaseError where none does."""
    middle = np.add.reduceat(mesh.points[mesh.cell_points], mesh.cell_offsets[:-1], axis=0)
    middle /= np.diff(mesh.cell_offsets)[:, None]
    return {name: _cell_at(case, mesh, middle, name) for name in case.probes}


def _cell_at(case: Case, mesh: Mesh, middle: Floats, name: str) -> int:
    target = np.asarray(case.probes[name])
    for cell in np.argsort(np.sum((middle - target) ** 2, axis=1))[:60]:
        corners = mesh.points[mesh.cell_points[mesh.cell_offsets[cell] : mesh.cell_offsets[cell + 1]]]
        edge = np.roll(corners, -1, axis=0) - corners
        offset = target - corners
        area = edge[:, 0] * offset[:, 1] - edge[:, 1] * offset[:, 0]
        if np.all(area >= -1e-9 * np.sum(edge**2, axis=1)):
            return int(cell)
    raise CaseError(
        f"{case.label}: probes.{name} = {target[0]:g} m, {target[1]:g} m: "
        "no cell of the mesh holds it; move it into the gas"
    )


def case_mesh(case: Case) -> Mesh:
    """The finest mesh of a case."""
    return case_meshes(case)[-1]


def case_meshes(case: Case) -> list[Mesh]:
    """The meshes of a case's grid sequence, the coarsest first.

    A transient run uses the last alone, unless an exact solution judges all of them.
    """
    return _MESHES[case.mesh.source](case)


def _orifice_meshes(case: Case) -> list[Mesh]:
    """The nested meshes of a hole, or of the jet behind one."""
    from breachflow.templates import jet_family, orifice_family

    family = jet_family if case.mesh.template == "jet" else orifice_family
    return family(_orifice_shape(case), _orifice_levels(case))


def orifice_blocks(case: Case) -> list[Blocks]:
    """How many lines of cells the parts of each of these meshes have, the coarsest first."""
    from breachflow.templates import family_blocks

    return family_blocks(_orifice_shape(case), _orifice_levels(case))


def _orifice_levels(case: Case) -> int:
    return levels(cells_across(case)) if case.run.mode == "steady" else 1


def _orifice_shape(case: Case) -> OrificeShape:
    from breachflow.templates import OrificeShape

    hole = case.hole
    return OrificeShape(
        diameter=hole.diameter,
        wall_thickness=hole.wall_thickness,
        across=cells_across(case),
        chamfer=hole.chamfer,
        rounding=hole.rounding,
        cabin_extent=case.mesh.cabin_extent or CABIN_EXTENT,
        plume_extent=case.mesh.plume_extent or plume_extent(case),
    )


def _block_meshes(case: Case) -> list[Mesh]:
    from breachflow.templates import Block, block_family

    mesh = case.mesh
    x, y, cells = _block_span(case)
    triangles = mesh.elements == "triangles"
    block = Block(x, y, cells, triangles, mesh.distortion, mesh.turn, mesh.mirror)
    return block_family(block, mesh.levels)[0 if case.exact is not None else -1 :]


def _ramp_meshes(case: Case) -> list[Mesh]:
    from breachflow.templates import ramp_mesh

    assert case.mesh.angle is not None
    return [ramp_mesh(*_block_span(case), case.mesh.angle)]


def _block_span(case: Case) -> tuple[tuple[float, float], tuple[float, float], tuple[int, int]]:
    """Extent in x and y, and cells: the case was refused without them."""
    mesh = case.mesh
    assert mesh.x is not None
    assert mesh.y is not None
    assert mesh.cells is not None
    return mesh.x, mesh.y, mesh.cells


def cells_across(case: Case) -> int:
    """Cells from the axis to the edge of the hole on the finest mesh."""
    resolution = case.mesh.resolution
    return ACROSS[resolution] if isinstance(resolution, str) else resolution.across


def levels(across: int) -> int:
    """Meshes in the grid sequence that ends with so many cells across."""
    count = 1
    while count < MOST_LEVELS and across % 2**count == 0 and across >> count >= FEWEST_ACROSS:
        count += 1
    return count


def plume_extent(case: Case) -> float:
    """Diameters of plume that the outside pressure asks for: half as far again as the Mach disk at least.

    Round: at 0.67 sqrt(p0/p_b) diameters (Ashkenas and Sherman 1966, Rarefied Gas Dynamics 2, p. 84).
    Slit: at 1.15 p0/p_b widths, where a stream that spreads as a half-circle has the same area over that of
    its hole. A shorter plume cuts the disk, and then no steady flow may exist.
    """
    outside = case.outside_pressure
    if not outside or case.reservoir is None:
        return VACUUM_PLUME_EXTENT
    ratio = case.reservoir.pressure / outside
    disk = MACH_DISK * sqrt(ratio) if case.hole.shape == "round" else 1.15 * ratio
    return min(max(OUTLET_PLUME_EXTENT, 1.5 * disk), MOST_PLUME_EXTENT)


def _imported_meshes(case: Case) -> list[Mesh]:
    from breachflow.mesh.files.read import read_mesh
    from breachflow.mesh.ordering import reverse_cuthill_mckee
    from breachflow.mesh.topology import renumber
    from breachflow.units import Dimension, read_quantity

    assert case.mesh.file is not None
    mesh = read_mesh(case.mesh.file, read_quantity(f"1 {case.mesh.unit}", Dimension.LENGTH))
    _match_patches(case, mesh)
    return [renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))]


_MESHES: dict[str, Callable[[Case], list[Mesh]]] = {
    "orifice": _orifice_meshes,
    "jet": _orifice_meshes,
    "block": _block_meshes,
    "ramp": _ramp_meshes,
    "file": _imported_meshes,
}


def _likely_kind(patch: str) -> str:
    return patch if patch in ("axis", "symmetry", "vacuum", "extrapolate") else "wall"


def _match_patches(case: Case, mesh: Mesh) -> None:
    """Every patch of the mesh has a boundary in the case, and the other way round."""
    from breachflow.document.toml_text import toml_key

    patches, boundaries = set(mesh.patches), set(case.boundary)
    have = ", ".join(repr(name) for name in mesh.patches)
    for name in sorted(patches - boundaries):
        raise CaseError(
            f"{case.label}: boundary: the mesh {case.mesh.file} has a patch {name!r} "
            f'with no boundary; add {toml_key(name)} = {{ kind = "{_likely_kind(name)}" }} or the like; '
            f"its patches are {have}"
        )
    for name in sorted(boundaries - patches):
        raise CaseError(
            f"{case.label}: boundary.{name}: the mesh {case.mesh.file} has no such patch; "
            f"its patches are {have}"
        )
