"""Slow, plain reference loops. They share nothing with the program but the points and corners of a mesh.

Everything follows from its textbook definition: polygons cut into triangles with Gauss points, gradients
from `numpy.linalg.lstsq`, HLLC with all four of its regions (Toro 2009, section 10.4), walls and
reservoirs by bracketing, the factorization as dense loops over the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

LIMITER_NOISE, LEAST_FACE_SHARE, FLATTEST_STENCIL, LEAST_STENCIL = 0.1, 0.1, 1e-3, 4
IMPERMEABLE = ("wall", "symmetry", "axis")


@dataclass
class Cell:
    corners: np.ndarray
    volume: float
    center: np.ndarray
    plane_area: float
    edges: list[Edge] = field(default_factory=list)


@dataclass
class Edge:
    """One cell's view of one of its edges."""

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
    """Cells with their edges, from points and corners alone; `outside(center)` is the state beyond."""
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


def to_primitive(u: np.ndarray, gamma: float) -> np.ndarray:
    velocity = u[1:3] / u[0]
    return np.array([u[0], *velocity, (gamma - 1.0) * (u[3] - 0.5 * u[0] * velocity @ velocity)])


def to_conserved(w: np.ndarray, gamma: float) -> np.ndarray:
    rho, velocity, p = w[0], w[1:3], w[3]
    return np.array([rho, *(rho * velocity), p / (gamma - 1.0) + 0.5 * rho * velocity @ velocity])


