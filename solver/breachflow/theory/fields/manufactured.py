"""A manufactured solution: smooth waves, chosen freely, and the sources that hold them steady.

P. J. Roache, "Code verification by the method of manufactured solutions", J. Fluids Eng. 124 (2002) 4.
It is no flow of a gas: it makes every term of the equations matter at once, at any angle to the mesh. With
X = pi x and Y = pi y, in units in which the mean density and pressure are 1,

    rho = 1 + 0.15 sin(X + 0.3) cos(Y),    u = 0.6 + 0.2 cos(X + 0.5) cos(Y),
    p   = 1 + 0.20 cos(X - 0.4) cos(Y),    v = 0.3 sin(Y) sin(X + 0.7).

Density, pressure and u are even in y and v is odd: the line y = 0 may be an axis or a plane of symmetry. The
same waves serve with friction and heat conduction, for which the sources are others.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.theory.fields.viscous_gas import ViscousGas
from breachflow.theory.fields.waves import Ripple, Wave
from breachflow.theory.ranges import require_gamma

_QUARTER: Final = 0.5 * np.pi

_DENSITY: Final = Ripple(1.0, 0.15, 0.3 - _QUARTER, 0.0)
_VELOCITY_X: Final = Ripple(0.6, 0.2, 0.5, 0.0)
_VELOCITY_Y: Final = Ripple(0.0, 0.3, 0.7 - _QUARTER, -_QUARTER)
_PRESSURE: Final = Ripple(1.0, 0.2, -0.4, 0.0)


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
    return Waves(*(ripple.at(x, y) for ripple in (_DENSITY, _VELOCITY_X, _VELOCITY_Y, _PRESSURE)))


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


def manufactured_friction(x: Floats, y: Floats, gas: ViscousGas, axisymmetric: bool) -> Sources:
    """-div F_v(waves), to be added to `manufactured_sources` of a viscous gas; axisymmetric: y > 0.

    F_v = (0, tau n, u . tau n + k dT/dn) with tau = mu (grad u + grad u^T - 2/3 div u I), div u with v/y
    about an axis, where the radial momentum also has tau_phi-phi/y; k = mu c_p/Pr, T = p/rho (Newtonian gas,
    Stokes' hypothesis, Fourier's law). The viscosity is in units of the mean density, the root of mean
    pressure over density, and half a wavelength.

    Friction alone adds no momentum to a planar stream over a wavelength:

    >>> line = (np.arange(16) + 0.5) / 8.0
    >>> x, y = np.meshgrid(line, line)
    >>> found = manufactured_friction(x, y, ViscousGas(1.4, 0.05, 1.5, 0.4, 0.72), False)
    >>> bool(abs(found.momentum_x.mean()) < 1e-14)
    True
    """
    _, u, v, _ = manufactured_waves(x, y)
    radius = Wave(y, np.zeros_like(y), np.ones_like(y))
    inverse = radius.power(-1.0) if axisymmetric else radius.scaled(0.0)
    mu = _viscosity(_temperature(x, y), gas)
    along, up, shear, around = _stresses(x, y, mu, v * inverse)
    conductivity = mu.scaled(gas.heat_capacity / gas.prandtl)
    heat = [conductivity * slope for slope in _temperature_slopes(x, y)]
    work = (u * along + v * shear + heat[0], u * shear + v * up + heat[1])
    gained = [
        in_x.by_x + in_y.by_y + (in_y * inverse).value for in_x, in_y in ((along, shear), (shear, up), work)
    ]
    hoop = (around * inverse).value
    return Sources(np.zeros_like(x), -gained[0], hoop - gained[1], -gained[2])


def _stresses(x: Floats, y: Floats, viscosity: Wave, spread: Wave) -> tuple[Wave, Wave, Wave, Wave]:
    """tau_xx, tau_yy, tau_xy and the stress around the axis; `spread` is v/y about an axis, else 0."""
    ux, uy = _VELOCITY_X.along_x.at(x, y), _VELOCITY_X.along_y.at(x, y)
    vx, vy = _VELOCITY_Y.along_x.at(x, y), _VELOCITY_Y.along_y.at(x, y)
    pull = (ux + vy + spread).scaled(-2.0 / 3.0)
    along, up, around = (viscosity * (rate.scaled(2.0) + pull) for rate in (ux, vy, spread))
    return along, up, viscosity * (uy + vx), around


def _temperature(x: Floats, y: Floats) -> Wave:
    """T = p/rho."""
    return _PRESSURE.at(x, y) * _DENSITY.at(x, y).power(-1.0)


def _temperature_slopes(x: Floats, y: Floats) -> tuple[Wave, Wave]:
    """grad T = (grad p - T grad rho)/rho."""
    minus_temperature = _temperature(x, y).scaled(-1.0)
    volume = _DENSITY.at(x, y).power(-1.0)
    pairs = ((_PRESSURE.along_x, _DENSITY.along_x), (_PRESSURE.along_y, _DENSITY.along_y))
    in_x, in_y = ((push.at(x, y) + minus_temperature * weight.at(x, y)) * volume for push, weight in pairs)
    return in_x, in_y


def _viscosity(temperature: Wave, gas: ViscousGas) -> Wave:
    """mu(T) with its derivatives."""
    law = temperature.power(gas.exponent) * temperature.raised(gas.sutherland).power(-1.0)
    return law.scaled(gas.viscosity * (1.0 + gas.sutherland))
