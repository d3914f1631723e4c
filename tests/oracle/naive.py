"""Slow, plain reference loops. They share only the points and corners of a mesh with the program.

Everything follows from its textbook definition: polygons cut into triangles with Gauss points, gradients
from `numpy.linalg.lstsq`, each edge computed from both of its cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import naive_viscous
import numpy as np
from naive_physics import FLUXES, IMPERMEABLE, LIMITERS, boundary, mirror, to_primitive
from naive_viscous import NO_FRICTION, Friction

LIMITER_THRESHOLD, LEAST_FACE_FRACTION, FLATTEST_STENCIL, LEAST_STENCIL = 0.1, 0.1, 1e-3, 4


@dataclass
class Cell:
    corners: np.ndarray
    volume: float
    center: np.ndarray
    plane_area: float
    edges: list[Edge] = field(default_factory=list)


@dataclass
class Edge:
    """An edge of a cell, seen from this cell."""

    normal: np.ndarray
    area: float
    center: np.ndarray
    neighbor: int | None = None
    kind: str = ""
    outside: np.ndarray | None = None


def over_triangles(corners: np.ndarray, function) -> np.ndarray:
    """Integral over a polygon: triangles about its first corner, three Gauss points each (degree 2)."""
    total = 0.0
    for b, c in pairwise(corners[1:]):
        a = corners[0]
        area = 0.5 * ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))
        for weights in ((4, 1, 1), (1, 4, 1), (1, 1, 4)):
            point = (weights[0] * a + weights[1] * b + weights[2] * c) / 6.0
            total = total + area / 3.0 * function(point)
    return total


def read_cells(mesh, axisymmetric: bool, kinds: dict[str, str], outside=None) -> list[Cell]:
    """Cells with their edges, from points and corners alone; `outside(center)` is the ghost state."""
    weight = (lambda p: p[1]) if axisymmetric else (lambda _: 1.0)
    cells, owners = [], {}
    for index in range(mesh.n_cells):
        ids = mesh.cell_points[mesh.cell_offsets[index] : mesh.cell_offsets[index + 1]]
        corners = mesh.points[ids]
        volume = over_triangles(corners, weight)
        center = over_triangles(corners, lambda p: weight(p) * p) / volume
        plane = over_triangles(corners, lambda _: 1.0) if axisymmetric else 0.0
        cells.append(Cell(corners, volume, center, plane))
        for a, b in zip(ids, np.roll(ids, -1), strict=True):
            owners.setdefault(frozenset((int(a), int(b))), []).append((index, int(a), int(b)))
    names = {}
    for name, faces in mesh.patches.items():
        for face in faces:
            ends = mesh.face_points[mesh.face_offsets[face] : mesh.face_offsets[face + 1]]
            names[frozenset(int(end) for end in ends)] = name
    for key, sides in owners.items():
        for index, a, b in sides:
            edge = make_edge(mesh.points[a], mesh.points[b], axisymmetric)
            if len(sides) == 2:
                edge.neighbor = sides[1][0] if sides[0][0] == index else sides[0][0]
            else:
                edge.kind = kinds[names[key]]
                edge.outside = None if outside is None else outside(edge.center)
            cells[index].edges.append(edge)
    return cells


def make_edge(a: np.ndarray, b: np.ndarray, axisymmetric: bool) -> Edge:
    """An edge of a counterclockwise cell, from a to b; Simpson's rule is exact for its integrals."""
    length = np.hypot(*(b - a))
    normal = np.array([b[1] - a[1], a[0] - b[0]]) / length
    middle = 0.5 * (a + b)
    if not axisymmetric:
        return Edge(normal, length, middle)
    area = length * (a[1] + 4.0 * middle[1] + b[1]) / 6.0
    moment = length * (a[1] * a + 4.0 * middle[1] * middle + b[1] * b) / 6.0
    return Edge(normal, area, moment / area if area > 0.0 else middle)


