"""Write Gmsh's mesh files in format 2.2, text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from breachflow.arrays import Ints
from breachflow.errors import MeshError
from breachflow.mesh.files.content import MARK
from breachflow.mesh.files.gmsh_read import KINDS
from breachflow.mesh.mesh import Mesh


def gmsh_text(mesh: Mesh) -> str:
    """A mesh as the text of a .msh file; patches and surfaces become physical curves, in space surfaces.

    Every digit of the coordinates is kept. Raises MeshError where a plane cell has more than four corners.
    """
    dimension, most = mesh.dimension, int(np.diff(mesh.cell_offsets).max())
    if (dimension, most) not in KINDS.values() and dimension == 2:
        raise MeshError("a .msh file holds triangles and quadrilaterals only: write a .vtu file")
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    gas = len(named) + 1
    names = [f'{dimension - 1} {tag} "{name}"' for tag, name in enumerate(named, start=1)]
    rest = " 0" * (3 - dimension)
    nodes = [f"{node} {' '.join(map(repr, x))}{rest}" for node, x in enumerate(mesh.points.tolist(), start=1)]
    elements = [*_faces(mesh, list(named.values())), *_cells(mesh, gas)]
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$Comments", MARK, "$EndComments"]
    lines += ["$PhysicalNames", str(gas), *names]
    lines += [f'{dimension} {gas} "gas"', "$EndPhysicalNames", "$Nodes", str(len(nodes)), *nodes, "$EndNodes"]
    lines += ["$Elements", str(len(elements))]
    lines += [f"{number} {element}" for number, element in enumerate(elements, start=1)]
    return "\n".join([*lines, "$EndElements", ""])


def _kinds(dimension: int) -> dict[int, int]:
    """Gmsh's kinds of elements of a dimension by their number of corners."""
    return {shape.corners: kind for kind, shape in KINDS.items() if shape.dimension == dimension}


def _faces(mesh: Mesh, named: list[Ints]) -> Iterator[str]:
    """A line or plane element for each face of a name."""
    kinds = _kinds(mesh.dimension - 1)
    points, ends = [str(point) for point in (mesh.face_points + 1).tolist()], mesh.face_offsets.tolist()
    for tag, faces in enumerate(named, start=1):
        for face in faces.tolist():
            corners = points[ends[face] : ends[face + 1]]
            yield f"{kinds[len(corners)]} 2 {tag} {tag} {' '.join(corners)}"


def _cells(mesh: Mesh, tag: int) -> Iterator[str]:
    """An element for each cell."""
    kinds = _kinds(mesh.dimension)
    corners = [str(corner) for corner in (mesh.cell_points + 1).tolist()]
    for start, end in pairwise(mesh.cell_offsets.tolist()):
        yield f"{kinds[end - start]} 2 {tag} {tag} {' '.join(corners[start:end])}"
