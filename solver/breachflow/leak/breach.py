"""A leak: its opening, the gas inside, the pressure outside, and the numbers that decide which law holds.

SI units; needs no numpy. delta = p0 a/(mu v0) is the rarefaction parameter with a the radius of a round hole
or the width of a slit (half a hydraulic diameter each), v0 = sqrt(2 R T0) and mu the viscosity at T0.
W is a mass flow over the free-molecular one into vacuum through a thin hole of the same area.
"""

from __future__ import annotations

import math
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from breachflow.constants import Species
from breachflow.errors import OutOfRange
from breachflow.leak.throat import (
    IdealThroat,
    ViscosityRule,
    gas_viscosity,
    highest_viscosity,
    ideal_throat,
    lowest_viscosity,
)
from breachflow.theory.ranges import require_gamma, require_positive, require_pressure_ratio
from breachflow.theory.rarefied import rarefaction
from breachflow.theory.streams import nozzle

THIN: Final = 0.02
"""Wall thickness over size below which the laws for a thin wall apply."""

DEEP: Final = 5.0
"""Depth over size from which a round hole is called a tube and a slit a crack."""

SMALLEST_ASPECT: Final = 2.0
"""Smallest length over width of a slit."""

LARGEST_RATIO: Final = 1.0 - 1e-9
"""r above which coefficients are those at this r: at equal pressures a flow over the ideal flow is 0/0."""


VACUUM: Final = "vacuum"
"""The word for no gas outside, where a pressure is given as text."""


class Section(StrEnum):
    """The outline of a breach."""

    ROUND = "round"
    SLIT = "slit"


_WORDS: Final = {
    Section.ROUND: ("thin round hole", "thick round hole", "tube"),
    Section.SLIT: ("slit in a thin wall", "slit in a thick wall", "crack"),
}


class Breach(NamedTuple):
    """One opening, lengths in m. Holes, tubes, slits and cracks differ in these numbers alone."""

    section: Section
    size: float
    """Diameter of a round hole, width of a slit, opening of a crack."""
    depth: float = 0.0
    """Length along the flow: thickness of the wall, length of a tube."""
    length: float | None = None
    """Length of a slit or crack along the wall; None for a round hole."""
    edge_radius: float = 0.0
    """Radius of the upstream edge; 0 is a sharp edge."""
    angle: float = 0.0
    """Angle between the bore of a round hole and the normal of the wall, rad."""

    @property
    def area(self) -> float:
        """Area of the opening across the bore, m2."""
        return 0.25 * math.pi * self.size**2 if self.length is None else self.size * self.length

    @property
    def depth_ratio(self) -> float:
        """Depth over size, t/d."""
        return self.depth / self.size

    @property
    def thin(self) -> bool:
        """Whether the laws for a thin wall apply."""
        return self.depth_ratio <= THIN

    @property
    def hydraulic_diameter(self) -> float:
        """Four times the area over the perimeter, m; for a long slit twice its width."""
        return self.size if self.section is Section.ROUND else 2.0 * self.size

    @property
    def description(self) -> str:
        """Common name of the opening.

        >>> Breach(Section.ROUND, 2e-3, depth=1.6e-3).description
        'thick round hole'
        """
        words = _WORDS[self.section]
        straight = words[0] if self.thin else words[1 if self.depth_ratio < DEEP else 2]
        return f"slanted {straight}" if self.angle else straight


class LeakState(NamedTuple):
    """The gas at rest inside, and the pressure outside."""

    gas: Species
    pressure: float
    """Pressure of the gas inside, Pa."""
    temperature: float
    """Temperature of the gas inside, of the walls and of the gas outside, K."""
    outside_pressure: float = 0.0
    """Pressure outside, Pa; 0 is a vacuum."""


