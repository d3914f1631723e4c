"""Write a mesh for other programs: .msh (Gmsh 2.2, text) or .vtu (VTK); `read_mesh` reads both back."""

from __future__ import annotations

import os
from pathlib import Path

from breachflow.errors import MeshError, ResultError
from breachflow.files import has_mark, require_place, write_atomically
from breachflow.mesh.files.content import MARK
from breachflow.mesh.files.gmsh_write import gmsh_text
from breachflow.mesh.files.vtu_write import vtu_text
from breachflow.mesh.mesh import Mesh

WRITERS = {".msh": gmsh_text, ".vtu": vtu_text}
"""Functions that make the text of a file, by suffix."""


def require_place_of_mesh(path: Path) -> None:
    """Refuse a place for a mesh before anything is meshed.

    Raises MeshError where its suffix is unknown, and ResultError where its folder does not exist or another
    file lies there, which is not replaced unasked.
    """
    if path.suffix.lower() not in WRITERS:
        raise MeshError(f"{path}: a mesh can be written as .msh (Gmsh) or .vtu (VTK), not {path.suffix!r}")
    require_place(path)
    if path.exists() and not has_mark(path, MARK):
        raise ResultError(
            f"{path}: is no mesh that breachflow wrote and is not replaced; remove it, or choose another name"
        )


def write_mesh(mesh: Mesh, path: str | os.PathLike[str]) -> None:
    """Write a mesh with its patches and surfaces; the file appears complete or not at all.

    Raises MeshError where the suffix is unknown, the format cannot hold the mesh, writing fails, or another
    file lies there.
    """
    path = Path(path)
    try:
        require_place_of_mesh(path)
    except ResultError as error:
        raise MeshError(str(error)) from None
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
