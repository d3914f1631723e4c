"""Holes and cracks by the best estimate, or by a fitted law, of `leak`: slow laws, tabulated where it pays.

The flow is tabulated as y = C_d phi(r)/sqrt(1 - r), which ends at r = 1 smoothly, over sqrt(1 - r) and the
logarithm of D = p/(mu sqrt(R T)), which is the rarefaction parameter over the size. A flow through one
opening depends on these and on gamma. Into a vacuum one variable is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, partial
from typing import Final

from breachflow.cabin.model.gas import RoomGas
from breachflow.cabin.paths.flux import LINEAR_BELOW, near_equal
from breachflow.cabin.paths.law import LawSetting, size_at
from breachflow.cabin.paths.tabulated import Spline, TwoWaySpline, curve, surface
from breachflow.constants import Species
from breachflow.errors import OutOfRange
from breachflow.leak.breach import Breach, Leak, LeakState
from breachflow.leak.law_flows import MassFlow
from breachflow.leak.throat import gas_viscosity
from breachflow.theory.gases.viscosity import viscosity_range
from breachflow.theory.streams.nozzle import mass_flux

CoefficientOf = Callable[[Leak], float]
"""Discharge coefficient of a leak."""

EstimateOf = Callable[[Leak], MassFlow]
"""Mass flow of a leak with its uncertainty."""

TOLERANCE: Final = 1e-5
"""Relative error of a table over one variable."""

COARSE: Final = 1e-3
"""Relative error of each variable of a table over two: a tenth of the best uncertainty of a law."""

MOST_NODES: Final = 33
"""Places along each variable of a table over two: a thousand values, two seconds of a slow law."""

DECADES: Final = 3.0
"""Decades of pressure below the highest that a table covers; beyond, the law itself is asked."""

MARGIN: Final = 1.2
"""Highest pressure of a table over the highest that is expected."""


class EstimatedFlow:
    """The flow through one opening by a coefficient that depends on the state."""

    def __init__(
        self,
        breach: Breach,
        gas: Species,
        setting: LawSetting,
        coefficient: CoefficientOf,
        estimate: EstimateOf,
        tabulated: bool,
    ) -> None:
        """
        Args:
            breach: The opening at the start.
            gas: The gas of `setting` as one gas.
            setting: State at the start and what is beyond.
            coefficient: The law.
            estimate: The same with its uncertainty.
            tabulated: Whether the law is interpolated: not one that ends within the range of a table.
        """
        self.breach, self.gas = breach, gas
        self.growth = self.since = 0.0
        self._setting, self._coefficient, self._tabulated = setting, coefficient, tabulated
        self._estimate = estimate
        self._constant = gas.specific_gas_constant
        self._temperature = setting.gas.temperature
        self._gamma = setting.gas.gamma
        self._last = (math.nan, 1.0)

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:
        """kg/s. Raises OutOfRange where the law does not hold."""
        if gas.pressure <= 0.0:
            return 0.0
        gap = 1.0 - beyond / gas.pressure
        breach = size_at(self.breach, self.growth, time - self.since)
        density = self._density(gas)
        reduced = near_equal(
            gap,
            lambda ratio: (
                self._reduced(breach, density, ratio) * math.sqrt(1.0 - ratio) * self._by_gamma(gas, ratio)
            ),
        )
        return breach.area * gas.pressure / math.sqrt(gas.constant * gas.temperature) * reduced

    def exact(self, time: float, gas: RoomGas, species: Species, beyond: float) -> float:
        """kg/s by the law itself, for the gas as it is. Raises OutOfRange where the law does not hold."""
        leak = Leak(
            size_at(self.breach, self.growth, time - self.since),
            LeakState(species, gas.pressure, gas.temperature, beyond),
        )
        return self._coefficient(leak) * leak.ideal

    def uncertainty(self, beyond: float) -> float:
        """Relative standard deviation of the law at the start, towards a pressure `beyond`, Pa.

        Raises OutOfRange where the law does not hold there.
        """
        gas = self._setting.gas
        found = self._estimate(Leak(self.breach, LeakState(self.gas, gas.pressure, gas.temperature, beyond)))
        return found.uncertainty / found.value

    @property
    def error(self) -> float:
        """Largest relative error of its table; 0 without one."""
        table = self.__dict__.get("_table")
        return 0.0 if table is None else table.error

    def _by_gamma(self, gas: RoomGas, ratio: float) -> float:
        """Ideal flux of the gas over that of the gas that the table was made for."""
        if gas.gamma == self._gamma:
            return 1.0
        return mass_flux(ratio, gas.gamma) / mass_flux(ratio, self._gamma)

    def _density(self, gas: RoomGas) -> float:
        """D = p/(mu sqrt(R T)); the viscosity stays at the ends of its range beyond them."""
        return gas.pressure / (self._viscosity(gas.temperature) * math.sqrt(gas.constant * gas.temperature))

    def _viscosity(self, temperature: float) -> float:
        """Pa s; 1 where it is not known. The last one is kept: isothermal gas asks for it again and again."""
        if temperature != self._last[0]:
            self._last = (temperature, self._viscosity_at(temperature))
        return self._last[1]

    def _viscosity_at(self, temperature: float) -> float:
        if self.gas.viscosity is None:
            return 1.0
        low, high = viscosity_range(self.gas.viscosity)
        return gas_viscosity(self.gas, min(max(temperature, low), high))

    def _reduced(self, breach: Breach, density: float, ratio: float) -> float:
        """y at D and r: of the table, or of the law beyond it."""
        x, s = math.log(density), math.sqrt(1.0 - ratio)
        if not self._tabulated or self.growth or not self._range[0] <= x <= self._range[1]:
            return self._law(breach, x, s)
        table = self._table
        return table.value(x) if isinstance(table, Spline) else table.value(x, math.log(s))

    def _law(self, breach: Breach, x: float, s: float) -> float:
        ratio = 1.0 - s * s
        temperature = self._temperature
        pressure = math.exp(x) * self._viscosity(temperature) * math.sqrt(self._constant * temperature)
        leak = Leak(breach, LeakState(self.gas, pressure, temperature, ratio * pressure))
        return self._coefficient(leak) * mass_flux(leak.pressure_ratio, leak.gamma) / s

    @cached_property
    def _range(self) -> tuple[float, float]:
        """ln D between which there is a table."""
        top = self._density(self._setting.gas._replace(pressure=MARGIN * self._setting.highest))
        return math.log(top) - DECADES * math.log(10.0), math.log(top)

    @cached_property
    def _table(self) -> Spline | TwoWaySpline:
        low, high = self._range
        if self._setting.into_vacuum:
            return curve(self._along(1.0), low, high, TOLERANCE)
        least = 0.5 * math.log(LINEAR_BELOW)
        low, high = self._range
        over_s = curve(partial(self._reduced_law, high), least, 0.0, COARSE, MOST_NODES).nodes
        over_x = curve(self._along(0.3), low, high, COARSE, MOST_NODES).nodes
        return surface(self._reduced_law, over_x, over_s)

    def _reduced_law(self, x: float, log_s: float) -> float:
        """y over ln D and ln s: where friction rules, y is a power of s."""
        return self._law(self.breach, x, math.exp(log_s))

    def _along(self, s: float) -> Callable[[float], float]:
        """y over ln D at one pressure ratio."""
        return lambda x: self._law(self.breach, x, s)


class LawEnds(OutOfRange):
    """The law of a leak does not hold any more."""

    def __init__(self, leak: str, time: float, reason: OutOfRange) -> None:
        """
        Args:
            leak: Name of the leak.
            time: When, s.
            reason: Why.
        """
        super().__init__(f"its law does not hold at {time:.6g} s: {reason}")
        self.leak = leak
