"""The exact solutions of verification cases, in units of the reference."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.case import exact
from breachflow.case.schema import Case
from breachflow.errors import CaseError, OutOfRange
from breachflow.mesh.mesh import Mesh
from breachflow.runs.setup.friction import solver_gas
from breachflow.runs.setup.reference import Reference, is_axisymmetric
from breachflow.runs.setup.states import conserved_rows
from breachflow.theory.fields import couette, manufactured, poiseuille, riemann
from breachflow.theory.fields.ringleb import ringleb
from breachflow.theory.fields.source import spherical_source
from breachflow.theory.fields.viscous_gas import STICKS, ViscousGas, WallSlip, diffuse_wall
from breachflow.theory.fields.vortex import isentropic_vortex

StateAt: TypeAlias = Callable[[Floats, float], Floats]
"""Primitive states (n, nvar) at points (n, dimension) and a time, all in units of the reference."""

PIECES = {"riemann": 6}
"""Pieces into which each edge of a triangle is cut, by solution; 1 for smooth solutions."""

_GAUSS = np.array([(4.0, 1.0, 1.0), (1.0, 4.0, 1.0), (1.0, 1.0, 4.0)]) / 6.0
"""Three points a triangle: exact for polynomials of degree 2."""


class ExactPlace(NamedTuple):
    """Points and time at which a solution is evaluated, with all that it depends on."""

    given: Any
    """The case's table `[exact]`."""
    reference: Reference
    gas: ViscousGas
    """In units of the reference; without viscosity where the flow is inviscid."""
    axisymmetric: bool
    x: Floats
    y: Floats
    """Coordinates over the reference length, in the solution's own axes."""
    time: float

    @property
    def gamma(self) -> float:
        """Ratio of heat capacities."""
        return self.gas.gamma

    @property
    def scale(self) -> float:
        """The reference length over the solution's."""
        return float(self.reference.length / self.given.length)

    @property
    def scaled_gas(self) -> ViscousGas:
        """The gas in units of the solution's length."""
        return self.gas._replace(viscosity=self.gas.viscosity * self.scale)


def exact_state(case: Case, reference: Reference) -> StateAt:
    """The exact solution of a case, a function that raises CaseError where the solution does not exist."""
    assert case.exact is not None
    solution, place_at = _SOLUTIONS[case.exact.solution], _placed(case, reference)
    forth = _turned(case)[1]

    def state(place: Floats, time: float) -> Floats:
        try:
            density, u, v, pressure = solution(place_at(place, time))
        except OutOfRange as reason:
            raise CaseError(f"{case.label}: [exact]: {reason}; move or shrink the mesh") from None
        velocity = np.column_stack([u, v]) @ forth.T
        return np.column_stack([density, velocity, pressure])

    return state


def exact_averages(case: Case, mesh: Mesh, reference: Reference, time: float) -> Floats:
    """Conserved averages (n_cells, nvar) over the cells; time and states in units of the reference.

    Raises CaseError where the solution does not exist in a cell.
    """
    assert case.exact is not None
    state, gamma = exact_state(case, reference), case.species.heat_capacity_ratio
    pieces = PIECES.get(case.exact.solution, 1)

    def conserved(place: Floats) -> Floats:
        return conserved_rows(state(place, time), gamma)

    total, volume = _integrals(case, mesh, reference, conserved, pieces)
    return total / volume[:, None]


def exact_forcing(case: Case, mesh: Mesh, reference: Reference) -> Floats:
    """Sources (n_cells, nvar) integrated over the cells; no rows where the solution needs none."""
    if case.exact is None or case.exact.solution not in _SOURCES:
        return np.zeros((0, mesh.dimension + 2))
    sources_at, place_at = _SOURCES[case.exact.solution], _placed(case, reference)
    forth = _turned(case)[1]

    def sources(place: Floats) -> Floats:
        mass, along_x, along_y, energy = sources_at(place_at(place, 0.0))
        momentum = np.column_stack([along_x, along_y]) @ forth.T
        return np.column_stack([mass, momentum, energy])

    return _integrals(case, mesh, reference, sources, 1)[0]


def _placed(case: Case, reference: Reference) -> Callable[[Floats, float], ExactPlace]:
    """What a solution depends on, at points (n, dimension) of the mesh and a time."""
    gas = ViscousGas(*solver_gas(case, reference))
    axisymmetric, back = is_axisymmetric(case), _turned(case)[0]

    def at(place: Floats, time: float) -> ExactPlace:
        x, y = (place @ back.T).T
        return ExactPlace(case.exact, reference, gas, axisymmetric, x, y, time)

    return at


def _integrals(
    case: Case, mesh: Mesh, reference: Reference, values: Callable[[Floats], Floats], pieces: int
) -> tuple[Floats, Floats]:
    """Integrals (n_cells, nvar) over the cells, per radian if axisymmetric, and volumes (n_cells,)."""
    cells, corners = _triangles(mesh, 1.0 / reference.length)
    total, volume = np.zeros((mesh.n_cells, mesh.dimension + 2)), np.zeros(mesh.n_cells)
    edge = corners[:, 1:] - corners[:, :1]
    area = 0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0])
    points = _barycentric(pieces)
    for weights in points:
        place = np.einsum("k,nkd->nd", weights, corners)
        weight = area / len(points) * (place[:, 1] if is_axisymmetric(case) else 1.0)
        np.add.at(total, cells, weight[:, None] * values(place))
        np.add.at(volume, cells, weight)
    return total, volume


