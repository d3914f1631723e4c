"""The mesh of tetrahedra about holes of any outline: its sizes, and Gmsh in a process of its own."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from math import inf, pi
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from breachflow.errors import MeshError
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.opening.sides import cells_before
from breachflow.outlines.polygon import HoleOutline, loop_area, loop_perimeter
from breachflow.processes.child import Ended, run_child
from breachflow.templates.gmsh_child import CANNOT_LOAD, Job

EDGE: Final = pi
"""Length of edges far from the lips over the distance to them, times the cells across.

The cube root of a tetrahedron's volume is half its edge: such cells have the size of those of `hole_lines`.
"""

AT_THE_LIP: Final = 0.25
"""Length of edges at a lip over the step squared, in half hydraulic diameters: that of `hole_lines` too."""

NEAR_LIPS: Final = 32.0
FAR: Final = 90.0
IN_BORE: Final = (0.8, 0.08)
"""Cells over perimeter / half hydraulic diameter / step^3, over 1/step^3, and what a bore adds to the first:
a constant, and by its length in half hydraulic diameters. Stars, circles, slits and pairs with 8 and 12 cells
across, 5423 to 60 105 cells, are met within 13 %, with bores of up to 20 diameters within 35 %; a
star with 20 across has 23 % fewer cells."""

SAME_AREA: Final = 0.02
"""Relative difference between the area of the mesh's opening and that of the outline that passes."""

BYTES: Final = (2_000_000_000, 20_000)
"""Addresses of the process, and those of each cell: 62 MB of memory and 0.5 kB a cell were measured."""

SECONDS: Final = (60.0, 5e-3)
"""Time of the process, s, and that of each cell: 1e-4 s were measured on one core."""

COMMAND: Final = (sys.executable, "-m", "breachflow.templates.gmsh_child")

MISSING: Final = (
    'holes of any outline are meshed by Gmsh, which is not installed: pip install "breachflow[mesh]"'
)

LIBRARIES: Final = (
    "libglu1-mesa libgl1 libxrender1 libxcursor1 libxft2 libxinerama1 libxfixes3 libfontconfig1"
)
"""Packages of Debian and Ubuntu with the libraries that Gmsh is linked to."""


class OutlineSpace(NamedTuple):
    """Holes in a wall and the gas about them."""

    outline: HoleOutline
    """m"""
    wall_thickness: float
    """m"""
    across: int
    """Cells over half the hydraulic diameter."""
    cabin_extent: float
    """Radius of the half-sphere of the cabin in equal-area diameters."""
    plume_extent: float

    @property
    def step(self) -> float:
        """Length of edges far from the lips over the distance to them."""
        return EDGE / self.across

    @property
    def halves(self) -> list[float]:
        """Half the hydraulic diameter of each hole, m."""
        return [2.0 * loop_area(loop) / loop_perimeter(loop) for loop in self.outline.loops]

    @property
    def lips(self) -> list[float]:
        """Length of edges at the lips of each hole, m: at most the wall's thickness."""
        most = self.wall_thickness or inf
        return [min(AT_THE_LIP * self.step**2 * half, most) for half in self.halves]


def estimated_cells(space: OutlineSpace) -> int:
    """About how many cells the mesh has, without building it."""
    constant, each = IN_BORE if space.wall_thickness else (0.0, 0.0)
    near = sum(
        loop_perimeter(loop) / half * (1.0 + constant + each * space.wall_thickness / half)
        for loop, half in zip(space.outline.loops, space.halves, strict=True)
    )
    return int((NEAR_LIPS * near + FAR) / space.step**3)


def outline_mesh(space: OutlineSpace) -> Mesh:
    """The mesh, in m: patches `cabin`, `space`, `wall`; surface `orifice`, at the end of the bores.

    The middle of the holes lies at y = z = 0, the wall begins at x = 0; seen from outside, x of the outline
    goes along y and y of the outline along z. Raises MeshError where Gmsh is missing or makes no such mesh.
    """
    from breachflow.mesh.files.read import read_mesh

    if find_spec("gmsh") is None:
        raise MeshError(MISSING)
    with TemporaryDirectory(prefix="breachflow-") as folder:
        file = Path(folder, "outline.msh")
        _run_gmsh(_job(space, file), estimated_cells(space))
        mesh = read_mesh(file, space.outline.equal_area_diameter, ("wall",))
    _require_hole(mesh, space.outline)
    return mesh


def _job(space: OutlineSpace, file: Path) -> Job:
    diameter, (x, y) = space.outline.equal_area_diameter, space.outline.center
    form = space.outline.moved((-x, -y), 1.0 / diameter)
    program, each = BYTES
    return Job(
        file=str(file),
        loops=[[list(point) for point in loop] for loop in form.loops],
        wall_thickness=space.wall_thickness / diameter,
        cabin=space.cabin_extent,
        plume=space.plume_extent,
        step=space.step,
        halves=[half / diameter for half in space.halves],
        lips=[lip / diameter for lip in space.lips],
        most_bytes=program + each * estimated_cells(space),
    )


def _run_gmsh(job: Job, cells: int) -> None:
    """Make the mesh in a process that ends with this one.

    Raises MeshError where it fails or takes too long.
    """
    program, each = SECONDS
    seconds = program + each * cells
    try:
        ended = run_child(COMMAND, job._asdict(), seconds)
    except TimeoutExpired:
        raise MeshError(
            f"Gmsh took more than {seconds:.0f} s for some {cells} cells: choose a coarser [mesh] resolution"
        ) from None
    if ended.code:
        raise MeshError(_why(ended))


def _why(ended: Ended) -> str:
    """Why Gmsh failed, from its exit code and its last line."""
    code, said = ended
    last = (said.strip().splitlines() or ["it said nothing"])[-1]
    if code == CANNOT_LOAD:
        return f"Gmsh cannot be loaded: {last}; on Debian and Ubuntu install {LIBRARIES}"
    if code < 0 or "MemoryError" in said or "bad_alloc" in said:
        return (
            f"Gmsh was ended ({last if code > 0 else f'signal {-code}'}): too little memory, or an outline "
            "that it cannot mesh; choose a coarser [mesh] resolution"
        )
    return f"Gmsh cannot mesh this outline: {last}"


def _require_hole(mesh: Mesh, outline: HoleOutline) -> None:
    """Raise MeshError unless all gas passes through the surface `orifice`, of the outline's area.

    Where wall is missing, a flow looks healthy and is another one.
    """
    faces = mesh.surfaces["orifice"].faces
    across = area_vectors(mesh.points, mesh.face_corners[faces])[:, 0] * mesh.surfaces["orifice"].sides
    ratio = abs(float(across.sum())) / outline.area
    if not abs(ratio - 1.0) <= SAME_AREA:
        raise MeshError(f"Gmsh made an opening of {ratio:.4g} times the area of the outline")
    before = cells_before(mesh, faces, mesh.patches["cabin"])
    if before[mesh.face_cells[mesh.patches["space"], 0]].any():
        raise MeshError("Gmsh made a mesh in which gas passes beside the hole")
