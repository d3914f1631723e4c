"""What cells and faces carry through steps of their own length."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.numerics.space.layout import Layout


class Progress(NamedTuple):
    """What each cell and each face carries through its own step; ghost cells have the last rows."""

    begin: Ints
    """(n_cells + n_boundary,) tick at which the step of each cell began."""
    primitive: Floats
    """(n_cells + n_boundary, nvar) density, velocity, pressure at that tick."""
    rate: Floats
    """(n_cells + n_boundary, nvar) their change in time; none of ghosts, which are as new as their cell."""
    gradient: Floats
    """(n_cells, nvar * dimension)"""
    side: Floats
    """(len(cells.faces), nvar) each cell's own state at each of its faces."""
    left_slot: Ints
    """(n_faces,) row of the left cell's state in `side`; `right_slot` that of the right cell's."""
    right_slot: Ints
    flux: Floats
    """(n_faces, nvar) flux times area over each face's last step."""
    owed: Floats
    """(n_faces, nvar) what has passed to the coarser cell since its step began."""
    passed: Floats
    """(n_faces, nvar) what has passed since the cycle began."""
    outflow: Floats
    """(n_cells, nvar) net outflow per time over each cell's last step, less sources."""
    floored: Ints
    """(n_cells,) 1 where the floor had to hold at the end of the last step."""


def make_progress(layout: Layout) -> Progress:
    """Arrays for a layout."""
    n, nvar, n_faces = layout.n_cells, layout.n_variables, len(layout.faces.area)
    with_ghosts, slots = n + len(layout.boundary.kind), len(layout.cells.faces)
    return Progress(
        begin=np.zeros(with_ghosts, dtype=np.int32),
        primitive=np.zeros((with_ghosts, nvar)),
        rate=np.zeros((with_ghosts, nvar)),
        gradient=np.zeros((n, nvar * len(layout.axes))),
        side=np.zeros((slots, nvar)),
        left_slot=_slots(layout, layout.faces.left),
        right_slot=_slots(layout, layout.faces.right),
        flux=np.zeros((n_faces, nvar)),
        owed=np.zeros((n_faces, nvar)),
        passed=np.zeros((n_faces, nvar)),
        outflow=np.zeros((n, nvar)),
        floored=np.zeros(n, dtype=np.int32),
    )


def _slots(layout: Layout, cell_of_face: Ints) -> Ints:
    """Place of each face in the list of one of its cells' faces (0 where that is a ghost cell)."""
    face = layout.cells.faces
    owner = np.repeat(np.arange(layout.n_cells), np.diff(layout.cells.face_offsets))
    slot = np.flatnonzero(cell_of_face[face] == owner)
    slots = np.zeros(len(cell_of_face), dtype=np.int32)
    slots[face[slot]] = slot
    return slots