def _triangles(mesh: Mesh, scale: float) -> tuple[NDArray[np.int64], Floats]:
    """Triangles of all cells about their first corners: cell numbers and corners (n, 3, 2)."""
    cells, triangles = [], []
    counts = np.diff(mesh.cell_offsets)
    for k in range(1, counts.max() - 1):
        some = np.flatnonzero(counts > k + 1)
        first = mesh.cell_offsets[some]
        cells.append(some)
        triangles.append(np.stack([mesh.cell_points[first + i] for i in (0, k, k + 1)], axis=1))
    return np.concatenate(cells), scale * mesh.points[np.concatenate(triangles)]


def _barycentric(pieces: int) -> Floats:
    """Gauss points of a triangle cut into pieces^2 equal ones, in barycentric coordinates."""
    found = []
    for i in range(pieces):
        for j in range(pieces - i):
            corner = np.array([i, j])
            found.append(corner + _GAUSS[:, :2])
            if i + j + 1 < pieces:
                found.append(corner + 1.0 - _GAUSS[:, :2])
    two = np.concatenate(found) / pieces
    return np.column_stack([two, 1.0 - two.sum(axis=1)])


def _turned(case: Case) -> tuple[Floats, Floats]:
    """Matrices from the mesh's coordinates to the solution's, and back."""
    turn, mirrored = case.mesh.placement
    c, s = cos(turn), sin(turn)
    forth = np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if mirrored else 1.0])
    return forth.T, forth


def _uniform(at: ExactPlace) -> tuple[Floats, ...]:
    one, (u, v) = np.ones_like(at.x), at.given.velocity
    return one, one * u / at.reference.velocity, one * v / at.reference.velocity, one


def _vortex(at: ExactPlace) -> tuple[Floats, ...]:
    scale, (u, v) = at.scale, at.given.velocity
    drift = u / at.reference.velocity, v / at.reference.velocity
    return isentropic_vortex(scale * at.x, scale * at.y, scale * at.time, at.gamma, at.given.strength, drift)


def _source(at: ExactPlace) -> tuple[Floats, ...]:
    sonic = at.given.sonic_radius / at.reference.length
    supersonic = at.given.branch == "supersonic"
    return spherical_source(at.x, at.y, sonic, at.gamma, supersonic, dimension=3 if at.axisymmetric else 2)


def _ringleb(at: ExactPlace) -> tuple[Floats, ...]:
    return ringleb(at.scale * at.x, at.scale * at.y, at.gamma)


def _riemann(at: ExactPlace) -> tuple[Floats, ...]:
    left, right = (_riemann_side(side, at.reference) for side in (at.given.left, at.given.right))
    offset = at.x - at.given.position / at.reference.length
    if at.time == 0.0:
        density, u, pressure = (np.where(offset < 0.0, a, b) for a, b in zip(left, right, strict=True))
    else:
        density, u, pressure = riemann.sample(left, right, at.gamma, offset / at.time)
    return density, u, np.zeros_like(u), pressure


def _riemann_side(side: exact.GasState, reference: Reference) -> riemann.RiemannState:
    pressure = side.pressure / reference.pressure
    density = pressure * reference.temperature / side.temperature
    return riemann.RiemannState(density, side.velocity[0] / reference.velocity, pressure)


def _manufactured(at: ExactPlace) -> tuple[Floats, ...]:
    return tuple(wave.value for wave in manufactured.manufactured_waves(at.scale * at.x, at.scale * at.y))


def _manufactured_sources(at: ExactPlace) -> tuple[Floats, ...]:
    x, y, gas = at.scale * at.x, at.scale * at.y, at.scaled_gas
    total = np.stack(manufactured.manufactured_sources(x, y, at.gamma, at.axisymmetric))
    if gas.viscosity > 0.0:
        total += manufactured.manufactured_friction(x, y, gas, at.axisymmetric)
    return tuple(at.scale * total)


def _couette(at: ExactPlace) -> tuple[Floats, ...]:
    warmth = at.given.upper_temperature / at.reference.temperature
    plates = couette.Plates(at.given.speed / at.reference.velocity, warmth, _wall_slip(at))
    return couette.couette(at.scale * at.y, plates, at.scaled_gas)


def _poiseuille(at: ExactPlace) -> tuple[Floats, ...]:
    return poiseuille.poiseuille(at.scale * at.y, _driven(at))


def _poiseuille_sources(at: ExactPlace) -> tuple[Floats, ...]:
    force, work = poiseuille.poiseuille_sources(at.scale * at.y, _driven(at))
    none = np.zeros_like(force)
    return none, at.scale * force, none, at.scale * work


def _driven(at: ExactPlace) -> poiseuille.DrivenFlow:
    speed = at.given.speed / at.reference.velocity
    return poiseuille.DrivenFlow(speed, at.scaled_gas.viscosity, _wall_slip(at).velocity, at.axisymmetric)


def _wall_slip(at: ExactPlace) -> WallSlip:
    return diffuse_wall(at.gamma, at.gas.prandtl) if at.given.slip else STICKS


_SOLUTIONS: dict[str, Callable[[ExactPlace], tuple[Floats, ...]]] = {
    "uniform": _uniform,
    "vortex": _vortex,
    "source": _source,
    "ringleb": _ringleb,
    "riemann": _riemann,
    "manufactured": _manufactured,
    "couette": _couette,
    "poiseuille": _poiseuille,
}

_SOURCES: dict[str, Callable[[ExactPlace], tuple[Floats, ...]]] = {
    "manufactured": _manufactured_sources,
    "poiseuille": _poiseuille_sources,
}
"""Sources per volume of mass, momentum and energy, in units of the reference, where a solution needs them."""
