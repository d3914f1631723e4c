"""Whose step is how long: a ladder of steps, each twice as long as the one below it.

A cell of level k steps by 2^k ticks and begins at multiples of that; a face has the level of the finer of its
cells. Cells and faces are listed by level, so that those which begin a step at any tick are the front part
of their list.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Ints
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.space.layout import Cells, Faces, Layout

SPAN = 6
"""Levels between the shortest and the longest step of a cycle: more would save no more than a few percent."""

HEADROOM = 3
"""Finer levels held ready for gas that becomes faster within a cycle."""

TOP = SPAN + HEADROOM
"""The coarsest level: a cycle is one step of it."""

TICKS = 2**TOP
"""Of a cycle."""


class Ladder(NamedTuple):
    """Levels of cells and faces, and their lists: level k and finer are the first `..._count[k]` entries."""

    stable: Floats
    """(n_cells,) longest stable step of each cell."""
    wanted: Ints
    """(n_cells,) level that a cell asks for."""
    level: Ints
    """(n_cells,)"""
    face_level: Ints
    """(n_faces,)"""
    cells: Ints
    faces: Ints
    cell_count: NDArray[np.int64]
    face_count: NDArray[np.int64]
    spare: Ints


def make_ladder(layout: Layout) -> Ladder:
    """All cells and faces on the top level."""
    n, n_faces = layout.n_cells, len(layout.faces.area)
    counts = np.zeros((2, TOP + 1), dtype=np.int64)
    counts[:, TOP] = n, n_faces
    wanted, level, face_level = (np.full(size, TOP, dtype=np.int32) for size in (n, n, n_faces))
    cells, faces = np.arange(n, dtype=np.int32), np.arange(n_faces, dtype=np.int32)
    spare = np.empty(n_faces, dtype=np.int32)
    return Ladder(np.zeros(n), wanted, level, face_level, cells, faces, counts[0], counts[1], spare)


@pointwise
def finest_level(ladder: Ladder) -> int:
    """The finest level that has a cell."""
    level = 0
    while ladder.cell_count[level] == 0:
        level += 1
    return level


@pointwise
def level_that_ends(now: int) -> int:
    """The coarsest level whose steps end at this tick."""
    level = 0
    while level < TOP and now % 2 ** (level + 1) == 0:
        level += 1
    return level


@pointwise
def stable_level(stable: float, tick: float, top: int) -> int:
    """The coarsest level, up to `top`, whose step is stable (the finest where none is)."""
    level = 0
    while level < top and stable >= 2 ** (level + 1) * tick:
        level += 1
    return level


@kernel
def choose_levels(ladder: Ladder, cells: Cells, faces: Faces, top: int, tick: float) -> None:
    """Put each cell that begins a step on the level of its stable step, and list all anew if need be.

    Cells in the middle of a step, above `top`, stay where they are.
    """
    count = ladder.cell_count[top]
    for i in range(count):
        cell = ladder.cells[i]
        ladder.wanted[cell] = stable_level(ladder.stable[cell], tick, top)
    limit_to_neighbors(ladder, cells, faces, count, top)
    changed = top == TOP
    for i in range(count):
        cell = ladder.cells[i]
        changed = changed or ladder.level[cell] != ladder.wanted[cell]
        ladder.level[cell] = ladder.wanted[cell]
    if changed:
        sort_front(ladder.level, ladder.cells, ladder.cell_count, ladder.spare, top)
        for i in range(ladder.face_count[top]):
            face = ladder.faces[i]
            level, right = ladder.level[faces.left[face]], faces.right[face]
            ladder.face_level[face] = min(level, ladder.level[right]) if right < len(cells.volume) else level
        sort_front(ladder.face_level, ladder.faces, ladder.face_count, ladder.spare, top)


@kernel
def limit_to_neighbors(ladder: Ladder, cells: Cells, faces: Faces, count: int, top: int) -> None:
    """No cell wants more than one level above a neighbor: sweeps there and back, until nothing changes."""
    changed, forward = True, True
    while changed:
        changed = False
        for i in range(count):
            cell = ladder.cells[i if forward else count - 1 - i]
            limit = lowest_neighbor(ladder, cells, faces, cell, top) + 1
            if ladder.wanted[cell] > limit:
                ladder.wanted[cell] = limit
                changed = True
        forward = not forward


@pointwise
def lowest_neighbor(ladder: Ladder, cells: Cells, faces: Faces, cell: int, top: int) -> int:
    """The lowest level that a neighbor wants, of those which begin a step."""
    lowest = top
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        other = faces.right[face] if faces.left[face] == cell else faces.left[face]
        if other < len(cells.volume) and ladder.level[other] <= top:
            lowest = min(lowest, ladder.wanted[other])
    return lowest


@kernel
def sort_front(level: Any, front: Any, counts: Any, spare: Any, top: int) -> None:
    """Sort the front of a list, all up to level `top`, by level; `counts` follow.

    The order within a level stays, but for a list sorted as a whole: there it is that of the mesh.
    """
    count = counts[top]
    for k in range(top + 1):
        counts[k] = 0
    for i in range(count):
        if top == TOP:
            front[i] = i
        counts[level[front[i]]] += 1
    begin = 0
    for k in range(top + 1):
        counts[k], begin = begin, begin + counts[k]
    for i in range(count):
        spare[counts[level[front[i]]]] = front[i]
        counts[level[front[i]]] += 1
    for i in range(count):
        front[i] = spare[i]
