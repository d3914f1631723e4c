"""Write a mesh for other programs: .msh (Gmsh 2.2, text) or .vtu (VTK); `read_mesh` reads both back."""

from __future__ import annotations

import os
from pathlib import Path

from breachflow.errors import MeshError, ResultError
from breachflow.files import write_atomically
from breachflow.mesh.files.gmsh_write import gmsh_text
from breachflow.mesh.files.vtu_write import vtu_text
from breachflow.mesh.mesh import Mesh

WRITERS = {".msh": gmsh_text, ".vtu": vtu_text}
"""Functions that make the text of a file, by suffix."""


def write_mesh(mesh: Mesh, path: str | os.PathLike[str]) -> None:
    """Write a mesh with its patches and surfaces; the file appears complete or not at all.

    Raises MeshError where the suffix is unknown, the format cannot hold the mesh, or writing fails.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise MeshError(f"{path}: a mesh can be written as .msh (Gmsh) or .vtu (VTK), not {path.suffix!r}")
    for name in (*mesh.patches, *mesh.surfaces):
        if '"' in name or not name.isprintable():
            raise MeshError(f"{path}: the name {name!r} cannot be written: no quotes, no line breaks")
    try:
        content = WRITERS[path.suffix.lower()](mesh).encode()
    except MeshError as error:
        raise MeshError(f"{path}: {error}") from None
    try:
        write_atomically(path, [content])
    except ResultError as error:
        raise MeshError(str(error)) from None
