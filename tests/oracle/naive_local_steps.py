"""Slow, plain reference of local time steps: at every substep each cell is asked whether its step begins.

Both cells of an edge accumulate its fluxes separately; nothing is listed or sorted.
"""

from __future__ import annotations

from math import floor, log2

import naive
import numpy as np
from naive_physics import FLUXES, IMPERMEABLE, boundary, to_primitive
from naive_viscous import NO_FRICTION, Friction

LEAST_FRACTION = 0.1


class Cycle:
    """Advance all cells by 2^top substeps."""

    def __init__(
        self, cells: list[naive.Cell], conserved: np.ndarray, cfl: float, top: int, gamma: float,
        friction: Friction = NO_FRICTION,
    ):  # fmt: skip
        self.friction, self.slopes = friction, [np.zeros((5, 2))] * len(cells)
        self.cells, self.conserved, self.cfl, self.top, self.gamma = cells, conserved.copy(), cfl, top, gamma
        self.n = len(cells)
        self.states = np.array([to_primitive(u, gamma) for u in conserved])
        self.rates = np.zeros_like(self.states)
        self.begun, self.levels = [0] * self.n, [top] * self.n
        self.stable = [0.0] * self.n
        self.sides = [[np.zeros(4) for _ in cell.edges] for cell in cells]
        self.account = [[np.zeros(4) for _ in cell.edges] for cell in cells]
        self.levels_seen: set[int] = set()
        self.stable_now()

    def run(self, duration: float) -> np.ndarray:
        self.substep = duration / 2**self.top
        for now in range(2**self.top + 1):
            turn = [i for i in range(self.n) if now % 2 ** self.levels[i] == 0]
            if now > 0:
                for i in turn:
                    self.end(i, now)
            if now < 2**self.top:
                self.begin(turn, now)
        return self.conserved

    def begin(self, turn: list[int], now: int) -> None:
        there = np.array([self.moved(i, self.states[i], now) for i in range(self.n)])
        for i in turn:
            self.reconstruct(i, there)
        self.choose_levels(turn, now)
        changes = {i: self.outflow_now(i, now) / self.cells[i].volume for i in turn}
        for i in turn:
            self.rates[i] = rate(self.states[i], -changes[i], 0.5 * self.step(i), self.gamma)
        for i in turn:
            for k, edge in enumerate(self.cells[i].edges):
                self.pass_once(i, k, edge, now)

    def stable_now(self) -> list[float]:
        """Longest stable steps in a state in which all cells are at the same time."""
        for i in range(self.n):
            self.reconstruct(i, self.states)
        return self.stable

    def step(self, i: int) -> float:
        return 2 ** self.levels[i] * self.substep

    def moved(self, i: int, state: np.ndarray, now: float) -> np.ndarray:
        later = state + (now - self.begun[i]) * self.substep * self.rates[i]
        return np.array(
            [max(later[0], LEAST_FRACTION * state[0]), *later[1:3], max(later[3], LEAST_FRACTION * state[3])]
        )

    def reconstruct(self, i: int, there: np.ndarray) -> None:
        cell, own = self.cells[i], there[i]
        slopes = self.slopes[i] = naive.gradient(self.cells, there, i, self.friction)
        crossing = 0.0
        for k, edge in enumerate(cell.edges):
            arm = edge.center - cell.center
            if edge.neighbor is not None:
                other, reach, how = (
                    there[edge.neighbor],
                    self.cells[edge.neighbor].center - cell.center,
                    "van_albada",
                )
            else:
                other = naive.ghost(cell, edge, own, self.friction)
                how = "van_albada" if edge.kind in IMPERMEABLE else "none"
                reach = 2.0 * (arm @ edge.normal) * edge.normal
            self.sides[i][k] = naive.seen_at_face(own, other, slopes, arm, reach, how, self.gamma)
            crossing += 0.5 * edge.area * max(self.speed(own, edge.normal), self.speed(other, edge.normal))
            spread = max(self.spread(own), self.spread(other))
            crossing += spread * edge.area / naive.across(self.cells, cell, edge)
        self.stable[i] = self.cfl * cell.volume / crossing

    def spread(self, w: np.ndarray) -> float:
        """The larger of the diffusivities of momentum and heat."""
        friction = self.friction
        return max(4.0 / 3.0, self.gamma / friction.prandtl) * friction.at(w[3] / w[0]) / w[0]

    def speed(self, w: np.ndarray, normal: np.ndarray) -> float:
        return abs(w[1:3] @ normal) + np.sqrt(self.gamma * w[3] / w[0])

    def choose_levels(self, turn: list[int], now: int) -> None:
        """Step levels that may begin now: stable, and at most one above those of the neighbors."""
        highest = max(k for k in range(self.top + 1) if now % 2**k == 0)
        wanted = {i: min(max(floor(log2(self.stable[i] / self.substep)), 0), highest) for i in turn}
        for _ in range(self.n):
            for i in turn:
                near = [wanted[e.neighbor] + 1 for e in self.cells[i].edges if e.neighbor in wanted]
                wanted[i] = min([wanted[i], *near])
        for i in turn:
            self.levels[i] = wanted[i]
            self.levels_seen.add(wanted[i])

    def flux(self, i: int, k: int, edge: naive.Edge, time: float) -> np.ndarray:
        inside = self.moved(i, self.sides[i][k], time)
        friction = self.viscous_flux(i, edge, time)
        if edge.neighbor is None:
            how = (edge.normal, edge.outside, self.gamma)
            return edge.area * (boundary(edge.kind, FLUXES["hllc"], inside, *how) - friction)
        j, m = self.mate(i, edge)
        beyond = self.moved(j, self.sides[j][m], time)
        return edge.area * (FLUXES["hllc"](inside, beyond, edge.normal, self.gamma) - friction)

    def viscous_flux(self, i: int, edge: naive.Edge, time: float) -> np.ndarray:
        """From the cells at this time, with the gradients of their steps' beginnings."""
        states = {k: self.moved(k, self.states[k], time) for k in (i, edge.neighbor) if k is not None}
        radius = edge.center[1] if self.cells[i].plane_area > 0.0 else 0.0
        how = (2, self.gamma, self.friction, radius)
        return naive.viscous_flux_through(self.cells, states, self.slopes, i, edge, *how)

    def mate(self, i: int, edge: naive.Edge) -> tuple[int, int]:
        """The same edge, seen from the neighbor."""
        j = edge.neighbor
        assert j is not None
        return j, next(m for m, other in enumerate(self.cells[j].edges) if other.neighbor == i)

    def outflow_now(self, i: int, now: int) -> np.ndarray:
        total = sum(self.flux(i, k, edge, now) for k, edge in enumerate(self.cells[i].edges))
        total[2] -= (self.states[i, 3] - self.hoop(i, self.states[i])) * self.cells[i].plane_area
        return total

    def hoop(self, i: int, w: np.ndarray) -> float:
        """Stress around the axis, with the gradient and the viscosity of the step's beginning."""
        begun = naive.hoop_stress(self.cells[i], self.states[i], self.slopes[i], self.friction)
        if begun == 0.0:
            return 0.0
        now = np.array([self.states[i, 0], *w[1:3], self.states[i, 3]])
        return naive.hoop_stress(self.cells[i], now, self.slopes[i], self.friction)

    def pass_once(self, i: int, k: int, edge: naive.Edge, now: int) -> None:
        """Add the flux in the middle of the finer cell's step to the sums of both cells."""
        if edge.neighbor is None:
            self.account[i][k] = self.step(i) * self.flux(i, k, edge, now + 0.5 * 2 ** self.levels[i])
            return
        j, m = self.mate(i, edge)
        if self.levels[i] < self.levels[j] or (self.levels[i] == self.levels[j] and i < j):
            passed = self.step(i) * self.flux(i, k, edge, now + 0.5 * 2 ** self.levels[i])
            self.account[i][k] = self.account[i][k] + passed
            self.account[j][m] = self.account[j][m] - passed

    def end(self, i: int, now: int) -> None:
        cell, step = self.cells[i], self.step(i)
        lost = sum(self.account[i])
        halfway = self.states[i] + 0.5 * step * self.rates[i]
        lost[2] -= step * (halfway[3] - self.hoop(i, halfway)) * cell.plane_area
        self.account[i] = [np.zeros(4) for _ in cell.edges]
        self.conserved[i] -= lost / cell.volume
        self.states[i] = to_primitive(self.conserved[i], self.gamma)
        self.begun[i] = now


def rate(w: np.ndarray, change: np.ndarray, halfway: float, gamma: float) -> np.ndarray:
    """Rate of density, velocity and pressure where the conserved state changes at the given rate.

    Newton's law with the gas there is halfway if that is more than now, and the energy lost in mixing it in.
    """
    velocity, gain = w[1:3], max(0.0, halfway * change[0])
    force = change[1:3] - change[0] * velocity
    acceleration = force / (w[0] + gain)
    kinetic = velocity @ change[1:3] - 0.5 * change[0] * velocity @ velocity
    mixing = 0.5 * halfway * force @ acceleration * gain / (w[0] + gain)
    found = np.array([change[0], *acceleration, (gamma - 1.0) * (change[3] - kinetic - mixing)])
    loss = max(-halfway * found[0] / w[0], -halfway * found[3] / w[3])
    most = 0.5 * (1.0 - LEAST_FRACTION)
    return found * (most / loss if loss > most else 1.0)
