"""What each leak law says of a leak: its mass flow and how far off the law may be; no numpy at import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.leak.blend.dense import edge_factor
from breachflow.leak.blend.rarefied import free_molecular_share, simulated_flow
from breachflow.leak.bore import SHARP_ENTRY, bore_flow
from breachflow.leak.breach import Leak
from breachflow.leak.fitted.round_hole import thin_round_vacuum
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.holes import orifice, thick_hole, throat
from breachflow.theory.rarefied import crack
from breachflow.theory.rarefied.crack import LongFlow, PressureFall
from breachflow.theory.slit.free_streamline import INCOMPRESSIBLE

FIRST_COLLISIONS: Final = 0.15
"""W rises by this times delta where collisions begin (slope of Sharipov's fit at 0)."""


class MassFlow(NamedTuple):
    """A mass flow and how far off the law may be, kg/s."""

    value: float
    uncertainty: float


class Reduced(NamedTuple):
    """The same as W, over effusion into vacuum."""

    value: float
    uncertainty: float


def by_coefficient(law: Callable[[Leak], Coefficient]) -> Callable[[Leak], MassFlow]:
    """The flow of a law that gives a discharge coefficient."""

    def flow(leak: Leak) -> MassFlow:
        coefficient = law(leak)
        return MassFlow(coefficient.value * leak.ideal, coefficient.uncertainty * leak.ideal)

    return flow


def by_reduced(law: Callable[[Leak], Reduced]) -> Callable[[Leak], MassFlow]:
    """The flow of a law that gives W."""

    def flow(leak: Leak) -> MassFlow:
        value, uncertainty = law(leak)
        return MassFlow(value * leak.free_molecular, uncertainty * leak.free_molecular)

    return flow


def ideal(leak: Leak) -> MassFlow:
    return MassFlow(leak.ideal, 0.0)


def thin_vacuum(leak: Leak) -> Coefficient:
    return thin_round_vacuum(leak.gamma)


def perry(leak: Leak) -> Coefficient:
    return orifice.perry_of_gas(leak.pressure_ratio, leak.gamma)


def slit(leak: Leak) -> Coefficient:
    return orifice.expected_slit(leak.pressure_ratio, leak.gamma)


def bragg(leak: Leak) -> Coefficient:
    return _contracted(leak, orifice.bragg, orifice.BRAGG_UNCERTAINTY)


def jobson(leak: Leak) -> Coefficient:
    return _contracted(leak, orifice.jobson, orifice.JOBSON_UNCERTAINTY)


def _contracted(
    leak: Leak, theory: Callable[[float, float, float], float], uncertainty: float
) -> Coefficient:
    """A one-dimensional theory with the incompressible contraction of the section."""
    contraction = orifice.ROUND_INCOMPRESSIBLE if leak.round else INCOMPRESSIBLE
    value = theory(leak.pressure_ratio, leak.gamma, contraction)
    return Coefficient(value, uncertainty * value)


def mcgreehan_schotsch(leak: Leak) -> Coefficient:
    breach = leak.breach
    return thick_hole.mcgreehan_schotsch(
        breach.depth_ratio, breach.edge_radius / breach.size, leak.reynolds(leak.ideal)
    )


def ward_smith(leak: Leak) -> Coefficient:
    return thick_hole.ward_smith(leak.breach.depth_ratio, leak.pressure_ratio, leak.gamma)


def kliegel_levine(leak: Leak) -> Coefficient:
    return throat.throat_discharge_coefficient(2.0 * leak.breach.edge_radius / leak.breach.size, leak.gamma)


def effusion(leak: Leak) -> Reduced:
    """Proportional to p0 - p_outside, exactly, where molecules do not collide and temperatures are equal.

    >>> from breachflow.leak.breach import Breach, Section, LeakState
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 100.0, 295.0, outside_pressure=25.0)
    >>> round(effusion(Leak(Breach(Section.ROUND, 1e-6), state)).value, 6)
    0.75
    """
    return _transmitted(leak, 0.0)


def clausing(leak: Leak) -> Reduced:
    return _transmitted(leak, leak.kinetic_length)


def _transmitted(leak: Leak, length: float) -> Reduced:
    value = free_molecular_share(leak, length) * (1.0 - leak.pressure_ratio)
    return Reduced(value, FIRST_COLLISIONS * leak.delta * value)


def simulated(leak: Leak) -> Reduced:
    part = simulated_flow(leak)
    return Reduced(part.value, part.uncertainty)


def bgk(leak: Leak) -> MassFlow:
    return _long(leak, crack.tube_mass_flow, crack.crack_mass_flow)


def slip(leak: Leak) -> MassFlow:
    return _long(leak, crack.slip_tube_mass_flow, crack.slip_crack_mass_flow)


def _long(leak: Leak, tube: Callable[..., LongFlow], channel: Callable[..., LongFlow]) -> MassFlow:
    """One of the laws of long bores, friction alone."""
    breach, state = leak.breach, leak.state
    fall = PressureFall(
        state.pressure,
        state.outside_pressure,
        leak.viscosity,
        state.temperature,
        leak.specific_gas_constant,
    )
    if breach.length is None:
        flow = tube(0.5 * breach.size, breach.depth, fall)
    else:
        flow = channel(breach.size, breach.depth, breach.length, fall)
    return MassFlow(flow.mass_flow, flow.uncertainty * flow.mass_flow)


def fanno(leak: Leak) -> Reduced:
    flow = bore_flow(leak, SHARP_ENTRY * edge_factor(leak))
    return Reduced(flow.reduced, flow.uncertainty)
