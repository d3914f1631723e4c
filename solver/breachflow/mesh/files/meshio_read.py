"""What readers of files by meshio share: silence, limits, places of faults, and the content of its meshes."""

from __future__ import annotations

import contextlib
import io
import lzma
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from breachflow.arrays import Indices
from breachflow.errors import MeshError
from breachflow.mesh.files.content import ElementBlock, MeshContent, TagNames, assemble
from breachflow.words import single_line

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
def careful(place: Callable[[], str]) -> Iterator[None]:
    """Let meshio read in silence and within limits; raise what goes wrong as a MeshError with its place.

    `place()` is how far the reading has come, in words.
    """
    nowhere = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            warnings.catch_warnings(),
            _bounded(),
        ):
            warnings.simplefilter("ignore")
            yield
    except MeshError as error:
        raise MeshError(f"{place()}: {error}") from None
    except MemoryError:
        raise MeshError(f"{place()}: announces more than there is memory for; write the mesh again") from None
    except (Exception, SystemExit) as error:  # meshio lets errors of any kind pass, and even exits
        said = single_line(" ".join(str(error).split()))[:200] or type(error).__name__
        raise MeshError(f"{place()}: is damaged or no mesh ({said}); write the mesh again") from None


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


def content_of(found: Any, names_of: Callable[[int], TagNames]) -> MeshContent:
    """Points, cells and named faces. Raises MeshError where cells of a kind cannot be read."""
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


def field_names(field_data: Any, dimension: int) -> TagNames:
    """The names of the tags of cells of a dimension from arrays (tag,) or (tag, dimension)."""
    names = {}
    for name, values in field_data.items():
        entry = np.asarray(values).ravel()
        if entry.dtype.kind in "iu" and (entry.size == 1 or (entry.size == 2 and entry[1] == dimension)):
            names[int(entry[0])] = [str(name)]
    return names
