"""The mass flow of a leak by each law, with the uncertainty of the law; no numpy at import.

A function takes a leak that meets the conditions of its law, see `laws`. Where the formula of the law has a
range of its own, the function raises OutOfRange outside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.leak.blend.dense import edge_factor
from breachflow.leak.blend.rarefied import simulated_flow, transmission_probability
from breachflow.leak.bore import SHARP_ENTRY, bore_flow
from breachflow.leak.breach import Leak
from breachflow.leak.fitted.round_hole import thin_round_vacuum
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.holes import orifice, thick_hole, throat
from breachflow.theory.rarefied import crack, laminar_bore
from breachflow.theory.rarefied.crack import LongFlow, PressureFall
from breachflow.theory.slit.free_streamline import INCOMPRESSIBLE

FIRST_COLLISIONS: Final = 0.15
"""W rises by this times delta where collisions begin (slope of Sharipov's fit at 0)."""


class MassFlow(NamedTuple):
    """A mass flow and its uncertainty, kg/s."""

    value: float
    uncertainty: float


class ReducedFlow(NamedTuple):
    """A mass flow and its uncertainty as W, in units of effusion into vacuum."""

    value: float
    uncertainty: float


def by_coefficient(law: Callable[[Leak], Coefficient]) -> Callable[[Leak], MassFlow]:
    """The mass flow of a law that gives a discharge coefficient."""

    def flow(leak: Leak) -> MassFlow:
        coefficient = law(leak)
        return MassFlow(coefficient.value * leak.ideal, coefficient.uncertainty * leak.ideal)

    return flow


def by_reduced(law: Callable[[Leak], ReducedFlow]) -> Callable[[Leak], MassFlow]:
    """The mass flow of a law that gives W."""

    def flow(leak: Leak) -> MassFlow:
        value, uncertainty = law(leak)
        return MassFlow(value * leak.free_molecular, uncertainty * leak.free_molecular)

    return flow


def ideal(leak: Leak) -> MassFlow:
    """Isentropic flow through the full area."""
    return MassFlow(leak.ideal, 0.0)


def thin_vacuum(leak: Leak) -> Coefficient:
    """The inviscid reference of docs/round_hole.md. Raises OutOfRange unless 1.05 <= gamma <= 5/3."""
    return thin_round_vacuum(leak.gamma)


def perry(leak: Leak) -> Coefficient:
    """Perry's fit, and the slit's dependence on gamma. Raises OutOfRange for r < 0.05."""
    return orifice.perry_of_gas(leak.pressure_ratio, leak.gamma)


def slit(leak: Leak) -> Coefficient:
    """The exact inviscid slit. Raises OutOfRange for gamma < 1.05 below r*."""
    return orifice.expected_slit(leak.pressure_ratio, leak.gamma)


def bragg(leak: Leak) -> Coefficient:
    """Bragg's momentum balance. Raises OutOfRange for r < 0.2."""
    return _contracted(leak, orifice.bragg, orifice.BRAGG_UNCERTAINTY)


def jobson(leak: Leak) -> Coefficient:
    """Jobson's momentum balance. Raises OutOfRange for r < 0.2."""
    return _contracted(leak, orifice.jobson, orifice.JOBSON_UNCERTAINTY)


def _contracted(
    leak: Leak, theory: Callable[[float, float, float], float], uncertainty: float
) -> Coefficient:
    """A one-dimensional theory with the contraction of the section at constant density."""
    contraction = orifice.ROUND_INCOMPRESSIBLE if leak.round else INCOMPRESSIBLE
    value = theory(leak.pressure_ratio, leak.gamma, contraction)
    return Coefficient(value, uncertainty * value)


def mcgreehan_schotsch(leak: Leak) -> Coefficient:
    """Thick hole at nearly constant density. Raises OutOfRange outside the ranges of the correlation."""
    breach = leak.breach
    return thick_hole.mcgreehan_schotsch(
        breach.depth_ratio, breach.edge_radius / breach.size, leak.reynolds(leak.ideal)
    )


def ward_smith(leak: Leak) -> Coefficient:
    """Thick hole, choked. Raises OutOfRange where the bore is not choked or not 1 to 7 diameters deep."""
    return thick_hole.ward_smith(leak.breach.depth_ratio, leak.pressure_ratio, leak.gamma)


def kliegel_levine(leak: Leak) -> Coefficient:
    """Rounded throat. Raises OutOfRange for an edge radius below half a diameter."""
    return throat.throat_discharge_coefficient(2.0 * leak.breach.edge_radius / leak.breach.size, leak.gamma)


def effusion(leak: Leak) -> ReducedFlow:
    """Effusion: W = 1 - r, exact where molecules do not collide and the temperatures are equal.

    >>> from breachflow.leak.breach import Breach, Section, LeakState
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 100.0, 295.0, outside_pressure=25.0)
    >>> round(effusion(Leak(Breach(Section.ROUND, 1e-6), state)).value, 6)
    0.75
    """
    return _transmitted(leak, 0.0)


def clausing(leak: Leak) -> ReducedFlow:
    """W = (1 - r) times Clausing's transmission probability. Raises OutOfRange for depths above 1000 a."""
    return _transmitted(leak, leak.kinetic_length)


def _transmitted(leak: Leak, length: float) -> ReducedFlow:
    """Free-molecular flow through a bore of length L/a, uncertain by the first collisions."""
    value = transmission_probability(leak, length) * (1.0 - leak.pressure_ratio)
    return ReducedFlow(value, FIRST_COLLISIONS * leak.delta * value)


def simulated(leak: Leak) -> ReducedFlow:
    """Simulations of rarefied flow into vacuum. Raises OutOfRange for gammas without a limit in dense gas."""
    part = simulated_flow(leak)
    return ReducedFlow(part.value, part.uncertainty)


def bgk(leak: Leak) -> MassFlow:
    """Friction at any rarefaction. Raises OutOfRange outside the ranges of `crack`."""
    return _long(leak, crack.tube_mass_flow, crack.crack_mass_flow)


def slip(leak: Leak) -> MassFlow:
    """Laminar friction with slip. Raises OutOfRange outside the ranges of `crack`."""
    return _long(leak, crack.slip_tube_mass_flow, crack.slip_crack_mass_flow)


def laminar(leak: Leak) -> MassFlow:
    """Friction with slip, inertia and choking. Raises OutOfRange outside the ranges of `laminar_bore`."""
    return _long(leak, laminar_bore.laminar_tube_mass_flow, laminar_bore.laminar_crack_mass_flow)


def _long(leak: Leak, tube: Callable[..., LongFlow], channel: Callable[..., LongFlow]) -> MassFlow:
    """Mass flow by a law of long tubes or its counterpart for cracks."""
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


def fanno(leak: Leak) -> ReducedFlow:
    """Entry loss and friction of a bore."""
    flow = bore_flow(leak, SHARP_ENTRY * edge_factor(leak))
    return ReducedFlow(flow.reduced, flow.uncertainty)
