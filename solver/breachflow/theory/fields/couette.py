"""Shear flow of a compressible gas between two plates, heated by its own friction, with slip and jump.

Pressure and shear stress tau are the same everywhere, and so is u tau + k dT/dy, the flux of energy. With a
constant Prandtl number the temperature is then a parabola of the velocity, for any viscosity mu(T):

    T = a + b u - Pr u^2/(2 c_p),    y tau = integral of mu(T) du

(C. R. Illingworth, Proc. Cambridge Philos. Soc. 46 (1950) 469; H. Schlichting, Boundary-Layer Theory, chapter
on compressible layers). At the walls u and T jump by sigma l du/dn and zeta l dT/dn, l = mu sqrt(2 T)/p with
the gas at the wall.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.fields.viscous_gas import ViscousGas, WallSlip
from breachflow.theory.ranges import require_positive

NODES: Final = 801
"""Values of u at which the integral is tabulated; Simpson's rule and cubics err by 1e-11 of the speed."""

ITERATIONS: Final = 200
SETTLED: Final = 1e-14
"""Relative change of stress and heat at which the slip has been found."""


class Plates(NamedTuple):
    """A plate at rest at y = 0, of temperature 1, and a plate at y = 1 that slides along x; p = 1."""

    speed: float
    temperature: float
    """Of the plate that slides."""
    slip: WallSlip


class _Shear(NamedTuple):
    """The gas at both plates, and what passes from one to the other."""

    speeds: tuple[float, float]
    temperatures: tuple[float, float]
    stress: float
    energy: float
    """u tau + k dT/dy."""


def couette(y: Floats, plates: Plates, gas: ViscousGas) -> PlaneState:
    """The flow at y, 0 to 1, any shape. Raises OutOfRange unless the speed is positive, and for much slip.

    With constant viscosity and plates of equal temperature, T = 1 + Pr U^2/(8 c_p) in the middle:

    >>> gas, plates = ViscousGas(1.4, 0.1, 1.0, 0.0, 0.7), Plates(0.5, 1.0, WallSlip(0.0, 0.0))
    >>> middle = couette(np.full(1, 0.5), plates, gas)
    >>> float(middle.velocity_x[0].round(12)), float((1.0 / middle.density[0]).round(12))
    (0.25, 1.00625)
    """
    require_positive("speed of the plate", plates.speed)
    shear = _settled(plates, gas)
    u, height = _table(shear, gas)
    speed = _interpolated(y * shear.stress, height, u, 1.0 / gas.viscosity_at(_temperature(u, shear, gas)))
    one = np.ones_like(y)
    return PlaneState(one / _temperature(speed, shear, gas), speed, np.zeros_like(y), one)


def _settled(plates: Plates, gas: ViscousGas) -> _Shear:
    """Stress, energy and slip that belong together, from those without slip on."""
    shear = _Shear((0.0, plates.speed), (1.0, plates.temperature), 0.0, 0.0)
    for _ in range(ITERATIONS):
        stress, energy = _passed(shear, gas)
        change = abs(stress - shear.stress) + abs(energy - shear.energy)
        shear = _slipped(shear._replace(stress=stress, energy=energy), plates, gas)
        if change <= SETTLED * (abs(stress) + abs(energy)):
            return shear
        if min(shear.temperatures) <= 0.0 or shear.speeds[0] >= shear.speeds[1]:
            break
    raise OutOfRange("the gas slips so much that no shear flow was found: make the gap wider")


def _passed(shear: _Shear, gas: ViscousGas) -> tuple[float, float]:
    """tau, and u tau + k dT/dy, of the gas between given states at the plates."""
    stress = float(_table(shear, gas)[1][-1])
    return stress, stress * _slope(shear, gas) * gas.heat_capacity / gas.prandtl


def _slipped(shear: _Shear, plates: Plates, gas: ViscousGas) -> _Shear:
    """The gas at both plates; mu du/dy is tau, so that l du/dy is sqrt(2 T) tau."""
    speeds, temperatures = [], []
    walls = ((0.0, 1.0, 1.0), (plates.speed, plates.temperature, -1.0))
    for (speed, wall, side), found, old in zip(walls, shear.speeds, shear.temperatures, strict=True):
        path = side * np.sqrt(2.0 * old)
        heat = (shear.energy - found * shear.stress) * gas.prandtl / gas.heat_capacity
        speeds.append(speed + plates.slip.velocity * path * shear.stress)
        temperatures.append(wall + plates.slip.temperature * path * heat)
    return shear._replace(speeds=tuple(speeds), temperatures=tuple(temperatures))


def _slope(shear: _Shear, gas: ViscousGas) -> float:
    """b of T = a + b u - Pr u^2/(2 c_p)."""
    (first, last), (cold, warm) = shear.speeds, shear.temperatures
    heating = 0.5 * gas.prandtl / gas.heat_capacity
    return (warm - cold) / (last - first) + heating * (first + last)


def _temperature(u: Floats, shear: _Shear, gas: ViscousGas) -> Floats:
    """T at the speed u."""
    first, heating = shear.speeds[0], 0.5 * gas.prandtl / gas.heat_capacity
    rise = _slope(shear, gas) - heating * (u + first)
    return np.asarray(shear.temperatures[0] + rise * (u - first))


def _table(shear: _Shear, gas: ViscousGas) -> tuple[Floats, Floats]:
    """Speeds (NODES,) from plate to plate, and y tau there, by Simpson's rule."""
    u = np.linspace(*shear.speeds, NODES)
    half = 0.5 * (u[1:] + u[:-1])
    at_nodes, between = (gas.viscosity_at(_temperature(speed, shear, gas)) for speed in (u, half))
    parts = (at_nodes[1:] + 4.0 * between + at_nodes[:-1]) * np.diff(u) / 6.0
    return u, np.concatenate([[0.0], np.cumsum(parts)])


def _interpolated(place: Floats, nodes: Floats, values: Floats, slopes: Floats) -> Floats:
    """Cubics through values and slopes at increasing nodes."""
    piece = np.clip(np.searchsorted(nodes, place) - 1, 0, len(nodes) - 2)
    width = nodes[piece + 1] - nodes[piece]
    s = (place - nodes[piece]) / width
    ends = values[piece] * (1.0 + 2.0 * s) * (1.0 - s) ** 2 + values[piece + 1] * s * s * (3.0 - 2.0 * s)
    return np.asarray(ends + width * s * (1.0 - s) * (slopes[piece] * (1.0 - s) - slopes[piece + 1] * s))
