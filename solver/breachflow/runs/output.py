"""Checks of the place of output files, and the mesh of a case as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from breachflow.case.checks.keys import RESULT_SUFFIXES
from breachflow.errors import UsageError
from breachflow.files import require_place

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh


def require_writable(path: Path) -> None:
    """Refuse a place for the result where writing it would fail at the end of the run.

    Raises UsageError where the name is not that of a result, ResultError where its folder cannot take it or
    another file is there, which a result must not replace.
    """
    if path.suffix not in RESULT_SUFFIXES:
        raise UsageError(f"{path}: the name of a result ends in .vtkhdf or .h5")
    require_place(path)
    if path.exists():
        from breachflow.results.files.read import require_replaceable

        require_replaceable(path)


def write_case_mesh(case: Case, path: Path) -> Mesh:
    """Write the finest mesh of a case as .msh (Gmsh) or .vtu (VTK); returns the mesh.

    Raises UsageError where `path` is no name for a mesh or is the mesh file that the case reads, ResultError
    where its folder does not exist or another file lies there, CaseError or MeshError where the mesh cannot
    be made or written.
    """
    from breachflow.mesh.files.write import require_place_of_mesh, write_mesh
    from breachflow.runs.setup.meshes import case_mesh

    if path.suffix.lower() not in (".msh", ".vtu"):
        raise UsageError(f"{path}: a mesh is written as .msh (Gmsh) or .vtu (VTK)")
    if path.resolve() in case.mesh.mesh_files:
        raise UsageError(f"{path}: is the mesh file that the case reads; choose another name with -o")
    require_place_of_mesh(path)
    mesh = case_mesh(case)
    write_mesh(mesh, path)
    return mesh
