"""Read VTK's .vtu and .vtk files and Salome's .med files by meshio.

An integer cell array, one of `TAG_ARRAYS`, numbers the patches and surfaces, which are cells of one dimension
less than those of the mesh. What names the numbers: in a .med file its groups; in VTK's files field data
arrays, name -> (tag, dimension), without which they are called `patch_1` and so on.
"""

from __future__ import annotations

import contextlib
import io
import lzma
import re
import warnings
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from breachflow.arrays import Indices
from breachflow.errors import MeshError
from breachflow.mesh.files.content import ElementBlock, MeshContent, TagNames, assemble

LARGEST_UNPACKED = 300_000_000
"""Bytes of all compressed arrays of a file: a mesh of two million cells has fewer."""

TAG_ARRAYS = ("gmsh:physical", "patch", "medit:ref", "cell_tags", "CellEntityIds")

DIMENSIONS = {
    "vertex": 0,
    "line": 1,
    **dict.fromkeys(("triangle", "quad", "polygon"), 2),
    **dict.fromkeys(("tetra", "hexahedron", "wedge", "pyramid"), 3),
}
"""Dimension of each of meshio's kinds of cells that can be read; the order of corners is that of VTK."""


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Suppress what meshio prints and warns; an exception says all."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class _Unpacker:
    """Stands in for zlib or lzma within meshio: unpacks no more than `LARGEST_UNPACKED` in all."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._left = make, LARGEST_UNPACKED

    def decompress(self, block: bytes) -> bytes:
        """Unpack a block. Raises MeshError where it is damaged or too large, before memory is taken."""
        unpacker = self._make()
        found: bytes = unpacker.decompress(block, self._left + 1)
        self._left -= len(found)
        if self._left < 0:
            raise MeshError(
                f"its arrays unpack to more than {LARGEST_UNPACKED / 1e6:.0f} MB, the most that is read"
            )
        if not unpacker.eof:
            raise MeshError("a compressed block is cut off; write the mesh again")
        return found


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Let meshio unpack no more than a mesh can have: a megabyte of zeros packed is a gigabyte."""
    from meshio.vtu import _vtu

    before = _vtu.zlib, _vtu.lzma
    _vtu.zlib, _vtu.lzma = _Unpacker(zlib.decompressobj), _Unpacker(lzma.LZMADecompressor)
    try:
        yield
    finally:
        _vtu.zlib, _vtu.lzma = before


def read_vtu(path: Path) -> MeshContent:
    """Points, cells and named faces of a .vtu file.

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
    return _content(found, partial(_field_names, found.field_data))


def read_vtk(path: Path) -> MeshContent:
    """Points, cells and numbered faces of a legacy .vtk file; as `read_vtu`."""
    found = _load(path, "vtk")
    return _content(found, partial(_field_names, found.field_data))


def read_med(path: Path) -> MeshContent:
    """Points, cells and the faces of each group of a .med file; as `read_vtu`."""
    found = _load(path, "med")
    groups = {int(tag): list(names) for tag, names in found.cell_tags.items()}
    return _content(found, lambda _dimension: groups)


def _load(path: Path, file_format: str) -> Any:
    """The mesh as meshio reads it."""
    with _silence(), _bounded():
        import meshio

        return meshio.read(path, file_format=file_format)


def _content(found: Any, names_of: Callable[[int], TagNames]) -> MeshContent:
    """Points, cells and named faces."""
    blocks = []
    for block, tags in zip(found.cells, _tag_blocks(found), strict=True):
        if block.type not in DIMENSIONS:
            raise MeshError(
                f"cells of the kind {block.type!r} cannot be read, only straight lines, triangles, "
                "quadrilaterals, polygons, tetrahedra, hexahedra, wedges and pyramids"
            )
        nodes = np.asarray(block.data).astype(np.int64)
        blocks.append(ElementBlock(DIMENSIONS[block.type], nodes, tags[:, None]))
    return assemble(np.asarray(found.points, dtype=np.float64), blocks, names_of)


def _tag_blocks(found: Any) -> list[Indices]:
    """The tags (n,) of each block of cells, 0 = none."""
    for name in TAG_ARRAYS:
        if name in found.cell_data:
            values = [np.asarray(block).ravel() for block in found.cell_data[name]]
            if any(block.dtype.kind not in "iu" for block in values):
                raise MeshError(f"the cell array {name!r} must hold integers: it numbers the patches")
            return [block.astype(np.int64) for block in values]
    return [np.zeros(len(block.data), dtype=np.int64) for block in found.cells]


def _field_names(field_data: Any, dimension: int) -> TagNames:
    """The names of the tags of cells of a dimension from arrays (tag,) or (tag, dimension)."""
    names = {}
    for name, values in field_data.items():
        entry = np.asarray(values).ravel()
        if entry.dtype.kind in "iu" and (entry.size == 1 or (entry.size == 2 and entry[1] == dimension)):
            names[int(entry[0])] = [str(name)]
    return names
