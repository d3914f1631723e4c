"""State of cells and faces within time steps of their own length."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import CellRows, FaceRows, Floats, GhostedRows, GradientRows, Ints
from breachflow.numerics.space.layout import Layout


class StepState(NamedTuple):
    """State of each cell and face within its own step; ghost cells have the last rows."""

    begin: Ints
    """(n_cells + n_ghosts,) substep at which the step of each cell began."""
    primitive: GhostedRows
    """(n_cells + n_ghosts, nvar) density, velocity, pressure at that substep."""
    rate: GhostedRows
    """(n_cells + n_ghosts, nvar) time derivatives of these; 0 for ghost cells."""
    gradient: GradientRows
    """(n_cells, nvar * dimension), and dimension + 2 more columns in laminar flow."""
    face_value: Floats
    """(len(cells.faces), nvar) each cell's state at each of its faces."""
    left_slot: Ints
    """(n_faces,) row of the left cell's state in `face_value`."""
    right_slot: Ints
    """(n_faces,) row of the right cell's."""
    flux: FaceRows
    """(n_faces, nvar) flux times area over each face's last step."""
    owed: FaceRows
    """(n_faces, nvar) what has passed to the coarser cell since its step began."""
    passed: FaceRows
    """(n_faces, nvar) what has passed since the cycle began."""
    outflow: CellRows
    """(n_cells, nvar) net outflow per time over each cell's last step, less sources."""
    floored: Ints
    """(n_cells,) 1 where density or pressure was raised to the floor at the end of the last step."""


def make_step_state(layout: Layout, viscous: bool) -> StepState:
    """Arrays for a layout, of viscous or inviscid flow."""
    n, nvar, n_faces = layout.n_cells, layout.n_variables, len(layout.faces.area)
    dimension = len(layout.axes)
    with_ghosts, slots = n + len(layout.boundary.behavior), len(layout.cells.faces)
    return StepState(
        begin=np.zeros(with_ghosts, dtype=np.int32),
        primitive=np.zeros((with_ghosts, nvar)),
        rate=np.zeros((with_ghosts, nvar)),
        gradient=np.zeros((n, (nvar * dimension) + (dimension + 2 if viscous else 0))),
        face_value=np.zeros((slots, nvar)),
        left_slot=_slots(layout, layout.faces.left),
        right_slot=_slots(layout, layout.faces.right),
        flux=np.zeros((n_faces, nvar)),
        owed=np.zeros((n_faces, nvar)),
        passed=np.zeros((n_faces, nvar)),
        outflow=np.zeros((n, nvar)),
        floored=np.zeros(n, dtype=np.int32),
    )


def _slots(layout: Layout, cell_of_face: Ints) -> Ints:
    """Position (n_faces,) of each face in the list of one of its cells' faces; 0 for a ghost cell."""
    face = layout.cells.faces
    owner = np.repeat(np.arange(layout.n_cells), np.diff(layout.cells.face_offsets))
    slot = np.flatnonzero(cell_of_face[face] == owner)
    slots = np.zeros(len(cell_of_face), dtype=np.int32)
    slots[face[slot]] = slot
    return slots
