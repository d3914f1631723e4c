"""Read VTK's .vtu and .vtk files and Salome's .med files by meshio.

An integer cell array, one of `TAG_ARRAYS`, numbers the patches and surfaces on the line cells. What names the
numbers: in a .med file its groups; in VTK's files field data arrays, name -> (tag, 1), without which they are
called `patch_1` and so on.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from breachflow.arrays import Indices
from breachflow.errors import MeshError
from breachflow.mesh.files.content import MeshContent, name_edges
from breachflow.mesh.ragged import joined_rows

TAG_ARRAYS = ("gmsh:physical", "patch", "medit:ref", "cell_tags", "CellEntityIds")

FLAT_CELLS = {"triangle", "quad", "polygon"}
SOLID_CELLS = {"tetra", "hexahedron", "wedge", "pyramid", "polyhedron", "voxel"}


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Suppress what meshio prints and warns; an exception says all."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_vtu(path: Path) -> MeshContent:
    """Points, plane cells and named edges of a .vtu file.

    Raises MeshError where the file has cells of a kind that cannot be read, or several pieces.
    """
    # meshio 5.3.5 silently keeps only the last piece and leaves out cells that it does not know.
    pieces = re.findall(rb"<Piece\s[^>]*>", path.read_bytes())
    if len(pieces) > 1:
        raise MeshError("the file has several pieces: merge them into one")
    found = _load(path, "vtu")
    announced = re.search(rb"NumberOfCells\s*=\s*[\"']\s*(\d+)", pieces[0]) if pieces else None
    n_read = sum(len(block.data) for block in found.cells)
    if announced is None or int(announced[1]) != n_read:
        count = "unknown" if announced is None else int(announced[1])
        raise MeshError(f"{count} cells announced, {n_read} of kinds that can be read; write the mesh again")
    return _content(found, _field_names(found.field_data))


def read_vtk(path: Path) -> MeshContent:
    """Points, plane cells and numbered edges of a legacy .vtk file; as `read_vtu`."""
    found = _load(path, "vtk")
    return _content(found, _field_names(found.field_data))


def read_med(path: Path) -> MeshContent:
    """Points, plane cells and the edges of each group of a .med file; as `read_vtu`."""
    found = _load(path, "med")
    return _content(found, {int(tag): list(groups) for tag, groups in found.cell_tags.items()})


def _load(path: Path, file_format: str) -> Any:
    """The mesh as meshio reads it."""
    with _silence():
        import meshio

        return meshio.read(path, file_format=file_format)


def _content(found: Any, names: dict[int, list[str]]) -> MeshContent:
    """Points, plane cells and edges; a tag may have several names."""
    flat, lines, line_tags = [], [], []
    for block, block_tags in zip(found.cells, _tag_blocks(found), strict=True):
        nodes = np.asarray(block.data).astype(np.int64)
        if block.type in FLAT_CELLS:
            flat.append(nodes)
        elif block.type == "line":
            lines.append(nodes)
            line_tags.append(block_tags)
        elif block.type != "vertex":
            _raise_kind(block.type)
    offsets, corners = joined_rows(flat)
    tags = np.concatenate([np.empty(0, dtype=np.int64), *line_tags])
    pairs = np.concatenate([np.empty((0, 2), dtype=np.int64), *lines])
    by_tag = {tag: names.get(tag, [""]) for tag in np.unique(tags).tolist() if tag}
    points = np.asarray(found.points, dtype=np.float64)
    return MeshContent(points, offsets, corners, name_edges(by_tag, tags, pairs))


def _raise_kind(kind: str) -> None:
    if kind in SOLID_CELLS:
        raise MeshError("three-dimensional meshes are not supported yet: the file holds solid cells")
    raise MeshError(
        f"cells of the kind {kind!r} cannot be read, only straight lines, triangles, quadrilaterals, polygons"
    )


def _tag_blocks(found: Any) -> list[Indices]:
    """The tags (n,) of each block of cells, 0 = none."""
    for name in TAG_ARRAYS:
        if name in found.cell_data:
            values = [np.asarray(block).ravel() for block in found.cell_data[name]]
            if any(block.dtype.kind not in "iu" for block in values):
                raise MeshError(f"the cell array {name!r} must hold integers: it numbers the patches")
            return [block.astype(np.int64) for block in values]
    return [np.zeros(len(block.data), dtype=np.int64) for block in found.cells]


def _field_names(field_data: Any) -> dict[int, list[str]]:
    """The names of line tags from arrays (tag,) or (tag, dimension)."""
    names = {}
    for name, values in field_data.items():
        entry = np.asarray(values).ravel()
        if entry.dtype.kind in "iu" and (entry.size == 1 or (entry.size == 2 and entry[1] == 1)):
            names[int(entry[0])] = [str(name)]
    return names
