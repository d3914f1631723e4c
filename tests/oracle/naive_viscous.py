"""Slow, plain reference of friction and heat conduction: tensors as matrices, walls by solving two equations.

Everything is written from the definitions: Newton's law of friction, Fourier's law, slip and jump as linear
conditions on the derivative along the normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST_JUMP, LEAST_GHOST = 0.2, 0.1


@dataclass
class Friction:
    """Viscosity mu = viscosity T^exponent (1 + S)/(T + S), Prandtl number, and slip and jump of all walls."""

    viscosity: float = 0.0
    exponent: float = 1.5
    sutherland: float = 0.0
    prandtl: float = 1.0
    slip: float = 0.0
    jump: float = 0.0

    def at(self, temperature: float) -> float:
        ratio = (1.0 + self.sutherland) / (temperature + self.sutherland)
        return self.viscosity * temperature**self.exponent * ratio

    def conductivity(self, viscosity: float, gamma: float) -> float:
        return viscosity * gamma / (gamma - 1.0) / self.prandtl


NO_FRICTION = Friction()


def stress(gradient: np.ndarray, radial: float, viscosity: float) -> np.ndarray:
    """Stress tensor; `gradient[i, j]` is du_i/dx_j and `radial` is v/r."""
    divergence = np.trace(gradient) + radial
    return viscosity * (gradient + gradient.T - 2.0 / 3.0 * divergence * np.eye(2))


def hoop(velocity: np.ndarray, gradient: np.ndarray, radius: float, viscosity: float) -> float:
    """Stress around the axis."""
    return viscosity * (2.0 * velocity[1] / radius - 2.0 / 3.0 * (np.trace(gradient) + velocity[1] / radius))


def temperature(w: np.ndarray) -> float:
    return w[3] / w[0]


def between(sides, normal: np.ndarray, radius: float, friction: Friction, gamma: float) -> np.ndarray:
    """Viscous flux between two cells, each (state, slopes of u, v and T (3, 2), arm to the face)."""
    reached, slopes, viscosities, arms = [], [], [], []
    for w, slope, arm in sides:
        center = np.array([*w[1:3], temperature(w)])
        reached.append(center + slope @ arm)
        slopes.append(slope)
        viscosities.append(friction.at(temperature(w)))
        arms.append(arm)
    distance = (arms[0] - arms[1]) @ normal
    gradient = 0.5 * (slopes[0] + slopes[1]) + np.outer(reached[1] - reached[0], normal) / distance
    velocity = 0.5 * (reached[0] + reached[1])[:2]
    viscosity = 0.5 * sum(viscosities)
    radial = velocity[1] / radius if radius > 0.0 else 0.0
    traction = stress(gradient[:2], radial, viscosity) @ normal
    heat = friction.conductivity(viscosity, gamma) * gradient[2] @ normal
    return np.array([0.0, *traction, velocity @ traction + heat])


@dataclass
class AtWall:
    """Gas right at a wall, and its derivative along the normal."""

    values: np.ndarray
    """Velocity and temperature."""
    normal_slope: np.ndarray


def at_wall(w, slope, arm, normal, wall: np.ndarray, friction: Friction, weight: float) -> AtWall:
    """Solve value = wall - length dvalue/dn with the one-sided derivative, for u, v and T (`wall` (3,))."""
    distance = arm @ normal
    own = slope @ normal
    cell = np.array([*w[1:3], temperature(w)])
    foot = cell + slope @ (arm - distance * normal)
    cold, warm = LEAST_JUMP * temperature(w), temperature(w) / LEAST_JUMP
    beside = np.clip(temperature(w) + slope[2] @ arm, cold, warm)
    path = friction.at(beside) * np.sqrt(2.0 * beside) / w[3]

    def solved(length: float) -> np.ndarray:
        # value = wall - length ((1 - a) own + a (value - foot)/distance)
        left = 1.0 + weight * length / distance
        return (wall - length * ((1.0 - weight) * own - weight * foot / distance)) / left

    stuck, slipping, jumping = solved(0.0), solved(friction.slip * path), solved(friction.jump * path)
    change = (slipping - stuck)[:2]
    velocity = stuck[:2] + change - (change @ normal) * normal
    reached = max(jumping[2], LEAST_JUMP * min(temperature(w), wall[2]))
    values = np.array([*velocity, reached])
    return AtWall(values, (1.0 - weight) * own + weight * (values - foot) / distance)


def at_boundary(
    kind, w, slope, arm, normal, radius: float, outside, friction: Friction, weight: float, gamma: float
) -> np.ndarray:
    """Viscous flux out of the gas through a boundary edge."""
    if kind not in ("wall", "isothermal_wall", "adiabatic_wall", "riemann"):
        return np.zeros(4)
    insulated = kind in ("wall", "adiabatic_wall")
    wall = np.array([*outside[1:3], temperature(w) if insulated else temperature(outside)])
    how = Friction(**{**vars(friction), **({"jump": 0.0} if insulated else {})})
    found = at_wall(w, slope, arm, normal, wall, how, weight)
    gradient = slope + np.outer(found.normal_slope - slope @ normal, normal)
    viscosity = friction.at(found.values[2])
    radial = found.values[1] / radius if radius > 0.0 else 0.0
    traction = stress(gradient[:2], radial, viscosity) @ normal
    if kind == "wall":
        traction = (traction @ normal) * normal
    if insulated:
        return np.array([0.0, *traction, outside[1:3] @ traction])
    heat = friction.conductivity(viscosity, gamma) * found.normal_slope[2]
    return np.array([0.0, *traction, found.values[:2] @ traction + heat])


def ghost(kind, w, arm, normal, outside, friction: Friction) -> np.ndarray:
    """State behind a wall with friction: the cell's, reflected about the gas at the wall."""
    insulated = kind == "adiabatic_wall"
    wall = np.array([*outside[1:3], temperature(w) if insulated else temperature(outside)])
    how = Friction(**{**vars(friction), **({"jump": 0.0} if insulated else {})})
    values = at_wall(w, np.zeros((3, 2)), arm, normal, wall, how, 1.0).values
    beyond = max(2.0 * values[2] - temperature(w), LEAST_GHOST * temperature(w))
    return np.array([w[3] / beyond, *(2.0 * values[:2] - w[1:3]), w[3]])
