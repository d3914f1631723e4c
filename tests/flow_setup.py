"""Small meshes, states and the right-hand side for tests of the flow solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import Mesh, build_mesh, compute_metric
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.numerics.space.residual import make_workspace, residual
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter

Floats = NDArray[np.float64]
StateAt = Callable[[Floats], Floats]
"""Primitive states (n, dimension + 2) at places (n, dimension)."""

AIR = Gas(1.4)
DEFAULT_SCHEME = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), 2)


def block(
    x: Floats, y: Floats, triangles: bool = False, distortion: float = 0.0, seed: int = 0, mixed: bool = False
) -> Mesh:
    """A rectangle with grid lines x and y; inner points move by up to half of `distortion` of their spacing.

    Patches `left`, `right`, `bottom`, `top`. Where triangles are asked for, each quadrilateral is cut along
    its rising diagonal, or, `mixed`, along either of them at random.
    """
    across, along = np.meshgrid(x, y, indexing="ij")
    rng = np.random.default_rng(seed)
    shift = distortion * (rng.random((2, *across.shape)) - 0.5)
    across[1:-1, 1:-1] += (shift[0] * np.gradient(x)[:, None])[1:-1, 1:-1]
    along[1:-1, 1:-1] += (shift[1] * np.gradient(y)[None, :])[1:-1, 1:-1]
    return curved_block(across, along, triangles, rng if mixed else None)


def curved_block(
    x: Floats, y: Floats, triangles: bool = False, cuts: np.random.Generator | None = None
) -> Mesh:
    """The block whose point (i, j) lies at x[i, j], y[i, j]; `left` is i = 0 and `bottom` is j = 0."""
    node = np.arange(x.size).reshape(x.shape)
    corners = (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:])
    a, b, c, d = (corner.ravel() for corner in corners)
    cells = [np.column_stack([a, b, c, d])]
    if triangles:
        rising = np.ones((len(a), 1), dtype=bool) if cuts is None else cuts.random((len(a), 1)) < 0.5
        first = np.where(rising, np.column_stack([a, b, c]), np.column_stack([a, b, d]))
        second = np.where(rising, np.column_stack([a, c, d]), np.column_stack([b, c, d]))
        cells = [np.concatenate([first, second])]
    edges = {"left": node[0], "right": node[-1], "bottom": node[:, 0], "top": node[:, -1]}
    named = {name: np.column_stack([line[:-1], line[1:]]) for name, line in edges.items()}
    return build_mesh(np.column_stack([x.ravel(), y.ravel()]), cells, named)


def unit_block(n: int, triangles: bool = False, distortion: float = 0.0) -> Mesh:
    """A unit square of n x n quadrilaterals, or twice as many triangles cut at random."""
    lines = np.linspace(0.0, 1.0, n + 1)
    return block(lines, lines, triangles, distortion, mixed=True)


def make_flow(
    mesh: Mesh,
    kinds: Mapping[str, BehaviorCode],
    outside: StateAt | None = None,
    axisymmetric: bool = False,
) -> Layout:
    """The layout of a mesh; the state outside each boundary face is `outside` at the center of the face."""
    metric = compute_metric(mesh, axisymmetric)
    first = int((mesh.face_cells[:, 1] >= 0).sum())
    codes = np.empty(mesh.n_faces - first, dtype=np.int32)
    for name, faces in mesh.patches.items():
        codes[faces - first] = kinds[name]
    states = np.tile([1.0, *[0.0] * mesh.dimension, 1.0], (len(codes), 1))
    if outside is not None:
        states = outside(metric.face_center[first:])
    return make_layout(mesh, metric, codes, states)


def everywhere(mesh: Mesh, kind: BehaviorCode, axisymmetric: bool = False) -> dict[str, BehaviorCode]:
    """The same kind of boundary on all patches except an axis."""
    return {
        name: BehaviorCode.WALL if axisymmetric and name in ("axis", "bottom") else kind
        for name in mesh.patches
    }


def conserved(primitive: Floats, gamma: float = 1.4) -> Floats:
    """Conserved states (n, dimension + 2) of primitive ones."""
    density, *velocity, pressure = primitive.T
    energy = pressure / (gamma - 1.0) + 0.5 * density * sum(u * u for u in velocity)
    return np.column_stack([density, *(density * u for u in velocity), energy])


def primitive(states: Floats, gamma: float = 1.4) -> Floats:
    """Primitive states (n, dimension + 2) of conserved ones."""
    density, *momentum, energy = states.T
    pressure = (gamma - 1.0) * (energy - 0.5 * sum(m**2 for m in momentum) / density)
    return np.column_stack([density, *(m / density for m in momentum), pressure])


def net_outflow(states: Floats, layout: Layout, scheme: Scheme = DEFAULT_SCHEME, gas: Gas = AIR) -> Floats:
    """The right-hand side (n_cells, dimension + 2) of conserved states."""
    out = np.empty_like(states)
    residual(states, Discretization(layout, scheme, gas), make_workspace(layout, gas.viscosity > 0.0), out)
    return out


def take_cycles(
    stepper: ExplicitStepper,
    states: Floats,
    duration: float,
    after_cycle: Callable[[float], bool] = lambda _time: False,
    longest: float = inf,
) -> float:
    """Advance conserved states (in place) by `duration`, or until `after_cycle(time)` returns True.

    No cycle is longer than `longest`. Returns the time reached.
    """
    time = 0.0
    stepper.begin(states)
    while time < duration * (1.0 - 1e-12):
        time += stepper.take_cycle(states, duration - time, longest)
        if after_cycle(time):
            break
    return time


def flow_scale(layout: Layout, state: Floats, gamma: float = 1.4) -> Floats:
    """Scale (n_cells, dimension + 2) of the flows of mass, momentum and energy through a cell's faces."""
    density, *velocity, pressure = state
    speed = np.linalg.norm(velocity) + np.sqrt(gamma * pressure / density)
    energy = pressure / (gamma - 1.0) + 0.5 * density * np.dot(velocity, velocity)
    momentum = [density * speed**2] * len(velocity)
    per_area = np.array([density * speed, *momentum, speed * (energy + pressure)])
    cells, faces = layout.cells, layout.faces
    area = np.add.reduceat(faces.area[cells.faces], cells.face_offsets[:-1])
    return area[:, None] * per_area
