"""The kinds of cells in space: which corners make their faces, by the corner order of VTK and Gmsh."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import AnyInts, Indices

CornerRows: TypeAlias = tuple[tuple[int, ...], ...]
"""Rows of corners of a cell, each by its place in the cell."""

MOST_FACE_CORNERS: Final = {2: 2, 3: 4}
"""Corners of a face, at most, by the dimension of the mesh."""


class SolidShape(NamedTuple):
    """A kind of cell in space."""

    code: int
    """VTK's code."""
    name: str
    corners: int
    faces: CornerRows
    """Corners of each face, counterclockwise from outside: the right-hand rule gives the outward normal."""
    mirrored: tuple[int, ...]
    """The corners in the order that makes a mirrored cell a sound one."""
    tetrahedra: CornerRows
    """A corner and three others: the tetrahedron of the four has a positive volume in a sound cell."""

    @property
    def face_rows(self) -> Indices:
        """The corners of each face, (faces, 4), -1 behind the third corner of a triangle."""
        width = MOST_FACE_CORNERS[3]
        return np.array([[*face, *[-1] * (width - len(face))] for face in self.faces], dtype=np.int64)

    @property
    def edges(self) -> CornerRows:
        """Each edge by its two corners and the two faces beside it; the first face goes along the edge."""
        sides = {
            (corner, face[k - len(face) + 1]): number
            for number, face in enumerate(self.faces)
            for k, corner in enumerate(face)
        }
        return tuple((a, b, sides[a, b], sides[b, a]) for a, b in sides if a < b)


TETRAHEDRON: Final = SolidShape(
    code=10,
    name="tetrahedron",
    corners=4,
    faces=((0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)),
    mirrored=(0, 2, 1, 3),
    tetrahedra=((0, 1, 2, 3),),
)
PYRAMID: Final = SolidShape(
    code=14,
    name="pyramid",
    corners=5,
    faces=((0, 3, 2, 1), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)),
    mirrored=(0, 3, 2, 1, 4),
    tetrahedra=((0, 1, 3, 4), (1, 2, 0, 4), (2, 3, 1, 4), (3, 0, 2, 4)),
)
WEDGE: Final = SolidShape(
    code=13,
    name="wedge",
    corners=6,
    faces=((0, 2, 1), (3, 4, 5), (0, 1, 4, 3), (1, 2, 5, 4), (2, 0, 3, 5)),
    mirrored=(0, 2, 1, 3, 5, 4),
    tetrahedra=((0, 1, 2, 3), (1, 2, 0, 4), (2, 0, 1, 5), (3, 5, 4, 0), (4, 3, 5, 1), (5, 4, 3, 2)),
)
HEXAHEDRON: Final = SolidShape(
    code=12,
    name="hexahedron",
    corners=8,
    faces=((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)),
    mirrored=(0, 3, 2, 1, 4, 7, 6, 5),
    tetrahedra=(
        (0, 1, 3, 4),
        (1, 2, 0, 5),
        (2, 3, 1, 6),
        (3, 0, 2, 7),
        (4, 7, 5, 0),
        (5, 4, 6, 1),
        (6, 5, 7, 2),
        (7, 6, 4, 3),
    ),
)
SHAPES: Final = {shape.corners: shape for shape in (TETRAHEDRON, PYRAMID, WEDGE, HEXAHEDRON)}
"""The kinds of cells in space by their number of corners, which tells them apart."""


class ShapeBlock(NamedTuple):
    """The cells of one kind in a mesh."""

    shape: SolidShape
    cells: Indices
    """(n,) cell numbers."""
    corners: Indices
    """(n, corners) their points."""

    def rows(self, corners: CornerRows | Indices) -> Indices:
        """The points of rows of corners, (n, rows, corners of a row); -1 stays -1."""
        chosen = np.asarray(corners)
        return np.where(chosen < 0, -1, self.corners[:, chosen])


def shape_blocks(offsets: AnyInts, corners: AnyInts) -> list[ShapeBlock]:
    """The cells in space, kind by kind; `corners[offsets[i]:offsets[i + 1]]` are the points of cell i."""
    counts = np.diff(offsets)
    blocks = []
    for count, shape in SHAPES.items():
        cells = np.flatnonzero(counts == count)
        if len(cells):
            places = offsets[cells].astype(np.int64)[:, None] + np.arange(count)
            blocks.append(ShapeBlock(shape, cells, corners[places].astype(np.int64)))
    return blocks
