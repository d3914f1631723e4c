"""Cost of a run: one model of memory and time, for `check` and for the plan of a sweep.

Processor time over the cells of the finest mesh was measured in November 2026 for 50 runs on coarse and
medium meshes, on one thread of two shared cores: round holes and slits, thin and thick, into vacuum and
against 2 to 80 % of the pressure in the cabin, plane streams, exact solutions and a mesh from Gmsh. The busy
machine was 2.1 times as slow as the idle one of `docs/performance.md`, for which the model stands. It is
within a factor of 2 of 48 of them. The others are a strong plume in thin gas (`orifice/mach_disk`), which
takes 3 to 4 times as long: its disk is slow to settle. Of 21 runs on single meshes from Gmsh, of 1800 to
35 000 cells, into vacuum and against 20 to 90 % of the pressure, 16 are within a factor of 2, and runs on
sequences of two and three within 2.5. Threads do not count: two make a steady run 1.1 to 1.2 times as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from breachflow.theory.streams.nozzle import critical_pressure_ratio

if TYPE_CHECKING:
    from breachflow.case.schema import Case

BYTES_OF_PROGRAM: Final = 250_000_000

BYTES_PER_CELL: Final = {2: 2200, 3: 3600}
"""Peak memory over the cells of all meshes of a run, by their dimension.

In the plane 2200 to 2400 were measured, in space 3400 on 58 000 hexahedra of three meshes, 4300 on 17 000
tetrahedra of one.
"""

NESTED: Final = {2: 4.0 / 3.0, 3: 8.0 / 7.0}
"""Cells of all meshes of a grid sequence over those of the finest, by their dimension."""

SMALL_MESH: Final = 2000
"""Cells of the mesh for which the times of flows against gas outside are given."""

THIN_HOLE: Final = 1.3e-4
"""s per cell of a thin hole into vacuum."""

THICK_HOLE: Final = 1.6e-4
"""s per cell of a thick hole into vacuum, where the ring of gas in the bore takes time to settle."""

THICK: Final = 0.2
"""Wall thickness of a thick hole, in diameters."""

CHOKED: Final = 2.1e-4
"""s per cell of a small mesh, of a choked flow against gas outside."""

SUBSONIC: Final = {"round": 4.0e-4, "slit": 1.8e-4}
"""s per cell of a small mesh, of a flow that is not choked, by the shape of the hole."""

SINGLE_FILE: Final = 1.5
"""Time on one mesh file over that on meshes of a template.

0.7 to 3 measured on triangles and quadrilaterals from Gmsh, median 1.3; 6 to 12 where the plume is held, and
of thick holes against 20 % of the pressure on 20 000 triangles.
"""

SEQUENCE: Final = 2.5
"""Time on a sequence of mesh files over that on meshes of a template: 1.9 to 3.4 measured."""

WITHOUT_HOLE: Final = 6.5e-5
"""s per cell of a stream or an exact solution."""

IN_SPACE: Final = 8e-4
"""s per cell of a small mesh in space: 2 s on 1536 hexahedra, 27 on 12 288, 56 on 17 408. A flow that
does not settle takes ten times as long."""

HOW_SURE: Final = "half to four times that, by machine and flow"
"""How far a time may be off, in words: a factor of 2 by the flow, and as much on a slow or busy machine."""

_FILES: Final = {0: 1.0, 1: SINGLE_FILE}
"""Factors by the number of mesh files; `SEQUENCE` of more."""

STARTED_FRACTION: Final = 0.6
"""Time of a flow that starts from its neighbors over that of one that does not: 0.5 to 0.7 measured."""


def run_memory(cells: float, dimension: int = 2) -> int:
    """Peak memory, bytes, of a run with `cells` cells on all its meshes together."""
    return int(BYTES_OF_PROGRAM + BYTES_PER_CELL[dimension] * cells)


def run_seconds(case: Case, cells: int, has_neighbors: bool = False) -> float:
    """Time, s, of a steady run with `cells` cells on its finest mesh; 0 of a transient run.

    It does not include compiling. `has_neighbors`: the run starts from the solutions of its neighbors.
    """
    if case.run.mode != "steady":
        return 0.0
    factor = (STARTED_FRACTION if has_neighbors else 1.0) * _FILES.get(len(case.mesh.mesh_files), SEQUENCE)
    return factor * _seconds_per_cell(case, cells) * cells


def _seconds_per_cell(case: Case, cells: int) -> float:
    if case.mesh.plane == "spatial":
        return IN_SPACE * float(max(cells / SMALL_MESH, 1.0) ** 0.7)
    if case.orifice is None or case.exact is not None:
        return WITHOUT_HOLE
    ratio = case.pressure_ratio or 0.0  # where nothing tells the pressure outside, the stream is supersonic
    if ratio > critical_pressure_ratio(case.species.heat_capacity_ratio):
        return SUBSONIC[case.orifice.shape] * float((cells / SMALL_MESH) ** 0.7)
    if ratio > 0.0:
        return CHOKED * float((cells / SMALL_MESH) ** 0.4)
    is_thick = case.orifice.wall_thickness > THICK * case.orifice.diameter
    return THICK_HOLE * float(max(cells / (4 * SMALL_MESH), 1.0) ** 0.7) if is_thick else THIN_HOLE
