"""Flow through a bore with entry loss, friction and choking at the exit; no numpy at import.

One model from a thick hole to a crack: adiabatic flow in a duct (Fanno, see `theory.streams.duct`) whose
friction length is K + 4 f L/D. K = 0.5 is the loss of a sharp entry. It gives C_d = 0.84 where the duct is
short and choked
(measured: 0.839, Ward-Smith 1979, commonly quoted), and 1/sqrt(1.5) = 0.82 at constant density.
4 f L/D is that of
- laminar flow which develops from the entry: R. K. Shah and A. L. London, "Laminar Flow Forced Convection in
  Ducts" (1978); in rarefied gas divided by the rise of the flow due to slip (linearized BGK, `kinetic`);
- turbulent flow in a smooth pipe: B. S. Petukhov, Adv. Heat Transfer 6 (1970) 503;
- their mean, weighted by the logarithm of Re, in between.
The viscosity is that at the temperature of the walls, which is T0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.leak.breach import Leak
from breachflow.theory.rarefied import kinetic, transmission
from breachflow.theory.roots import bisect
from breachflow.theory.streams.duct import fanno_length
from breachflow.theory.streams.nozzle import area_ratio, choked_mass_flux, critical_pressure_ratio

SHARP_ENTRY: Final = 0.5
"""K of a sharp entry out of a large space, in dynamic pressures."""

LAMINAR_UP_TO: Final = 2300.0
TURBULENT_FROM: Final = 4000.0
"""Reynolds numbers with the hydraulic diameter, between which laminar friction gives way to turbulent."""

ENTRY_UNCERTAINTY: Final = 0.03
FRICTION_UNCERTAINTY: Final = 0.06
"""Relative uncertainties of the mass flow where the entry loss or friction alone decides. The first is the
scatter of measured holes; the second allows for viscosity (2-4 %), roughness, and reflection that is not
diffuse."""

SMALL_DELTA: Final = 1.0
"""delta up to which the end effect makes the flow that of Clausing; at larger delta it fades."""

SLOWEST_MACH: Final = 1e-30
"""Lower end of the bracket of the Mach number at the entry."""
SHORTEST: Final = 1e-12
"""(L/D)/Re below which friction is neglected."""
SLIT_FRICTION_FALL: Final = 0.63
"""Side walls reduce the flow of a rectangular channel by this times opening over length."""


class BoreFlow(NamedTuple):
    """Flow through a bore."""

    reduced: float
    """W, in units of effusion into vacuum."""
    uncertainty: float
    """Absolute uncertainty of W."""


class _DuctSection(NamedTuple):
    """Friction by the outline of a bore; numbers of Shah and London 1978."""

    developed: float
    """4 f Re of the developed laminar flow."""
    defect: float
    """K_inf, the total addition to the friction length by the development of the profile."""
    spread: float
    """C of their interpolation between short and developed flow."""
    poiseuille_mean: Callable[[float, float], float]
    """G of a long bore between two rarefaction parameters: mdot = (area a/(v0 L)) G (p1 - p2)."""
    viscous_slope: float
    """dG/ddelta where the gas is dense."""
    transmission: Callable[[float], float]
    """Clausing's W by length over a."""
    slow_end: float
    """Addition to the length by the ends in slow viscous flow, in a; see `theory.rarefied.crack`."""


_ROUND: Final = _DuctSection(
    64.0,
    1.25,
    2.1e-4,
    kinetic.tube_poiseuille_mean,
    0.25,
    transmission.long_tube_transmission,
    3.0 * math.pi / 8.0,
)
_SLIT: Final = _DuctSection(
    96.0,
    0.674,
    2.9e-5,
    kinetic.channel_poiseuille_mean,
    1.0 / 6.0,
    transmission.long_channel_transmission,
    8.0 / (3.0 * math.pi),
)


def bore_flow(leak: Leak, entry_loss: float = SHARP_ENTRY) -> BoreFlow:
    """W of a bore at any r in [0, 1); meant for depth/size >= 1, a depth of 0 gives the entry loss alone.

    For rarefied gas the depth must be ten radii or more: at L = 10 R the flow is within 4 % of the published
    short tubes (Varoutis et al. 2008) up to delta = 100, and 10 and 20 % above them at 1000 and 2000, where
    those no longer change with delta. Valid for 1 < gamma <= 5/3; raises OutOfRange otherwise.

    Entry loss alone, choked: A*/A where 4 f L*/D is the loss, 0.8416 at 0.4908 (M = 0.6 in NACA 1135, table
    I, and Shapiro 1953, table B.4).

    >>> from breachflow.leak.breach import Breach, Section, LeakState
    >>> from breachflow.constants import SPECIES
    >>> leak = Leak(Breach(Section.ROUND, 2e-3), LeakState(SPECIES["air"], 101325.0, 295.0))
    >>> round(bore_flow(leak, entry_loss=0.49082).reduced / leak.reduced_ideal, 4)
    0.8416
    """
    section = _ROUND if leak.round else _SLIT
    wall = _wall_factor(leak, section)
    slenderness = leak.breach.depth / leak.breach.hydraulic_diameter

    def friction(mach: float) -> tuple[float, float]:
        reynolds = leak.hydraulic_reynolds(_reduced(mach, leak.gamma))
        return reynolds, _friction_length(reynolds, slenderness, wall, section)

    def excess(log_mach: float) -> float:
        mach = math.exp(log_mach)
        return entry_loss + friction(mach)[1] - _available(mach, leak.pressure_ratio, leak.gamma)

    mach = math.exp(bisect(excess, math.log(SLOWEST_MACH), 0.0))
    reynolds, length = friction(mach)
    reduced = _reduced(mach, leak.gamma)
    laminar = _laminar_length(slenderness / reynolds, wall, section)
    spread = _uncertainty(leak, reynolds, length, entry_loss, laminar)
    return BoreFlow(reduced, spread * reduced)


