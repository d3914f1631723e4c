"""Power-of-two time-step level of each cell and face.

A cell of level k takes steps of 2^k substeps and begins them at multiples of that; a face has the finer level
of its two cells. Cells and faces are listed by level, so that those which begin a step at any substep are the
front of their list.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import CellScalars, Ints
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.space.layout import Cells, Faces, Layout

LEVEL_SPAN: Final = 6
"""Most levels between the shortest and the longest step of a cycle; more would save a few per cent."""

SPARE_LEVELS: Final = 3
"""Finer levels for gas whose waves become faster within a cycle."""

COARSEST_LEVEL: Final = LEVEL_SPAN + SPARE_LEVELS
"""A cycle is one step of this level."""

SUBSTEPS: Final = 2**COARSEST_LEVEL
"""Substeps of a cycle."""


class StepLevels(NamedTuple):
    """Levels of cells and faces, and the lists sorted by them.

    The first `cell_count[k]` entries of `cells` are those of level k and finer; the same holds for faces.
    """

    stable: CellScalars
    """(n_cells,) longest stable step of each cell."""
    wanted: Ints
    """(n_cells,) level that the stable step allows."""
    level: Ints
    """(n_cells,) level of each cell."""
    face_level: Ints
    """(n_faces,) level of each face."""
    cells: Ints
    """(n_cells,) cell numbers by level."""
    faces: Ints
    """(n_faces,) face numbers by level."""
    cell_count: NDArray[np.int64]
    """(COARSEST_LEVEL + 1,)"""
    face_count: NDArray[np.int64]
    """(COARSEST_LEVEL + 1,)"""
    scratch: Ints
    """(n_faces,)"""


def make_step_levels(layout: Layout) -> StepLevels:
    """All cells and faces on the coarsest level."""
    n, n_faces = layout.n_cells, len(layout.faces.area)
    counts = np.zeros((2, COARSEST_LEVEL + 1), dtype=np.int64)
    counts[:, COARSEST_LEVEL] = n, n_faces
    wanted, level, face_level = (np.full(size, COARSEST_LEVEL, dtype=np.int32) for size in (n, n, n_faces))
    cells, faces = np.arange(n, dtype=np.int32), np.arange(n_faces, dtype=np.int32)
    scratch = np.empty(n_faces, dtype=np.int32)
    return StepLevels(np.zeros(n), wanted, level, face_level, cells, faces, counts[0], counts[1], scratch)


@pointwise
def finest_level(levels: StepLevels) -> int:
    """The finest level that has a cell."""
    level = 0
    while levels.cell_count[level] == 0:
        level += 1
    return level


@pointwise
def ending_level(substep_index: int) -> int:
    """The coarsest level whose steps end at this substep."""
    level = 0
    while level < COARSEST_LEVEL and substep_index % 2 ** (level + 1) == 0:
        level += 1
    return level


@pointwise
def stable_level(stable: float, substep: float, top: int) -> int:
    """The coarsest level, up to `top`, whose step is stable; the finest where none is."""
    level = 0
    while level < top and stable >= 2 ** (level + 1) * substep:
        level += 1
    return level


@kernel
def choose_levels(levels: StepLevels, cells: Cells, faces: Faces, top: int, substep: float) -> None:
    """Choose the level of each cell that begins a step, from its stable step, and sort the lists if need be.

    Cells above level `top` are within a step and keep their level.
    """
    count = levels.cell_count[top]
    for i in range(count):
        cell = levels.cells[i]
        levels.wanted[cell] = stable_level(levels.stable[cell], substep, top)
    limit_to_neighbors(levels, cells, faces, count, top)
    changed = top == COARSEST_LEVEL
    for i in range(count):
        cell = levels.cells[i]
        changed = changed or levels.level[cell] != levels.wanted[cell]
        levels.level[cell] = levels.wanted[cell]
    if changed:
        sort_front(levels.level, levels.cells, levels.cell_count, levels.scratch, top)
        for i in range(levels.face_count[top]):
            face = levels.faces[i]
            level, right = levels.level[faces.left[face]], faces.right[face]
            levels.face_level[face] = min(level, levels.level[right]) if right < len(cells.volume) else level
        sort_front(levels.face_level, levels.faces, levels.face_count, levels.scratch, top)


@kernel
def limit_to_neighbors(levels: StepLevels, cells: Cells, faces: Faces, count: int, top: int) -> None:
    """Limit each cell to one level above its neighbors: sweeps to and fro until nothing changes."""
    changed, forward = True, True
    while changed:
        changed = False
        for i in range(count):
            cell = levels.cells[i if forward else count - 1 - i]
            limit = lowest_neighbor(levels, cells, faces, cell, top) + 1
            if levels.wanted[cell] > limit:
                levels.wanted[cell] = limit
                changed = True
        forward = not forward


@pointwise
def lowest_neighbor(levels: StepLevels, cells: Cells, faces: Faces, cell: int, top: int) -> int:
    """The finest level wanted by a neighbor that begins a step."""
    lowest = top
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        other = faces.right[face] if faces.left[face] == cell else faces.left[face]
        if other < len(cells.volume) and levels.level[other] <= top:
            lowest = min(lowest, levels.wanted[other])
    return lowest


@kernel
def sort_front(level: Ints, front: Ints, counts: NDArray[np.int64], scratch: Ints, top: int) -> None:
    """Sort the front of a list, all entries up to level `top`, by level, and update `counts`.

    The order within a level is kept; where the whole list is sorted it is that of the mesh.
    """
    count = counts[top]
    for k in range(top + 1):
        counts[k] = 0
    for i in range(count):
        if top == COARSEST_LEVEL:
            front[i] = i
        counts[level[front[i]]] += 1
    begin = 0
    for k in range(top + 1):
        counts[k], begin = begin, begin + counts[k]
    for i in range(count):
        scratch[counts[level[front[i]]]] = front[i]
        counts[level[front[i]]] += 1
    for i in range(count):
        front[i] = scratch[i]
