"""The ideal mass flux through a hole, made linear where the pressures are nearly equal; SI units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from breachflow.cabin.model.gas import RoomGas
from breachflow.theory.streams.nozzle import mass_flux

LINEAR_BELOW: Final = 1e-6
"""1 - r below which the flux is proportional to 1 - r.

phi ~ sqrt(1 - r) reaches equal pressures in a finite time and has no derivative there. The linear part
changes pressures by less than this fraction of themselves.
"""

SAME_PRESSURE: Final = 1e-12
"""1 - r below which nothing flows: the rounding of a pressure.

Gas on one side may be so much colder that its flux rises more steeply with the difference of pressures. An
implicit step across this kink does not settle on differences that are rounding; it became 1000 times shorter.
"""


def ideal_flux(gas: RoomGas, beyond: float) -> float:
    """phi(r) p1/sqrt(R T1), kg/(s m2): isentropic flow of a gas towards a lower pressure `beyond`, Pa."""
    if gas.pressure <= 0.0:
        return 0.0
    gap = 1.0 - beyond / gas.pressure
    speed = math.sqrt(gas.constant * gas.temperature)
    return gas.pressure / speed * near_equal(gap, lambda ratio: mass_flux(ratio, gas.gamma))


def near_equal(gap: float, of_ratio: Callable[[float], float]) -> float:
    """A function of r at r = 1 - gap; linear between `LINEAR_BELOW` and 0 at `SAME_PRESSURE`."""
    if gap <= LINEAR_BELOW:
        part = (gap - SAME_PRESSURE) / (LINEAR_BELOW - SAME_PRESSURE)
        return of_ratio(1.0 - LINEAR_BELOW) * max(part, 0.0)
    return of_ratio(1.0 - gap)
