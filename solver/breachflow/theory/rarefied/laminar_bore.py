"""Laminar flow through long tubes and cracks with slip, inertia, entry loss and choking together; no numpy.

One-dimensional and isothermal, G the mass flux, beta the momentum factor of the parabolic profile, s the slip
as a pressure. The balance of momentum over a length dx of the bore,

    (p + s) dp = -c mu G R T dx/a^2 + beta G^2 R T (p + s) dp/p^2,

is integrated from p1 behind the entry to pe at the exit:

    c mu G R T L/a^2 = (p1^2 - pe^2)/2 + s (p1 - pe) - beta G^2 R T (ln(p1/pe) + s (1/pe - 1/p1)).

Crack: a the opening, c = 12, s = 6 sigma mu v0/a, beta = 6/5; tube: a the radius, 8, 4 sigma mu v0/a, 4/3.
The gas is accelerated into the bore and its profile develops: p0 - p1 = (1 + K) G^2 R T/(2 p1), K = 0.674 or
1.25 (R. K. Shah and A. L. London, "Laminar Flow Forced Convection in Ducts", 1978). The exit is choked where
the pressure would fall below sqrt(beta R T) G, where the gradient is infinite. Isothermal flow with friction:
A. H. Shapiro 1953, chapter 6; profile and slip: F. M. White, Viscous Fluid Flow (2006), chapter 3. The
equation combines the four.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.rarefied.crack import (
    CRACK_MOMENTUM,
    LAMINAR_UP_TO,
    SLIP,
    SLIP_RANGE,
    TUBE_MOMENTUM,
    Bore,
    LongFlow,
    PressureFall,
    crack_bore,
    inlet_delta,
    require_fall,
    tube_bore,
)
from breachflow.theory.rarefied.kinetic import MODEL_UNCERTAINTY
from breachflow.theory.roots import bisect

LONGEST_DEVELOPMENT: Final = 0.22
"""Largest part of the bore over which the profile may develop: K is that of a developed exit."""

INERTIA_UNCERTAINTY: Final = 0.1
"""Uncertainty as a fraction of the flow that inertia and entry take: K and beta are those of dense gas."""


class LaminarSection(NamedTuple):
    """Laminar flow by the outline of a bore."""

    friction: float
    """c."""
    momentum: float
    """beta."""
    entry: float
    """K."""
    development: float
    """Length over which the profile develops, over Reynolds number and a (Shah and London 1978)."""
    defect: float
    """The kinetic flow is more than that with slip by up to this over delta1."""


CRACK: Final = LaminarSection(12.0, CRACK_MOMENTUM, 0.674, 0.022, 1.0)
TUBE: Final = LaminarSection(8.0, TUBE_MOMENTUM, 1.25, 0.112, 0.5)


def laminar_crack_mass_flow(opening: float, depth: float, width: float, fall: PressureFall) -> LongFlow:
    """Mass flow, kg/s, of a crack: opening h, depth L along the flow, width w along the wall, m.

    Valid as `crack.crack_mass_flow` is, from delta1 = 10, and as long as the profile develops in 22 % of the
    depth, Re h/L <= 10 with Re = 2 G h/mu; inertia may be large. Raises OutOfRange otherwise.

    Where the flow is slow it is Poiseuille's with slip, (h^2/(v0 L)) ((delta1 + delta2)/12 + 1.018)(p1 - p2):

    >>> from breachflow.theory.rarefied.crack import slip_crack_mass_flow
    >>> fall = PressureFall(101325.0, 101e3, 1.81e-5, 295.0, 287.05)
    >>> flows = [law(10e-6, 5e-3, 0.1, fall) for law in (laminar_crack_mass_flow, slip_crack_mass_flow)]
    >>> round(flows[0].mass_flow / flows[1].mass_flow, 5)
    1.0
    """
    return _laminar_flow(crack_bore(opening, depth, width), fall, CRACK)


def laminar_tube_mass_flow(radius: float, length: float, fall: PressureFall) -> LongFlow:
    """Mass flow, kg/s, of a round tube, radius R and length L in m.

    Valid as `crack.tube_mass_flow` is, from delta1 = 10, and as long as the profile develops in 22 % of the
    length, Re R/L <= 1.96 with Re = 2 G R/mu; inertia may be large. Raises OutOfRange otherwise.

    >>> from breachflow.theory.rarefied.crack import slip_tube_mass_flow
    >>> fall = PressureFall(101325.0, 101e3, 1.81e-5, 295.0, 287.05)
    >>> flows = [law(10e-6, 5e-3, fall) for law in (laminar_tube_mass_flow, slip_tube_mass_flow)]
    >>> round(flows[0].mass_flow / flows[1].mass_flow, 4)
    1.0
    """
    return _laminar_flow(tube_bore(radius, length), fall, TUBE)


def _laminar_flow(bore: Bore, fall: PressureFall, section: LaminarSection) -> LongFlow:
    """The flow, and estimates of what the equation leaves out."""
    require_fall(fall)
    delta = inlet_delta(bore, fall)
    if delta < SLIP_RANGE:
        raise OutOfRange(f"the slip formula holds from delta = {SLIP_RANGE:g} at the inlet, not {delta:.3g}")
    ratio = fall.pressure_out / fall.pressure_in
    flux = laminar_flux(bore.length / bore.size, delta, ratio, section)
    drag, slip = _drag_and_slip(bore.length / bore.size, delta, section)
    slow = (0.5 * (1.0 - ratio * ratio) + slip * (1.0 - ratio)) / drag
    speed = math.sqrt(fall.specific_gas_constant * fall.temperature)
    mass_flow = flux * fall.pressure_in * bore.area / speed
    reynolds = 4.0 * mass_flow / (bore.wetted * fall.viscosity)
    _require_developed(reynolds, bore, section)
    inertia, end = 1.0 - flux / slow, bore.end(delta)
    spread = MODEL_UNCERTAINTY + section.defect / delta + end + bore.sides + INERTIA_UNCERTAINTY * inertia
    return LongFlow(mass_flow, spread, reynolds, end, inertia)


def laminar_flux(length_ratio: float, delta: float, ratio: float, section: LaminarSection) -> float:
    """G sqrt(R T)/p0 by the equation alone: L/a >= 0, delta > 0 at the inlet, r = p_outside/p0 in [0, 1).

    No range is checked: in a short bore or in thin gas it is no law, but a smooth scale of the flow.

    Without friction p1 and pe are equal and choke the flow, p0/p1 = 1 + (1 + K)/(2 beta): 1.6975 in a crack.

    >>> round(laminar_flux(0.0, 1000.0, 0.0, CRACK) * math.sqrt(1.2) * 1.6975, 4)
    1.0
    """
    largest = 1.0 / (math.sqrt(section.momentum) * (1.0 + 0.5 * (1.0 + section.entry) / section.momentum))
    drag, slip = _drag_and_slip(length_ratio, delta, section)

    def excess(flux: float) -> float:
        return drag * flux - _available(flux, ratio, slip, section)

    return bisect(excess, 0.0, largest)


def _drag_and_slip(length_ratio: float, delta: float, section: LaminarSection) -> tuple[float, float]:
    """c mu sqrt(R T) L/(a^2 p0), and s/p0."""
    drag = section.friction * length_ratio / (math.sqrt(2.0) * delta)
    return drag, 0.5 * section.friction * SLIP / delta


def _available(flux: float, ratio: float, slip: float, section: LaminarSection) -> float:
    """What drives friction, over p0^2: `flux` is G sqrt(R T)/p0, `slip` s/p0, `ratio` p2/p0."""
    momentum = section.momentum
    first = 0.5 * (1.0 + math.sqrt(max(1.0 - 2.0 * (1.0 + section.entry) * flux * flux, 0.0)))
    last = max(ratio, math.sqrt(momentum) * flux)
    acceleration = math.log(first / last) + slip * (1.0 / last - 1.0 / first)
    push = 0.5 * (first * first - last * last) + slip * (first - last)
    return push - momentum * flux * flux * acceleration


def _require_developed(reynolds: float, bore: Bore, section: LaminarSection) -> None:
    """Raises OutOfRange where the flow may be turbulent, or develops over much of the bore."""
    if reynolds > LAMINAR_UP_TO:
        raise OutOfRange(f"Reynolds number {reynolds:.3g} is above {LAMINAR_UP_TO:g}: not surely laminar")
    part = section.development * reynolds * bore.size / bore.length
    if part > LONGEST_DEVELOPMENT:
        raise OutOfRange(
            f"the profile develops over {100.0 * part:.0f} % of the depth, above"
            f" {100.0 * LONGEST_DEVELOPMENT:.0f} %: friction and entry do not separate"
        )
