"""A manufactured solution: smooth waves, chosen freely, and the sources that hold them steady.

P. J. Roache, "Code verification by the method of manufactured solutions", J. Fluids Eng. 124 (2002) 4.
It is no flow of a gas: it makes every term of the equations matter at once, at any angle to the mesh. With
X = pi x and Y = pi y, in units in which the mean density and pressure are 1,

    rho = 1 + 0.15 sin(X + 0.3) cos(Y),    u = 0.6 + 0.2 cos(X + 0.5) cos(Y),
    p   = 1 + 0.20 cos(X - 0.4) cos(Y),    v = 0.3 sin(Y) sin(X + 0.7).

Density, pressure and u are even in y and v is odd: the line y = 0 may be an axis or a plane of symmetry.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.theory.ranges import require_gamma


class Wave(NamedTuple):
    """A field with its derivatives, arrays of one shape."""

    value: Floats
    by_x: Floats
    by_y: Floats

    def __mul__(self, other: object) -> Wave:
        """The product rule."""
        assert isinstance(other, Wave)
        return Wave(
            self.value * other.value,
            self.by_x * other.value + self.value * other.by_x,
            self.by_y * other.value + self.value * other.by_y,
        )

    def __add__(self, other: object) -> Wave:
        """The sum of two fields."""
        assert isinstance(other, Wave)
        return Wave(self.value + other.value, self.by_x + other.by_x, self.by_y + other.by_y)

    def scaled(self, factor: float) -> Wave:
        """The field times a number."""
        return Wave(factor * self.value, factor * self.by_x, factor * self.by_y)


class Waves(NamedTuple):
    """Density, velocity and pressure, dimensionless."""

    density: Wave
    velocity_x: Wave
    velocity_y: Wave
    pressure: Wave


class Sources(NamedTuple):
    """Sources of mass, momentum and energy per volume and time, arrays of one shape."""

    mass: Floats
    momentum_x: Floats
    momentum_y: Floats
    energy: Floats


def manufactured_waves(x: Floats, y: Floats) -> Waves:
    """The fields at x, y (any shape), lengths in half wavelengths; valid everywhere.

    >>> waves = manufactured_waves(np.zeros(1), np.zeros(1))
    >>> [round(float(wave.value[0]), 6) for wave in waves]  # sin 0.3, cos 0.5, 0, cos 0.4
    [1.044328, 0.775517, 0.0, 1.184212]
    """
    across, up, down = np.pi * x, np.cos(np.pi * y), np.sin(np.pi * y)

    def even(mean: float, size: float, phase: float) -> Wave:
        wave = size * np.cos(across + phase)
        return Wave(mean + wave * up, -np.pi * size * np.sin(across + phase) * up, -np.pi * wave * down)

    sine = np.sin(across + 0.7)
    velocity_y = Wave(0.3 * down * sine, 0.3 * np.pi * down * np.cos(across + 0.7), 0.3 * np.pi * up * sine)
    return Waves(even(1.0, 0.15, 0.3 - 0.5 * np.pi), even(0.6, 0.2, 0.5), velocity_y, even(1.0, 0.2, -0.4))


def manufactured_sources(x: Floats, y: Floats, gamma: float, axisymmetric: bool) -> Sources:
    """div F(waves), the sources that hold them steady, in the shape of x and y; axisymmetric: y > 0.

    Euler equations in x and y, axisymmetric with the terms in v/y; E = p/(gamma-1) + rho (u^2 + v^2)/2.
    Raises OutOfRange unless 1 < gamma <= 5/3.

    The planar mass source is a divergence of waves, so its mean over a wavelength is zero:

    >>> line = (np.arange(16) + 0.5) / 8.0
    >>> x, y = np.meshgrid(line, line)
    >>> bool(abs(manufactured_sources(x, y, 1.4, False).mass.mean()) < 1e-14)
    True
    """
    require_gamma(gamma)
    density, u, v, pressure = manufactured_waves(x, y)
    energy = pressure.scaled(1.0 / (gamma - 1.0)) + (density * (u * u + v * v)).scaled(0.5)
    mass = (density * u, density * v)
    enthalpy = energy + pressure
    fluxes = (mass, (mass[0] * u, mass[0] * v), (mass[1] * u, mass[1] * v), (enthalpy * u, enthalpy * v))
    radial = np.broadcast_to(1.0 / y if axisymmetric else 0.0, x.shape)
    push = (np.zeros_like(x), pressure.by_x, pressure.by_y, np.zeros_like(x))
    return Sources(
        *(along.by_x + up.by_y + up.value * radial + p for (along, up), p in zip(fluxes, push, strict=True))
    )
