"""What the shapes of the cells ask of the scheme."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.numerics.space.layout import FACES_OF_HEXAHEDRA, Layout


class CellNeeds(NamedTuple):
    """Numbers of the scheme that depend on the cells."""

    limiter_threshold: float
    """Largest jump left unlimited, over the local value and (p0 - p_outside)/p0: slow flow has small ones."""
    slow: float
    """Area of the stream tube over the hole from which gas in the cabin, of a hole in space, is damped."""
    softens: bool
    """Whether the edge of a stream against gas outside is softened."""


USUAL: Final = CellNeeds(limiter_threshold=0.1, slow=24.0, softens=False)
"""A choked stream has a Mach number of 0.02 where its tube is 24 times as wide as the hole."""

FEW_FACES: Final = CellNeeds(limiter_threshold=1.0, slow=6.0, softens=True)
"""In steady flow in space, where a cell has fewer than six faces.

Between two tetrahedra the jump, and what their gradients predict of it, differ by as much as either, however
smooth the flow: with the usual threshold the limiter alternates in the plume without end. Eddies live there
up to a Mach number of 0.05.
"""


def needs_of_cells(layout: Layout, is_steady: bool) -> CellNeeds:
    """The numbers for the cells of a layout, in a run that is steady or not: shocks that move are limited."""
    fewest = int(np.diff(layout.cells.face_offsets).min())
    few = len(layout.axes) == 3 and fewest < FACES_OF_HEXAHEDRA
    return FEW_FACES if few and is_steady else USUAL