def ghost(cell: Cell, edge: Edge, w: np.ndarray, friction: Friction = NO_FRICTION) -> np.ndarray:
    """State behind a boundary edge of a cell."""
    if edge.kind == "wall":
        return mirror(w, edge.normal)
    if edge.kind in IMPERMEABLE:
        return naive_viscous.ghost(
            edge.kind, w, edge.center - cell.center, edge.normal, edge.outside, friction
        )
    return w


def neighbors(cells: list[Cell], index: int) -> list[tuple[np.ndarray, int, Edge | None]]:
    """Offset, cell and wall of every value that a cell's gradient uses."""
    found, bare = [], []
    here = cells[index]
    for edge in here.edges:
        if edge.neighbor is not None:
            found.append((cells[edge.neighbor].center - here.center, edge.neighbor, None))
            bare.append(edge.neighbor)
        elif edge.kind in IMPERMEABLE:
            distance = (edge.center - here.center) @ edge.normal
            found.append((2.0 * distance * edge.normal, index, edge))
    rows = np.array([offset / np.hypot(*offset) for offset, _, _ in found])
    extents = np.linalg.svd(rows, compute_uv=False)
    if len(found) < LEAST_STENCIL or extents[1] < FLATTEST_STENCIL * extents[0]:
        beyond = {edge.neighbor for near in bare for edge in cells[near].edges} - {None, index, *bare}
        found += [(cells[other].center - here.center, other, None) for other in sorted(beyond)]
    return found


def gradient(
    cells: list[Cell], states: np.ndarray, index: int, friction: Friction = NO_FRICTION
) -> np.ndarray:
    """(5, 2) gradient of the primitive variables and of the temperature: least squares over the distance."""

    def with_temperature(w: np.ndarray) -> np.ndarray:
        return np.array([*w, w[3] / w[0]])

    rows, values = [], []
    for offset, other, wall in neighbors(cells, index):
        there = states[other] if wall is None else ghost(cells[index], wall, states[index], friction)
        distance = np.hypot(*offset)
        rows.append(offset / distance)
        values.append((with_temperature(there) - with_temperature(states[index])) / distance)
    solution, *_ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
    return solution.T


def seen_at_face(own, other, slopes, arm, reach, limiter: str, gamma: float) -> np.ndarray:
    """State of a cell at a face: density, velocity and pressure are limited by one factor each."""
    state = own.copy()
    noise = {0: own[0] ** 2, 1: gamma * own[3] / own[0], 3: own[3] ** 2}
    for first, last in ((0, 1), (1, 3), (3, 4)):
        jump = (other - own)[first:last]
        upwind = 2.0 * slopes[first:last] @ reach - jump
        factor = LIMITERS[limiter](upwind, jump, LIMITER_THRESHOLD**2 * noise[first])
        state[first:last] += factor * (slopes[first:last] @ arm)
    for scalar in (0, 3):
        state[scalar] = max(state[scalar], LEAST_FACE_FRACTION * own[scalar])
    return state


def flux_through(
    cells, states, slopes, index: int, edge: Edge, order: int, gamma: float, flux, limiter: str,
    friction: Friction = NO_FRICTION,
):  # fmt: skip
    """Convective flux out of a cell through one of its edges."""
    inside, arm = states[index], edge.center - cells[index].center
    if edge.neighbor is not None:
        j = edge.neighbor
        reach, beyond = cells[j].center - cells[index].center, states[j]
        if order == 2:
            back = edge.center - cells[j].center
            beyond = seen_at_face(states[j], states[index], slopes[j], back, -reach, limiter, gamma)
            inside = seen_at_face(states[index], states[j], slopes[index], arm, reach, limiter, gamma)
        return flux(inside, beyond, edge.normal, gamma)
    if order == 2:
        reach = 2.0 * (arm @ edge.normal) * edge.normal
        solid = edge.kind in IMPERMEABLE
        beyond = ghost(cells[index], edge, inside, friction)
        how = limiter if solid else "none"
        inside = seen_at_face(inside, beyond, slopes[index], arm, reach, how, gamma)
    return boundary(edge.kind, flux, inside, edge.normal, edge.outside, gamma)