def _reduced(mach: float, gamma: float) -> float:
    """W at a Mach number at the entry."""
    return math.sqrt(2.0 * math.pi) * choked_mass_flux(gamma) / area_ratio(mach, gamma)


def _available(mach: float, pressure_ratio: float, gamma: float) -> float:
    """Friction length from the entry's Mach number to an exit that is sonic or at the outside pressure."""
    fall = critical_pressure_ratio(gamma) / area_ratio(mach, gamma)
    if fall >= pressure_ratio:
        return fanno_length(mach, gamma)
    flux = (fall / pressure_ratio) ** 2
    # p/p* = M^-1 ((gamma+1)/(2+(gamma-1) M^2))^(1/2) solved for M^2.
    square = (gamma + 1.0) * flux / (1.0 + math.sqrt(1.0 + (gamma * gamma - 1.0) * flux))
    return fanno_length(mach, gamma) - fanno_length(math.sqrt(square), gamma)


def _friction_length(reynolds: float, slenderness: float, wall: float, section: _DuctSection) -> float:
    """4 f L/D: laminar, turbulent, or their mean."""
    turbulent = _turbulent_weight(reynolds)
    total = 0.0
    if turbulent < 1.0:
        total += (1.0 - turbulent) * _laminar_length(slenderness / reynolds, wall, section)
    if turbulent > 0.0:
        total += turbulent * slenderness * _smooth_pipe(reynolds)
    return total


def _smooth_pipe(reynolds: float) -> float:
    """Darcy's friction factor (0.79 ln Re - 1.64)^-2; 1 % for 3000 < Re < 5e6."""
    return float((0.79 * math.log(reynolds) - 1.64) ** -2)


def _turbulent_weight(reynolds: float) -> float:
    """Weight of turbulent friction, linear in log(Re) between the two limits."""
    weight = math.log(reynolds / LAMINAR_UP_TO) / math.log(TURBULENT_FROM / LAMINAR_UP_TO)
    return min(max(weight, 0.0), 1.0)


def _laminar_length(position: float, wall: float, section: _DuctSection) -> float:
    """4 f_app L/D of developing laminar flow at x+ = (L/D)/Re, with its developed part times `wall`."""
    if position < SHORTEST:
        return 0.0
    root = 13.76 * math.sqrt(position)
    late = section.defect + section.developed * wall * position
    return root + (late - root) / (1.0 + section.spread / position**2)


def _wall_factor(leak: Leak, section: _DuctSection) -> float:
    """Developed friction over that of a dense gas in an endless bore: less by slip, more by the ends."""
    length = leak.kinetic_length
    if length == 0.0 or math.isinf(leak.delta):
        return 1.0
    flow = section.poiseuille_mean(leak.delta, leak.delta * leak.pressure_ratio)
    dense = section.viscous_slope * leak.delta * 0.5 * (1.0 + leak.pressure_ratio)
    return dense / flow * _end_factor(leak, section)


def _end_factor(leak: Leak, section: _DuctSection) -> float:
    """Effective over true length: in dense gas by creeping flow, in rarefied gas by Clausing's flow."""
    length, delta = leak.kinetic_length, min(leak.delta, SMALL_DELTA)
    free_molecular = section.transmission(length) * length / math.sqrt(math.pi)
    endless = section.poiseuille_mean(delta, delta * leak.pressure_ratio)
    slow = section.slow_end / length
    rarefied = max(endless / free_molecular - 1.0 - slow, -slow)
    return 1.0 + slow + rarefied / (1.0 + leak.delta)


def _uncertainty(leak: Leak, reynolds: float, length: float, entry_loss: float, laminar: float) -> float:
    """Relative uncertainty of the flow; `laminar` is the friction length if the flow were laminar."""
    whole = 1.0 + entry_loss + length
    friction, mixed = length / whole, _turbulent_weight(reynolds)
    finite = 0.0 if leak.breach.length is None else SLIT_FRICTION_FALL * leak.breach.size / leak.breach.length
    parts = [ENTRY_UNCERTAINTY * (1.0 - friction), FRICTION_UNCERTAINTY * friction, finite * friction]
    if 0.0 < mixed < 1.0:
        rough = (length - (1.0 - mixed) * laminar) / mixed
        parts.append(0.5 * abs(rough - laminar) / whole * math.sqrt(mixed * (1.0 - mixed)))
    return math.hypot(*parts)
