"""Holes and cracks by the best estimate, or by a fitted law, of `leak`: slow laws, tabulated where it pays.

The flow is tabulated as y = C_d phi(r)/sqrt(1 - r), which ends at r = 1 smoothly, over sqrt(1 - r) and the
logarithm of D = p/(mu sqrt(R T)), which is the rarefaction parameter over the size. A flow through one
opening depends on these and on gamma (`by_gamma`). Into a vacuum one variable is left. R and mu are those of
the gas as it is, so that its composition may change.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.cabin.model.gas import RoomGas, Shares
from breachflow.cabin.paths.by_gamma import GammaNode, GammaRatio, nodes_beside
from breachflow.cabin.paths.flux import LINEAR_BELOW, near_equal
from breachflow.cabin.paths.law import LawSetting, size_at
from breachflow.cabin.paths.tabulated import Spline, TwoWaySpline, curve, spread_places, surface
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

STEP: Final = 0.22
"""Step of ln D in a table over two variables.

With `RATIOS` its error was measured at 150 places of four leaks: at most 5e-4 in a crack, half of them below
1e-6, and 2e-3 in thin holes. In a bore it is up to 5e-3: its best estimate changes by steps of 1e-3 where one
law takes over from another, which no table follows. The uncertainties of these laws are 1 to 6 %.
"""

RATIOS: Final = (31, 12)
"""Pressure ratios of such a table: in even steps to 0.9, then in equal ratios of 1 - r."""

FEWEST: Final = 9
"""Least values of ln D of it."""

CHECKED: Final = 48
"""Places at which it is compared with its law."""

DECADES: Final = 3.0
"""Decades of pressure below the highest that a table covers; beyond, the law itself is asked."""

SAME_SHARE: Final = 1e-12
"""Change of a mass share that is rounding."""

SAME_GAMMA: Final = 1e-12
"""Change of gamma that is rounding."""

RATIO_TOLERANCE: Final = 2e-5
"""Relative error of the ratio of a law at two values of gamma."""

FEW_RATIOS: Final = (19, 7)
"""Pressure ratios at which that ratio is known where the other side is not empty, as `RATIOS`."""

LARGEST_CHECKED: Final = 0.999
"""Largest pressure ratio at which a table is compared with its law."""

WARMER: Final = 0.5
"""ln D below that of the lowest pressure which a table covers: gas at 1.4 times the temperature."""

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
        self._species: tuple[Shares, Species | None] = (setting.gas.shares, gas)
        self._last = (math.nan, 1.0)

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:
        """kg/s. Raises OutOfRange where the law does not hold."""
        if gas.pressure <= 0.0:
            return 0.0
        gap = 1.0 - beyond / gas.pressure
        breach = size_at(self.breach, self.growth, time - self.since)
        x = math.log(self._density(gas))
        reduced = near_equal(
            gap,
            lambda ratio: (
                self._reduced(breach, x, math.sqrt(1.0 - ratio), gas.gamma) * math.sqrt(1.0 - ratio)
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

    def _density(self, gas: RoomGas) -> float:
        """D = p/(mu sqrt(R T)); the viscosity stays at the ends of its range beyond them."""
        return gas.pressure / (self._viscosity(gas) * math.sqrt(gas.constant * gas.temperature))

    def _viscosity(self, gas: RoomGas) -> float:
        """Pa s; 1 where it is not known. The last one is kept: gas that stays asks for it again and again."""
        shares, species = self._species
        if any(abs(now - then) > SAME_SHARE for now, then in zip(gas.shares, shares, strict=True)):
            species = self._setting.gases.as_species(gas.shares) or self.gas
            self._species, self._last = (gas.shares, species), (math.nan, 1.0)
        if gas.temperature != self._last[0]:
            self._last = (gas.temperature, _viscosity_at(species or self.gas, gas.temperature))
        return self._last[1]

    def _reduced(self, breach: Breach, x: float, s: float, gamma: float) -> float:
        """y at ln D, s and gamma: of the table, or of the law beyond it."""
        if not self._tabulated or self.growth or not self._range[0] <= x <= self._range[1]:
            return self._law(breach, x, s, gamma)
        table, log_s = self._table, math.log(s)
        found = table.value(x) if isinstance(table, Spline) else table.value(x, log_s)
        return found if abs(gamma - self._gamma) < SAME_GAMMA else found * self._ratio(gamma, x, log_s)

    def _law(self, breach: Breach, x: float, s: float, gamma: float) -> float:
        ratio, gas = 1.0 - s * s, self._gas_of(gamma)
        temperature = self._temperature
        pressure = math.exp(x) * _viscosity_at(gas, temperature) * math.sqrt(self._constant * temperature)
        leak = Leak(breach, LeakState(gas, pressure, temperature, ratio * pressure))
        return self._coefficient(leak) * mass_flux(leak.pressure_ratio, leak.gamma) / s

    def _gas_of(self, gamma: float) -> Species:
        """The gas of the start with another gamma: a flow at equal D, r and gamma does not see the rest."""
        if abs(gamma - self._gamma) < SAME_GAMMA:
            return self.gas
        return self.gas._replace(heat_capacity_ratio=gamma, heat_capacity_ratios=())

    @cached_property
    def _range(self) -> tuple[float, float]:
        """ln D between which there is a table."""
        setting = self._setting
        top = self._density(setting.gas._replace(pressure=MARGIN * setting.highest))
        low = math.log(top) - DECADES * math.log(10.0)
        if setting.lowest > 0.0:
            low = max(low, math.log(self._density(setting.gas._replace(pressure=setting.lowest))) - WARMER)
        return low, math.log(top)

    @cached_property
    def _table(self) -> Spline | TwoWaySpline:
        low, high = self._range
        if self._setting.into_vacuum:
            return curve(lambda x: self._at(self._gamma, x, 0.0), low, high, TOLERANCE)
        places = [
            (low + (high - low) * u, 0.5 * math.log1p(-LARGEST_CHECKED * v))
            for u, v in spread_places(CHECKED)
        ]
        return surface(partial(self._at, self._gamma), self._densities(STEP), _log_s(*RATIOS), places)

    def _densities(self, step: float) -> Floats:
        """(n,) ln D over the range of the table, in steps of at most `step`."""
        low, high = self._range
        return np.linspace(low, high, max(math.ceil((high - low) / step) + 1, FEWEST))

    def _at(self, gamma: float, x: float, log_s: float) -> float:
        """y over ln D and ln s: where friction rules, y is a power of s."""
        return self._law(self.breach, x, math.exp(log_s), gamma)

    @cached_property
    def _ratio(self) -> GammaRatio:
        """The law at another gamma over that of the table."""
        gammas = [gas.heat_capacity_ratio for gas in self._setting.gases.species]
        base = cache(partial(self._at, self._gamma))
        nodes = [
            GammaNode(gamma, self._log_ratio(gamma, base)) for gamma in nodes_beside(self._gamma, gammas)
        ]
        return GammaRatio(self._gamma, nodes)

    def _log_ratio(
        self, gamma: float, base: Callable[[float, float], float]
    ) -> Callable[[float, float], float]:
        """The logarithm of that ratio at one gamma, tabulated on few nodes."""

        def exact(x: float, log_s: float) -> float:
            return self._at(gamma, x, log_s) / base(x, log_s)

        low, high = self._range
        if self._setting.into_vacuum:
            table = curve(lambda x: exact(x, 0.0), low, high, RATIO_TOLERANCE)
            return lambda x, _: math.log(table.value(x))
        whole = surface(exact, self._densities(3.0 * STEP), _log_s(*FEW_RATIOS))
        return lambda x, log_s: math.log(whole.value(x, log_s))


def _log_s(even: int, near_equal: int) -> Floats:
    """(n,) rising ln s = ln sqrt(1 - r) of some pressure ratios up to that where the flow is linear."""
    away = np.concatenate([np.linspace(1.0, 0.1, even), np.geomspace(0.1, LINEAR_BELOW, near_equal)[1:]])
    return np.asarray(0.5 * np.log(away[::-1]))


def _viscosity_at(gas: Species, temperature: float) -> float:
    """Pa s, 1 where it is not known; that at the ends of its range beyond them."""
    if gas.viscosity is None:
        return 1.0
    low, high = viscosity_range(gas.viscosity)
    return gas_viscosity(gas, min(max(temperature, low), high))


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
