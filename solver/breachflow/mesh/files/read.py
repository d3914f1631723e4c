"""Read a mesh file: Gmsh .msh (4.1 and 2.2, text and binary), SU2 .su2, VTK .vtu and .vtk, or Salome .med.

The cells are the elements of the highest dimension in the file; those of one less carry the names of patches
and surfaces: physical curves, in space physical surfaces, of a .msh file, markers of a .su2 file, or what
`vtu_read` and `med_read` describe. Names of regions are ignored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.files.content import MeshContent
from breachflow.mesh.files.gmsh_read import read_gmsh
from breachflow.mesh.files.med_read import read_med
from breachflow.mesh.files.su2_read import read_su2
from breachflow.mesh.files.vtk_read import read_vtk
from breachflow.mesh.files.vtu_read import read_vtu
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh

LARGEST_FILE = 500_000_000
"""Bytes; some five million cells."""

READERS: dict[str, Callable[[Path], MeshContent]] = {
    ".msh": lambda path: read_gmsh(path.read_bytes()),
    ".su2": lambda path: read_su2(path.read_bytes()),
    ".vtu": read_vtu,
    ".vtk": read_vtk,
    ".med": read_med,
}
"""Functions that read the content of a file, by suffix."""

NAMELESS = {".cgns": "meshio reads neither the names of boundaries nor plane cells of CGNS files"}
"""Formats in which the names of boundaries would be lost, and why."""


def read_mesh(path: str | os.PathLike[str], unit_scale: float = 1.0, walls: Collection[str] = ()) -> Mesh:
    """The mesh in a file whose coordinates are in units of `unit_scale` meters.

    Lines or faces inside the mesh whose names are among `walls` become walls with two sides.

    Raises MeshError, which names the file, for anything that is wrong with it, with places in the coordinates
    of the file.
    """
    if not (np.isfinite(unit_scale) and unit_scale > 0.0):
        raise MeshError(f"unit_scale must be a positive number of meters, not {unit_scale!r}")
    path = Path(path)
    try:
        found = _read_file(path)
        _require_cells(found)
        used = _drop_unused_points(found)
        points = _plane(used.points) if used.dimension == 2 else used.points
        mesh = build_mesh(points, (used.offsets, used.corners), used.faces, walls)
        return replace(mesh, points=mesh.points * unit_scale)
    except MeshError as error:
        raise MeshError(f"{path}: {error}") from None
    except OSError as error:
        raise MeshError(f"{path}: cannot be opened: {error.strerror or error}") from None
    except (Exception, SystemExit) as error:
        # Damaged files make parsers raise exceptions of any kind; meshio even exits.
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise MeshError(f"{path}: is damaged or no mesh ({reason}); write the mesh again") from None


def _read_file(path: Path) -> MeshContent:
    suffix = path.suffix.lower()
    if suffix not in READERS:
        why = NAMELESS.get(suffix, f"unknown kind of mesh file {path.suffix!r}")
        raise MeshError(
            f"{why}: .msh (Gmsh), .su2 (SU2), .med (Salome), .vtu and .vtk (VTK) can be read; "
            "save the mesh as one of these"
        )
    if not path.is_file():
        raise MeshError("is no file" if path.exists() else "there is no such file")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise MeshError(f"has {size / 1e6:.0f} MB: at most {LARGEST_FILE / 1e6:.0f} MB can be read")
    return READERS[suffix](path)


def _require_cells(found: MeshContent) -> None:
    """Raise MeshError where the file has lines and no cells: the mesher has saved the named curves alone."""
    if len(found.offsets) < 2 and any(len(rows) for rows in found.faces.values()):
        raise MeshError(
            "the file has named lines and no cells: the region of the gas has no name, and the mesher saved "
            "only what has one; name it (in Gmsh: a Physical Surface) and save again"
        )


def _drop_unused_points(found: MeshContent) -> MeshContent:
    """The content without points that no cell and no named face uses, such as centers of circles."""
    used = np.zeros(len(found.points), dtype=np.bool_)
    for indices in (found.corners, *found.faces.values()):
        used[indices[indices >= 0]] = True
    number = np.append(np.cumsum(used) - 1, -1)  # -1, behind the corners of a triangle, stays -1
    return found._replace(
        points=found.points[used],
        corners=number[found.corners],
        faces={name: number[rows] for name, rows in found.faces.items()},
    )


def _plane(points: Floats) -> Floats:
    """X and y of points (n, 2 or 3), (n, 2). Raises MeshError where their z differ."""
    if points.shape[1] == 2 or not len(points):
        return points[:, :2]
    height = points[:, 2]
    finite = height[np.isfinite(height)]
    with np.errstate(over="ignore"):  # lengths that no mesh has are told later
        extent = float(np.ptp(points[:, :2], axis=0).max()) if np.isfinite(points[:, :2]).all() else 0.0
        is_plane = len(finite) == len(height) and np.ptp(finite) <= 1e-9 * extent
    if not is_plane:
        worst = int(np.argmax(np.where(np.isfinite(height), np.abs(height - height[0]), np.inf)))
        where = ", ".join(f"{x:.6g}" for x in points[worst].tolist())
        raise MeshError(
            f"the mesh is not plane: z must be the same everywhere, but point {worst} is ({where}); if it is "
            "one in space, its cells were not saved: name their region (in Gmsh: a Physical Volume)"
        )
    return points[:, :2]
