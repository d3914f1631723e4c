"""Write Gmsh's mesh files in format 2.2, text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from breachflow.arrays import Ints
from breachflow.errors import MeshError
from breachflow.mesh.files.gmsh_read import CORNERS, LINE
from breachflow.mesh.mesh import Mesh


def gmsh_text(mesh: Mesh) -> str:
    """A plane mesh as the text of a .msh file; patches and surfaces become physical curves.

    Every digit of the coordinates is kept. Raises MeshError where a cell has more than four corners.
    """
    if int(np.diff(mesh.cell_offsets).max()) > max(CORNERS.values()):
        raise MeshError("a .msh file holds triangles and quadrilaterals only: write a .vtu file")
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    gas = len(named) + 1
    names = [f'1 {tag} "{name}"' for tag, name in enumerate(named, start=1)]
    nodes = [f"{node} {x!r} {y!r} 0" for node, (x, y) in enumerate(mesh.points.tolist(), start=1)]
    elements = [*_lines(mesh, list(named.values())), *_cells(mesh, gas)]
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$PhysicalNames", str(gas), *names]
    lines += [f'2 {gas} "gas"', "$EndPhysicalNames", "$Nodes", str(len(nodes)), *nodes, "$EndNodes"]
    lines += ["$Elements", str(len(elements))]
    lines += [f"{number} {element}" for number, element in enumerate(elements, start=1)]
    return "\n".join([*lines, "$EndElements", ""])


def _lines(mesh: Mesh, named: list[Ints]) -> Iterator[str]:
    """A line element for each face of a name."""
    pairs = (mesh.face_corners + 1).tolist()
    for tag, faces in enumerate(named, start=1):
        yield from (f"{LINE} 2 {tag} {tag} {pairs[face][0]} {pairs[face][1]}" for face in faces.tolist())


def _cells(mesh: Mesh, tag: int) -> Iterator[str]:
    """An element for each cell."""
    kinds = {count: kind for kind, count in CORNERS.items()}
    corners = [str(corner) for corner in (mesh.cell_points + 1).tolist()]
    for start, end in pairwise(mesh.cell_offsets.tolist()):
        yield f"{kinds[end - start]} 2 {tag} {tag} {' '.join(corners[start:end])}"
