"""The faces of all cells, each once: what two cells share, and what lies on the boundary.

A face is a row of points: two in the plane, up to four in space, where -1 follows the corners of a triangle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.checks.places import face_place, place
from breachflow.mesh.ragged import next_in_row, row_of_value
from breachflow.mesh.shapes import shape_blocks


class UniqueFaces(NamedTuple):
    """The faces of all cells, each once, sorted by `keys`."""

    keys: tuple[Indices, ...]
    """(n,) numbers that two faces have in common where they have the same points; the last counts most."""
    points: Indices
    """(n, corners) the points, in the order in which the owner goes around."""
    cells: Indices
    """(n, 2) owner, which is the lower cell number, and neighbor or -1."""

    def positions(self, rows: Indices, n_points: int) -> Indices:
        """The positions (n,) of faces given by their points (n, corners); -1 where there is none."""
        wanted = _keys(rows, n_points)
        keys = [np.concatenate(pair) for pair in zip(self.keys, wanted, strict=True)]
        order = np.lexsort(keys)  # stable: a face of the mesh comes before those that are looked for
        group = np.cumsum(_is_first(keys, order)) - 1
        first = order[np.flatnonzero(np.diff(group, prepend=-1))]
        found = np.empty(len(order), dtype=np.int64)
        found[order] = first[group]
        found = found[len(self.cells) :]
        return np.where(found < len(self.cells), found, -1)


def find_faces(points: Floats, offsets: Indices, corners: Indices) -> UniqueFaces:
    """The faces of all cells. Raises MeshError where cells overlap."""
    rows, cell = _faces_of_cells(offsets, corners, points.shape[1])
    keys = _keys(rows, len(points))
    order = np.lexsort(keys)  # stable: of two cells at a face the lower comes first
    first = np.flatnonzero(_is_first(keys, order))
    counts = np.diff(np.append(first, len(order)))
    shared = counts > 1
    lower = order[first]
    upper = order[np.minimum(first + 1, len(order) - 1)]
    folded = np.flatnonzero(shared & ((counts > 2) | ~_are_opposed(rows[lower], rows[upper])))
    if folded.size:
        faces = order[first[folded[0]] :][: counts[folded[0]]]
        _raise_overlap(points, offsets, corners, rows[faces[0]], cell[faces])
    cells = np.column_stack([cell[lower], np.where(shared, cell[upper], -1)])
    return UniqueFaces(tuple(key[lower] for key in keys), rows[lower], cells)


def _faces_of_cells(offsets: Indices, corners: Indices, dimension: int) -> tuple[Indices, Indices]:
    """The faces (n, corners) of each cell, cell after cell, and the cell of each, (n,)."""
    if dimension == 2:
        return np.column_stack([corners, corners[next_in_row(offsets)]]), row_of_value(offsets)
    blocks = shape_blocks(offsets, corners)
    rows = np.concatenate([block.rows(block.shape.face_rows).reshape(-1, 4) for block in blocks])
    cell = np.concatenate([np.repeat(block.cells, len(block.shape.faces)) for block in blocks])
    order = np.argsort(cell, kind="stable")
    return rows[order], cell[order]


def _keys(rows: Indices, n_points: int) -> tuple[Indices, ...]:
    """Numbers (n,) for rows (n, corners) of points, the same in any order; a number holds two points."""
    ordered = np.sort(rows, axis=1)
    return tuple(ordered[:, k] * n_points + ordered[:, k + 1] for k in range(0, rows.shape[1], 2))


def _is_first(keys: tuple[Indices, ...] | list[Indices], order: Indices) -> Bools:
    """Whether each of the ordered rows (n,) differs from the one before."""
    differs = np.zeros(len(order), dtype=np.bool_)
    differs[:1] = True
    for key in keys:
        ordered = key[order]
        differs[1:] |= ordered[1:] != ordered[:-1]
    return differs


def _are_opposed(first: Indices, second: Indices) -> Bools:
    """Whether two cells go around the same points (n, corners) in opposite directions, (n,)."""
    if first.shape[1] == 2:
        return np.asarray(first[:, 0] != second[:, 0])
    after, before = (_beside_lowest(rows) for rows in (first, second))
    return np.asarray((after == before[:, ::-1]).all(axis=1))


def _beside_lowest(rows: Indices) -> Indices:
    """The points after and before the lowest one of each row (n, 4), (n, 2); -1 follows three corners."""
    counts = 3 + (rows[:, 3] >= 0)
    at = np.argmin(np.where(rows < 0, np.iinfo(np.int64).max, rows), axis=1)
    number = np.arange(len(rows))
    return np.column_stack([rows[number, (at + step) % counts] for step in (1, counts - 1)])


def _raise_overlap(points: Floats, offsets: Indices, corners: Indices, face: Indices, cells: Indices) -> None:
    """Raise MeshError for `cells` (n,) that lie on the same side of a face, or of which three have it."""
    outlines: dict[tuple[int, ...], int] = {}
    for cell in cells.tolist():
        outline = tuple(sorted(corners[offsets[cell] : offsets[cell + 1]].tolist()))
        if outline in outlines:
            raise MeshError(
                f"cells {outlines[outline]} and {cell} have the same corners "
                f"(near {place(points[outline[0]])}): remove one"
            )
        outlines[outline] = cell
    where = face_place(points, face)
    if len(cells) > 2:
        names = ", ".join(str(cell) for cell in cells[:5].tolist())
        raise MeshError(f"{where} belongs to {len(cells)} cells ({names}): it may belong to one or two")
    raise MeshError(
        f"cells {cells[0]} and {cells[1]} overlap: both lie on the same side of {where}; "
        "one of them is folded over, mesh again"
    )
