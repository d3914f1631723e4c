"""The content of a mesh file of any format, before it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.ragged import joined_rows
from breachflow.mesh.shapes import MOST_FACE_CORNERS

MARK: Final = "written by breachflow"
"""Text near the start of the mesh files of this program, by which it knows what it may replace."""

TagNames: TypeAlias = Mapping[int, Sequence[str]]
"""The names of each tag; a tag may have several."""


class MeshContent(NamedTuple):
    """Points, cells and named faces as a mesh file has them."""

    dimension: int
    """2 of cells in a plane, 3 of cells in space."""
    points: Floats
    """(n_points, 2 or 3) in the unit of the file."""
    offsets: Indices
    """(n_cells + 1,) start of the corners of each cell."""
    corners: Indices
    """(n_corners,) points of all cells, one cell after the other, in the order of the file."""
    faces: Mapping[str, Indices]
    """(m, 2) points of the edges of each name; in space (m, 4), -1 behind the corners of a triangle."""


class ElementBlock(NamedTuple):
    """Elements of one kind: points, lines, plane or solid cells."""

    dimension: int
    """0 of points to 3 of solid cells."""
    nodes: Indices
    """(n, corners) positions of their points."""
    tags: Indices
    """(n, tags) numbers of the groups that they belong to, 0 = none."""


def assemble(
    points: Floats, blocks: Sequence[ElementBlock], names_of: Callable[[int], TagNames]
) -> MeshContent:
    """The content of a file: elements of the highest dimension are the cells, those of one less carry names.

    `names_of(dimension)` are the names of the tags of elements of a dimension. A tag without a name, say 3,
    gives the name `patch_3`. Raises MeshError where an element uses a point that does not exist.
    """
    dimension = max(2, *(block.dimension for block in blocks), 2)
    cells = [block.nodes for block in blocks if block.dimension == dimension]
    borders = [block for block in blocks if block.dimension == dimension - 1]
    for nodes in (*cells, *(block.nodes for block in borders)):
        bad = nodes[(nodes < 0) | (nodes >= len(points))]
        if bad.size:
            raise MeshError(f"a cell uses point {int(bad[0])}, but the points are 0 to {len(points) - 1}")
    width = MOST_FACE_CORNERS[dimension]
    tags = np.concatenate([np.empty(0, dtype=np.int64), *(block.tags.ravel() for block in borders)])
    names, faces = names_of(dimension - 1), dict[str, Indices]()
    for tag in np.unique(tags[tags != 0]).tolist():
        rows = _rows((block.nodes[(block.tags == tag).any(axis=1)] for block in borders), width)
        for name in names.get(tag, [""]):
            called = name or f"patch_{tag}"
            faces[called] = np.concatenate([faces[called], rows]) if called in faces else rows
    return MeshContent(dimension, points, *joined_rows(cells), faces)


def _rows(blocks: Iterable[Indices], width: int) -> Indices:
    """Faces (n, corners) of blocks as rows (n, width), -1 behind their corners."""
    rows = [np.empty((0, width), dtype=np.int64)]
    for nodes in blocks:
        if nodes.shape[1] > width:
            raise MeshError(
                f"a face has {nodes.shape[1]} corners: a cell in space has faces of three or four"
            )
        rows.append(np.pad(nodes, ((0, 0), (0, width - nodes.shape[1])), constant_values=-1))
    return np.concatenate(rows)