class Leak:
    """A breach and a state, with the numbers that laws take; each number is computed once."""

    def __init__(self, breach: Breach, state: LeakState, viscosity_of: ViscosityRule = gas_viscosity) -> None:
        """Raises OutOfRange where sizes, pressures, temperature or gamma cannot be those of a leak."""
        _require_breach(breach)
        require_positive("pressure", state.pressure)
        require_positive("temperature", state.temperature)
        require_pressure_ratio(state.outside_pressure / state.pressure)
        require_gamma(state.gas.heat_capacity_ratio)
        self.breach = breach
        self.state = state
        self._viscosity_of = viscosity_of
        self.gamma = state.gas.heat_capacity_ratio
        self.specific_gas_constant = state.gas.specific_gas_constant
        self.pressure_ratio = min(state.outside_pressure / state.pressure, LARGEST_RATIO)

    @property
    def round(self) -> bool:
        """Whether the outline is round; else it is a slit."""
        return self.breach.section is Section.ROUND

    @property
    def in_vacuum(self) -> bool:
        """Whether there is a vacuum outside."""
        return self.pressure_ratio == 0.0

    def into_vacuum(self) -> Leak:
        """This breach and gas with a vacuum outside."""
        return Leak(self.breach, self.state._replace(outside_pressure=0.0), self._viscosity_of)

    def with_viscosity_bounds(self) -> tuple[Leak, Leak]:
        """This leak with the lowest and with the highest viscosity that its gas can have."""
        low, high = (Leak(self.breach, self.state, rule) for rule in (lowest_viscosity, highest_viscosity))
        return low, high

    @property
    def kinetic_length(self) -> float:
        """Depth over the length a of delta: L/R of a tube, L/H of a channel of height H."""
        return self.breach.depth_ratio * (2.0 if self.round else 1.0)

    @cached_property
    def ideal(self) -> float:
        """Isentropic mass flow through the full area, kg/s; the denominator of C_d."""
        state = self.state
        return nozzle.ideal_mass_flow(
            self.breach.area, state.pressure, state.temperature, self.gamma, self.specific_gas_constant,
            state.outside_pressure,
        )  # fmt: skip

    @cached_property
    def free_molecular(self) -> float:
        """Effusion into vacuum through a thin hole of this area, kg/s; the denominator of W."""
        state = self.state
        return rarefaction.free_molecular_mass_flow(
            self.breach.area, state.pressure, state.temperature, self.specific_gas_constant
        )

    @cached_property
    def choked(self) -> bool:
        """Whether an ideal nozzle would be choked at this pressure ratio."""
        return self.pressure_ratio <= nozzle.critical_pressure_ratio(self.gamma)

    @cached_property
    def throat(self) -> IdealThroat:
        """The ideal throat of this leak."""
        state = self.state
        return ideal_throat(
            state.gas, state.pressure, state.temperature, state.outside_pressure, self._viscosity_of
        )

    @cached_property
    def viscosity_unknown(self) -> str:
        """Why the viscosity is not known at rest or at the throat; empty where it is."""
        try:
            self._viscosity_of(self.state.gas, self.state.temperature)
        except OutOfRange as reason:
            return str(reason)
        reason_there = self.throat.viscosity_unknown
        return f"at the throat {reason_there}" if reason_there else ""

    @property
    def viscosity(self) -> float:
        """Viscosity of the gas at rest, Pa s. Raises OutOfRange where it is not known."""
        return self._viscosity_of(self.state.gas, self.state.temperature)

    @cached_property
    def delta(self) -> float:
        """Rarefaction parameter; infinite where the viscosity is not known."""
        if self.viscosity_unknown:
            return math.inf
        state = self.state
        return rarefaction.rarefaction_parameter(
            0.5 * self.breach.hydraulic_diameter, self.viscosity, state.pressure,
            state.temperature, self.specific_gas_constant,
        )  # fmt: skip

    @cached_property
    def knudsen_bounds(self) -> tuple[float, float]:
        """Bounds of the Knudsen number; both are its value where the viscosity is known."""
        if not self.viscosity_unknown:
            return self.knudsen, self.knudsen
        low, high = (bound.knudsen for bound in self.with_viscosity_bounds())
        return low, high

    @cached_property
    def knudsen(self) -> float:
        """Mean free path in the ideal throat over the size; nan where the viscosity is not known."""
        return math.nan if self.viscosity_unknown else self.throat.knudsen(self.breach.size)

    def reynolds(self, mass_flow: float) -> float:
        """Reynolds number of a mass flow in kg/s, with size and throat viscosity; nan without a viscosity."""
        if self.viscosity_unknown:
            return math.nan
        return self.throat.reynolds(mass_flow / self.breach.area, self.breach.size)

    def hydraulic_reynolds(self, reduced: float) -> float:
        """2 delta W/sqrt(pi): the Reynolds number with the hydraulic diameter and the viscosity at T0."""
        return 2.0 * self.delta * reduced / math.sqrt(math.pi)

    @cached_property
    def reduced_ideal(self) -> float:
        """W of the ideal mass flow, sqrt(2 pi) phi(r); W is C_d times this."""
        return math.sqrt(2.0 * math.pi) * nozzle.mass_flux(self.pressure_ratio, self.gamma)


def _require_breach(breach: Breach) -> None:
    """Raises OutOfRange where the sizes are not those of a breach."""
    if not 0.0 <= breach.angle < 0.5 * math.pi:
        raise OutOfRange(f"an angle of {math.degrees(breach.angle):g} deg is not one of a bore")
    if breach.angle and (breach.section is not Section.ROUND or breach.edge_radius):
        raise OutOfRange("only a round hole with a sharp edge is slanted")
    require_positive("size", breach.size)
    for name, value in (("depth", breach.depth), ("edge radius", breach.edge_radius)):
        if not (math.isfinite(value) and value >= 0.0):
            raise OutOfRange(f"{name} = {value:g} m must be finite and not below 0")
    if breach.edge_radius > breach.depth:
        raise OutOfRange(
            f"an edge radius of {breach.edge_radius * 1e3:g} mm needs a wall at least as thick,"
            f" not {breach.depth * 1e3:g} mm"
        )
    if (breach.length is None) is not (breach.section is Section.ROUND):
        raise OutOfRange("a slit has a length along the wall, a round hole has none")
    if breach.length is not None and not breach.length >= SMALLEST_ASPECT * breach.size:
        raise OutOfRange(
            f"a slit must be at least {SMALLEST_ASPECT:g} times as long as it is wide;"
            f" {breach.length * 1e3:g} mm by {breach.size * 1e3:g} mm is not"
        )
