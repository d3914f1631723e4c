"""Laminar flow through a channel or a pipe, with slip: a parabola that a uniform force drives."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.ranges import require_positive


class DrivenFlow(NamedTuple):
    """Developed flow between walls at y = 1 and -1, or in a pipe of radius 1; density and pressure are 1."""

    mean: float
    """Mean speed."""
    viscosity: float
    slip: float
    """Slip over l du/dn, l = mu sqrt(2)."""
    is_pipe: bool

    @property
    def force(self) -> float:
        """Force per volume that drives the mean speed.

        u = f/(2 d mu) (1 - y^2) + sigma l f/(d mu), d = 1 (channel) or 2 (pipe; y the radius); means over the
        section are 2/3 and 1/2 of the parabola (H. Lamb, Hydrodynamics, 1932, articles 330 and 331).

        >>> [DrivenFlow(1.0, 1.0, 0.0, is_pipe).force for is_pipe in (False, True)]
        [3.0, 8.0]
        """
        parts = 2.0 if self.is_pipe else 1.0
        parabola = 1.0 / 8.0 if self.is_pipe else 1.0 / 3.0
        return self.mean * self.viscosity / (parabola + self.slip * sqrt(2.0) * self.viscosity / parts)


def poiseuille(y: Floats, flow: DrivenFlow) -> PlaneState:
    """The flow at y, -1 to 1, any shape; it is isothermal: what friction heats is taken away in the gas.

    Raises OutOfRange unless the viscosity is positive.

    >>> float(poiseuille(np.zeros(1), DrivenFlow(0.2, 0.1, 0.0, is_pipe=True)).velocity_x[0].round(12))
    0.4
    """
    require_positive("viscosity", flow.viscosity)
    one, rate = np.ones_like(y), _rate(flow)
    speed = 0.5 * rate * (1.0 - y * y) + flow.slip * sqrt(2.0) * flow.viscosity * rate
    return PlaneState(one, speed, np.zeros_like(y), one)


def poiseuille_sources(y: Floats, flow: DrivenFlow) -> tuple[Floats, Floats]:
    """Sources per volume of momentum along x, f, and of energy, -div(u tau), in the shape of y.

    tau = mu du/dy = -f y/d. The force does the work f u; -mu (du/dy)^2 is the heat that is taken away.

    >>> momentum, energy = poiseuille_sources(np.zeros(1), DrivenFlow(0.2, 0.1, 0.0, is_pipe=True))
    >>> float(momentum[0].round(12)), float(energy[0].round(12))  # f and f u
    (0.16, 0.064)
    """
    speed = poiseuille(y, flow).velocity_x
    return np.full_like(y, flow.force), flow.force * speed - flow.viscosity * (_rate(flow) * y) ** 2


def _rate(flow: DrivenFlow) -> float:
    """-du/dy over y: f/(d mu)."""
    return flow.force / (flow.viscosity * (2.0 if flow.is_pipe else 1.0))
