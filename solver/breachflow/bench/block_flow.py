"""The flow on which the kernels of the right-hand side are timed: smooth waves in a distorted block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.mesh import Mesh, compute_metric, renumber, reverse_cuthill_mckee
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter
from breachflow.runs.setup.states import conserved_rows
from breachflow.templates.library.block import BlockShape, block_family

AIR: Final = Gas(1.4)
SCHEME: Final = Scheme(int(NumericalFlux["HLLC"]), int(Limiter["VAN_ALBADA"]), 2)
DISTORTION: Final = 0.2
"""Random displacement of the inner points, over half the spacing."""
VISCOUS_AIR: Final = Gas(1.4, viscosity=1e-3, exponent=1.5, sutherland=0.38, prandtl=0.737)
"""Air at 293 K, by Sutherland's law; the number of cells sets how thin its layers are."""
PATCHES: Final = {"bottom": BehaviorCode["WALL"]}
"""Boundary behaviors of the patches; all others open into gas at rest."""
FRICTION_PATCHES: Final = {**PATCHES, "top": BehaviorCode["ISOTHERMAL_WALL"]}
"""The same in laminar flow."""
ROOM: Final = (1.0, 0.0, 0.0, 1.0)
"""Density, velocity and pressure of the gas at rest outside, dimensionless."""


class BlockFlow(NamedTuple):
    """Geometry and boundaries of a mesh as the kernels take them, and a state."""

    layout: Layout
    conserved: Floats
    """(n_cells, 4) conserved variables, dimensionless."""


def block_mesh(cells: int, triangles: bool) -> Mesh:
    """A unit square with about `cells` cells, renumbered for short distances in memory."""
    across = max(round((cells / (2 if triangles else 1)) ** 0.5), 2)
    block = BlockShape((0.0, 1.0), (0.0, 1.0), (across, across), triangles, DISTORTION)
    mesh = block_family(block, 1)[0]
    return renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))


def block_flow(mesh: Mesh, axisymmetric: bool, patches: Mapping[str, BehaviorCode] = PATCHES) -> BlockFlow:
    """Subsonic waves: density and pressure vary by 20 % about 1."""
    metric = compute_metric(mesh, axisymmetric)
    first = int(np.count_nonzero(mesh.face_cells[:, 1] >= 0))
    kinds = np.empty(mesh.n_faces - first, dtype=np.int32)
    for name, faces in mesh.patches.items():
        kinds[faces - first] = patches.get(name, BehaviorCode["OPENING"])
    states = np.tile(ROOM, (len(kinds), 1))
    layout = make_layout(mesh, metric, kinds, states)
    x, y = metric.centroid.T
    density, pressure = 1.0 + 0.2 * np.sin(6.0 * x), 1.0 + 0.2 * np.cos(6.0 * x)
    velocity = (0.5 * np.cos(5.0 * y), 0.3 * np.sin(4.0 * x + y))
    return BlockFlow(layout, conserved_rows(np.column_stack([density, *velocity, pressure]), AIR.gamma))
