"""A gas with friction and heat conduction, and how it slips along walls, in units in which p = rho T.

The reference density, pressure and temperature are 1, so that v0 = sqrt(2 T) is the most probable speed of
its molecules and l = mu v0/p the equivalent mean free path.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats

VISCOUS_SLIP: Final = 1.018
"""Slip over l du/dn at a diffuse wall (F. Sharipov and V. Seleznev, J. Phys. Chem. Ref. Data 27, 1998)."""

MONATOMIC_JUMP: Final = 1.95
"""Jump over l dT/dn of a monatomic gas at a diffuse wall, Pr = 2/3 (same source)."""


class ViscousGas(NamedTuple):
    """A perfect gas with viscosity mu T^exponent (1 + S)/(T + S) and k = mu c_p/Pr."""

    gamma: float
    viscosity: float
    """mu, at T = 1."""
    exponent: float
    """1.5 in Sutherland's law; with S = 0 the viscosity is proportional to T^(exponent - 1)."""
    sutherland: float
    """S."""
    prandtl: float

    @property
    def heat_capacity(self) -> float:
        """c_p over the gas constant."""
        return self.gamma / (self.gamma - 1.0)

    def viscosity_at(self, temperature: Floats) -> Floats:
        """The viscosity at temperatures, in their shape.

        >>> ViscousGas(1.4, 0.1, 1.5, 0.0, 0.7).viscosity_at(np.array([4.0])).tolist()
        [0.2]
        """
        law = temperature**self.exponent * (1.0 + self.sutherland) / (temperature + self.sutherland)
        return np.asarray(self.viscosity * law)


class WallSlip(NamedTuple):
    """Slip and temperature jump at a wall over l times the derivative along its normal; 0: the gas sticks."""

    velocity: float
    temperature: float


STICKS: Final = WallSlip(0.0, 0.0)


def diffuse_wall(gamma: float, prandtl: float) -> WallSlip:
    """Slip and jump at a wall that reflects all molecules diffusely at its own temperature.

    The jump is Smoluchowski's (sqrt(pi)/2) 2 gamma/((gamma + 1) Pr) times the ratio of the kinetic to this
    value for a monatomic gas, 1.95/1.662. That ratio is not known for other gases: it is taken from there.

    >>> wall = diffuse_wall(5.0 / 3.0, 2.0 / 3.0)
    >>> wall.velocity, round(wall.temperature, 12)
    (1.018, 1.95)
    """
    scale = MONATOMIC_JUMP / _smoluchowski(5.0 / 3.0, 2.0 / 3.0)
    return WallSlip(VISCOUS_SLIP, scale * _smoluchowski(gamma, prandtl))


def _smoluchowski(gamma: float, prandtl: float) -> float:
    return math.sqrt(math.pi) * gamma / ((gamma + 1.0) * prandtl)