def euler(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    rho, velocity, p = w[0], w[1:3], w[3]
    speed, energy = velocity @ n, to_conserved(w, gamma)[3]
    return np.array([rho * speed, *(rho * speed * velocity + p * n), speed * (energy + p)])


def mirror(w: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.array([w[0], *(w[1:3] - 2.0 * (w[1:3] @ n) * n), w[3]])


def star_of_hllc(w: np.ndarray, n: np.ndarray, s: float, s_star: float, gamma: float) -> np.ndarray:
    """U*_K (Toro 2009, equation 10.39)."""
    rho, velocity, p = w[0], w[1:3], w[3]
    u = velocity @ n
    energy = to_conserved(w, gamma)[3]
    factor = rho * (s - u) / (s - s_star)
    tangential = velocity - u * n
    inner = energy / rho + (s_star - u) * (s_star + p / (rho * (s - u)))
    return factor * np.array([1.0, *(s_star * n + tangential), inner])


def hllc(left: np.ndarray, right: np.ndarray, n: np.ndarray, gamma: float, speeds) -> np.ndarray:
    """Toro's four regions (equation 10.26); `speeds` gives S_L and S_R."""
    s_left, s_right = speeds(left, right, n, gamma)
    (rl, ul, pl), (rr, ur, pr) = ((w[0], w[1:3] @ n, w[3]) for w in (left, right))
    numerator = pr - pl + rl * ul * (s_left - ul) - rr * ur * (s_right - ur)  # equation 10.37
    s_star = numerator / (rl * (s_left - ul) - rr * (s_right - ur))
    if s_left >= 0.0:
        return euler(left, n, gamma)
    if s_right <= 0.0:
        return euler(right, n, gamma)
    side, s = (left, s_left) if s_star >= 0.0 else (right, s_right)
    star = star_of_hllc(side, n, s, s_star, gamma)
    return euler(side, n, gamma) + s * (star - to_conserved(side, gamma))


def einfeldt_speeds(left, right, n, gamma: float, share: float | None = None) -> tuple[float, float]:
    """Bounds of the waves (Toro 2009, equations 10.52 to 10.54; share 1/2 there, (gamma-1)/2 is Roe's)."""
    share = 0.5 if share is None else share
    (rl, ul, pl), (rr, ur, pr) = ((w[0], w[1:3] @ n, w[3]) for w in (left, right))
    al, ar = np.sqrt(gamma * pl / rl), np.sqrt(gamma * pr / rr)
    a, b = np.sqrt(rl), np.sqrt(rr)
    mean = (a * ul + b * ur) / (a + b)
    d = np.sqrt((a * al**2 + b * ar**2) / (a + b) + share * a * b / (a + b) ** 2 * (ur - ul) ** 2)
    return min(ul - al, mean - d), max(ur + ar, mean + d)


def roe_speeds(left, right, n, gamma: float) -> tuple[float, float]:
    return einfeldt_speeds(left, right, n, gamma, 0.5 * (gamma - 1.0))


def wall(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """Pressure at which the wave into the gas brings it to rest: root of Toro's f (equation 4.6)."""
    rho, u, p0 = w[0], w[1:3] @ n, w[3]
    sound = np.sqrt(gamma * p0 / rho)

    def f(p: float) -> float:
        if p > p0:
            shock = np.sqrt(2.0 / ((gamma + 1.0) * rho) / (p + (gamma - 1.0) / (gamma + 1.0) * p0))
            return (p - p0) * shock - u
        return 2.0 * sound / (gamma - 1.0) * ((p / p0) ** ((gamma - 1.0) / (2.0 * gamma)) - 1.0) - u

    pressure = brentq(f, 1e-12 * p0, 1e3 * p0, xtol=1e-15, rtol=1e-15) if f(1e-12 * p0) < 0.0 else 0.0
    return np.array([0.0, *(pressure * n), 0.0])


def vacuum(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """The fan into vacuum at x/t = 0 (Toro 2009, equation 4.77)."""
    rho, u, p = w[0], w[1:3] @ n, w[3]
    a = np.sqrt(gamma * p / rho)
    if u - a >= 0.0:
        return euler(w, n, gamma)
    if u + 2.0 * a / (gamma - 1.0) <= 0.0:
        return np.zeros(4)
    ratio = 2.0 / (gamma + 1.0) + (gamma - 1.0) / (gamma + 1.0) * u / a
    density, pressure = rho * ratio ** (2.0 / (gamma - 1.0)), p * ratio ** (2.0 * gamma / (gamma - 1.0))
    velocity = w[1:3] + (a * ratio - u) * n
    return euler(np.array([density, *velocity, pressure]), n, gamma)


def flux_at(edge: Edge, inside: np.ndarray, other: np.ndarray | None, gamma: float, speeds) -> np.ndarray:
    if edge.neighbor is not None:
        return hllc(inside, other, edge.normal, gamma, speeds)
    if edge.kind in IMPERMEABLE:
        return wall(inside, edge.normal, gamma)
    if edge.kind == "vacuum":
        return vacuum(inside, edge.normal, gamma)
    if edge.kind == "extrapolate":
        return euler(inside, edge.normal, gamma)
    return hllc(inside, edge.outside, edge.normal, gamma, speeds)


def neighbors(cells: list[Cell], index: int) -> list[tuple[np.ndarray, int, np.ndarray | None]]:
    """Offset, cell and mirror normal of all whose values give a cell's gradient."""
    found, bare = [], []
    here = cells[index]
    for edge in here.edges:
        if edge.neighbor is not None:
            found.append((cells[edge.neighbor].center - here.center, edge.neighbor, None))
            bare.append(edge.neighbor)
        elif edge.kind in IMPERMEABLE:
            distance = (edge.center - here.center) @ edge.normal
            found.append((2.0 * distance * edge.normal, index, edge.normal))
    rows = np.array([offset / np.hypot(*offset) for offset, _, _ in found])
    extents = np.linalg.svd(rows, compute_uv=False)
    if len(found) < LEAST_STENCIL or extents[1] < FLATTEST_STENCIL * extents[0]:
        beyond = {edge.neighbor for near in bare for edge in cells[near].edges} - {None, index, *bare}
        found += [(cells[other].center - here.center, other, None) for other in sorted(beyond)]
    return found


def gradient(cells: list[Cell], states: np.ndarray, index: int) -> np.ndarray:
    """(4, 2) gradient of the primitive variables: least squares with rows divided by the distance."""
    rows, values = [], []
    for offset, other, normal in neighbors(cells, index):
        there = states[other] if normal is None else mirror(states[other], normal)
        distance = np.hypot(*offset)
        rows.append(offset / distance)
        values.append((there - states[index]) / distance)
    solution, *_ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
    return solution.T


def van_albada(a: np.ndarray, b: np.ndarray, noise: float) -> float:
    return max(2.0 * a @ b + noise, 0.0) / (a @ a + b @ b + noise)


def seen_at_face(own, other, slopes, arm, reach, limited: bool, gamma: float) -> np.ndarray:
    """A cell's state at a face: density, velocity and pressure each with one factor."""
    state = own.copy()
    noise = {0: own[0] ** 2, 1: gamma * own[3] / own[0], 3: own[3] ** 2}
    for first, last in ((0, 1), (1, 3), (3, 4)):
        jump = (other - own)[first:last]
        upwind = 2.0 * slopes[first:last] @ reach - jump
        factor = van_albada(upwind, jump, LIMITER_NOISE**2 * noise[first]) if limited else 1.0
        state[first:last] += factor * (slopes[first:last] @ arm)
    for scalar in (0, 3):
        state[scalar] = max(state[scalar], LEAST_FACE_SHARE * own[scalar])
    return state


def residual(cells: list[Cell], conserved: np.ndarray, order: int, gamma: float, speeds) -> np.ndarray:
    """Net outflow of every cell, each edge worked out twice, once from each side."""
    states = np.array([to_primitive(u, gamma) for u in conserved])
    slopes = [gradient(cells, states, i) if order == 2 else np.zeros((4, 2)) for i in range(len(cells))]
    out = np.zeros_like(conserved)
    for i, cell in enumerate(cells):
        for edge in cell.edges:
            inside, beyond = states[i], None
            arm = edge.center - cell.center
            if edge.neighbor is not None:
                j = edge.neighbor
                reach = cells[j].center - cell.center
                beyond = states[j]
                if order == 2:
                    back = edge.center - cells[j].center
                    beyond = seen_at_face(states[j], states[i], slopes[j], back, -reach, True, gamma)
                    inside = seen_at_face(states[i], states[j], slopes[i], arm, reach, True, gamma)
            elif order == 2:
                reach = 2.0 * (arm @ edge.normal) * edge.normal
                solid = edge.kind in IMPERMEABLE
                ghost = mirror(states[i], edge.normal) if solid else states[i]
                inside = seen_at_face(states[i], ghost, slopes[i], arm, reach, solid, gamma)
            out[i] += edge.area * flux_at(edge, inside, beyond, gamma, speeds)
        out[i, 2] -= states[i, 3] * cell.plane_area
    return out


def scale_and_rate(cells: list[Cell], conserved: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """What unknowns and equations of each cell are measured by."""
    scales, rates = [], []
    for cell, u in zip(cells, conserved, strict=True):
        w = to_primitive(u, gamma)
        sound = np.sqrt(gamma * w[3] / w[0])
        momentum = w[0] * (np.hypot(*w[1:3]) + sound)
        scales.append([w[0], momentum, momentum, u[3]])
        rates.append(sum(0.5 * e.area * (abs(w[1:3] @ e.normal) + sound) for e in cell.edges))
    return np.array(scales), np.array(rates)


def block_ilu(matrix: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """ILU(0) in its IKJ form (Saad 2003, algorithm 10.4) on a dense array (n, n, k, k) of blocks."""
    a = matrix.copy()
    n = len(a)
    for i in range(1, n):
        for k in range(i):
            if not pattern[i, k]:
                continue
            a[i, k] = a[i, k] @ np.linalg.inv(a[k, k])
            for j in range(k + 1, n):
                if pattern[i, j] and pattern[k, j]:
                    a[i, j] -= a[i, k] @ a[k, j]
    return a


def triangles(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Dense L (unit diagonal) and U of the factors."""
    n, _, k, _ = factors.shape
    lower, upper = np.eye(n * k), np.zeros((n * k, n * k))
    for i in range(n):
        for j in range(n):
            target = lower if j < i else upper
            target[i * k : i * k + k, j * k : j * k + k] = factors[i, j]
    return lower, upper