def viscous_flux_through(
    cells, states, slopes, index: int, edge: Edge, order: int, gamma: float, friction: Friction,
    radius: float,
):  # fmt: skip
    """Viscous flux out of a cell through one of its edges; `radius` is 0 in the plane."""
    own = None if slopes[index] is None else slopes[index][[1, 2, 4]]
    own = np.zeros((3, 2)) if own is None else own
    arm = edge.center - cells[index].center
    if edge.neighbor is None:
        weight = 2.0 if order == 2 else 1.0
        return naive_viscous.at_boundary(
            edge.kind, states[index], own, arm, edge.normal, radius, edge.outside, friction, weight, gamma
        )
    j = edge.neighbor
    other = np.zeros((3, 2)) if slopes[j] is None else slopes[j][[1, 2, 4]]
    sides = [(states[index], own, arm), (states[j], other, edge.center - cells[j].center)]
    return naive_viscous.between(sides, edge.normal, radius, friction, gamma)


def residual(
    cells: list[Cell], conserved, order: int, gamma: float, flux="hllc", limiter="van_albada", only=None,
    friction: Friction = NO_FRICTION,
) -> np.ndarray:  # fmt: skip
    """Net outflow of every cell, or of the given cells; each edge is computed twice, once from each cell."""
    states = np.array([to_primitive(u, gamma) for u in conserved])
    slopes = [gradient(cells, states, i, friction) if order == 2 else None for i in range(len(cells))]
    out = np.zeros_like(conserved)
    for i in range(len(cells)) if only is None else only:
        cell = cells[i]
        for edge in cell.edges:
            how = (order, gamma, FLUXES[flux], limiter, friction)
            passed = flux_through(cells, states, slopes, i, edge, *how)
            radius = edge.center[1] if cell.plane_area > 0.0 else 0.0
            passed -= viscous_flux_through(cells, states, slopes, i, edge, order, gamma, friction, radius)
            out[i] += edge.area * passed
        out[i, 2] -= (states[i, 3] - hoop_stress(cell, states[i], slopes[i], friction)) * cell.plane_area
    return out


def hoop_stress(cell: Cell, w: np.ndarray, slopes, friction: Friction) -> float:
    """Stress around the axis in a cell; 0 in the plane."""
    if cell.plane_area == 0.0:
        return 0.0
    slope = np.zeros((2, 2)) if slopes is None else slopes[1:3]
    return naive_viscous.hoop(w[1:3], slope, cell.center[1], friction.at(w[3] / w[0]))


def scale_and_rate(
    cells: list[Cell], conserved: np.ndarray, gamma: float, friction: Friction = NO_FRICTION
) -> tuple[np.ndarray, np.ndarray]:
    """Scales of the unknowns and of the equations of each cell."""
    scales, rates = [], []
    for cell, u in zip(cells, conserved, strict=True):
        w = to_primitive(u, gamma)
        sound = np.sqrt(gamma * w[3] / w[0])
        momentum = w[0] * (np.hypot(*w[1:3]) + sound)
        scales.append([w[0], momentum, momentum, u[3]])
        spread = max(4.0 / 3.0, gamma / friction.prandtl) * friction.at(w[3] / w[0]) / w[0]
        rates.append(
            sum(
                e.area * (0.5 * (abs(w[1:3] @ e.normal) + sound) + spread / across(cells, cell, e))
                for e in cell.edges
            )
        )
    return np.array(scales), np.array(rates)


def across(cells: list[Cell], cell: Cell, edge: Edge) -> float:
    """Distance along the normal from a cell's center to the neighbor's, or twice that to the boundary."""
    if edge.neighbor is None:
        return 2.0 * float((edge.center - cell.center) @ edge.normal)
    return float((cells[edge.neighbor].center - cell.center) @ edge.normal)
