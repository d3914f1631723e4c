"""Mesh files: Gmsh .msh (4.1 and 2.2, text and binary) and VTK .vtu (by meshio).

Names of patches and surfaces: in a .msh file the physical names of curves; in a .vtu file an integer
cell array (one of `TAG_ARRAYS`) on the line cells, named by field data arrays: name -> (tag, 1). A tag
without a name, say 3, gives the name `patch_3`. Names of 2-D regions are ignored.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.files.gmsh import FileMesh, name_edges, read_gmsh
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh

LARGEST_FILE = 500_000_000
"""Bytes; some five million cells."""

TAG_ARRAYS = ("gmsh:physical", "patch", "medit:ref", "cell_tags", "CellEntityIds")

FLAT_CELLS = {"triangle", "quad", "polygon"}
SOLID_CELLS = {"tetra", "hexahedron", "wedge", "pyramid", "polyhedron", "voxel"}


def read_mesh(path: str | os.PathLike[str], unit_scale: float = 1.0) -> Mesh:
    """The 2-D mesh in a file whose coordinates are in units of `unit_scale` meters.

    Whatever is wrong with the file is a MeshError that names it.
    """
    if not (np.isfinite(unit_scale) and unit_scale > 0.0):
        raise MeshError(f"unit_scale must be a positive number of meters, not {unit_scale!r}")
    path = Path(path)
    try:
        found = _read_file(path)
        points, offsets, corners, edges = _drop_unused_points(found)
        return build_mesh(_plane(points) * unit_scale, (offsets, corners), edges)
    except MeshError as error:
        raise MeshError(f"{path}: {error}") from None
    except OSError as error:
        raise MeshError(f"{path}: cannot be opened: {error.strerror or error}") from None
    except (Exception, SystemExit) as error:
        # Whatever a parser trips over in a damaged file; meshio even exits.
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise MeshError(f"{path}: is damaged or no mesh ({reason}); write the mesh again") from None


def _read_file(path: Path) -> FileMesh:
    if path.suffix.lower() not in (".msh", ".vtu"):
        raise MeshError(f"unknown kind of mesh file {path.suffix!r}: .msh (Gmsh) and .vtu (VTK) can be read")
    if not path.is_file():
        raise MeshError("is no file" if path.exists() else "there is no such file")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise MeshError(f"has {size / 1e6:.0f} MB: at most {LARGEST_FILE / 1e6:.0f} MB can be read")
    if path.suffix.lower() == ".msh":
        return read_gmsh(path.read_bytes())
    return _read_vtu(path)


def _drop_unused_points(found: FileMesh) -> FileMesh:
    """Without the points that no cell and no named edge uses, such as centers of circles."""
    used = np.zeros(len(found.points), dtype=np.bool_)
    for indices in (found.corners, *found.edges.values()):
        bad = indices[(indices < 0) | (indices >= len(used))]
        if bad.size:
            raise MeshError(f"a cell uses point {int(bad[0])}, but the points are 0 to {len(used) - 1}")
        used[indices] = True
    number = np.cumsum(used) - 1
    return FileMesh(
        points=found.points[used],
        offsets=found.offsets,
        corners=number[found.corners],
        edges={name: number[pairs] for name, pairs in found.edges.items()},
    )


def _plane(points: Floats) -> Floats:
    """The x and y of points that all have the same z."""
    if points.shape[1] == 2 or not len(points):
        return points[:, :2]
    height = points[:, 2]
    finite = height[np.isfinite(height)]
    extent = float(np.ptp(points[:, :2], axis=0).max()) if np.isfinite(points[:, :2]).all() else 0.0
    if len(finite) < len(height) or np.ptp(finite) > 1e-9 * extent:
        worst = int(np.argmax(np.where(np.isfinite(height), np.abs(height - height[0]), np.inf)))
        where = ", ".join(f"{x:.6g}" for x in points[worst].tolist())
        raise MeshError(
            f"the mesh is not plane: z must be the same everywhere, but point {worst} is ({where})"
        )
    return points[:, :2]


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """meshio reports on the console; here an exception says all."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _read_vtu(path: Path) -> FileMesh:
    found = _load_vtu(path)
    flat, lines, line_tags = [], [], []
    for block, block_tags in zip(found.cells, _tag_blocks(found), strict=True):
        nodes = np.asarray(block.data)
        if block.type in FLAT_CELLS:
            flat.append(nodes)
        elif block.type == "line":
            lines.append(nodes)
            line_tags.append(block_tags)
        elif block.type != "vertex":
            _raise_kind(block.type)
    counts = [np.full(len(nodes), nodes.shape[1], dtype=np.int64) for nodes in flat]
    empty = np.empty(0, dtype=np.int64)
    all_tags = np.concatenate([empty, *line_tags])
    names = _vtu_names(found.field_data)
    by_tag = {tag: names.get(tag, "") for tag in np.unique(all_tags).tolist() if tag}
    pairs = np.concatenate([empty.reshape(0, 2), *lines])
    return FileMesh(
        points=np.asarray(found.points, dtype=np.float64),
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum(),
        corners=np.concatenate([empty, *(nodes.ravel() for nodes in flat)]).astype(np.int64),
        edges=name_edges(by_tag, all_tags, pairs.astype(np.int64)),
    )


def _load_vtu(path: Path) -> Any:
    """meshio's mesh; 5.3.5 silently keeps only the last piece, and leaves out cells it does not know."""
    pieces = re.findall(rb"<Piece\s[^>]*>", path.read_bytes())
    if len(pieces) > 1:
        raise MeshError("the file has several pieces: merge them into one")
    with _silence():
        import meshio

        found = meshio.read(path, file_format="vtu")
    announced = re.search(rb"NumberOfCells\s*=\s*[\"']\s*(\d+)", pieces[0]) if pieces else None
    n_read = sum(len(block.data) for block in found.cells)
    if announced is None or int(announced[1]) != n_read:
        count = "unknown" if announced is None else int(announced[1])
        raise MeshError(f"{count} cells announced, {n_read} of kinds that can be read; write the mesh again")
    return found


def _raise_kind(kind: str) -> None:
    if kind in SOLID_CELLS:
        raise MeshError("three-dimensional meshes are not supported yet: the file holds solid cells")
    raise MeshError(
        f"cells of the kind {kind!r} cannot be read, only straight lines, triangles, quadrilaterals, polygons"
    )


def _tag_blocks(found: Any) -> list[NDArray[np.int64]]:
    """The tags of each block of cells, 0 = none."""
    for name in TAG_ARRAYS:
        if name in found.cell_data:
            values = [np.asarray(block).ravel() for block in found.cell_data[name]]
            if any(block.dtype.kind not in "iu" for block in values):
                raise MeshError(f"the cell array {name!r} must hold integers: it numbers the patches")
            return [block.astype(np.int64) for block in values]
    return [np.zeros(len(block.data), dtype=np.int64) for block in found.cells]


def _vtu_names(field_data: Any) -> dict[int, str]:
    """Names of line tags from arrays (tag,) or (tag, dimension)."""
    names = {}
    for name, values in field_data.items():
        entry = np.asarray(values).ravel()
        if entry.dtype.kind in "iu" and (entry.size == 1 or (entry.size == 2 and entry[1] == 1)):
            names[int(entry[0])] = str(name)
    return names
