"""Mass flow through long tubes and cracks by friction alone, at any rarefaction; no numpy.

mdot = (area a/(v0 L)) Gm (p1 - p2), v0 = sqrt(2 R_g T), Gm the mean over pressure of the flow rate G of the
linearized BGK equation (`kinetic`), a the radius of a tube or the opening of a crack; isothermal, diffuse
walls. Two effects that the formula leaves out reduce the flow; they are estimated and added to the
uncertainty:

- ends: an additional length of 3 pi R/8 (tube; Z. Dagan, S. Weinbaum, R. Pfeffer, J. Fluid Mech. 115 (1982)
  505) or 8 h/(3 pi) (crack; H. Hasimoto, J. Phys. Soc. Japan 13 (1958) 633) in slow viscous flow. In rarefied
  gas the end effect of a tube is the excess of 8 R/(3 L) over Clausing's transmission, which fades out as
  1/(1 + delta); that of a crack is h/delta, a free path. Both are judgments between known limits, not
  theories;
- inertia: with m = mdot sqrt(R_g T)/area, acceleration takes m^2 (2 + 2 beta ln(p1/p_e)) of p1^2 - p2^2, and
  p_e^2 - p2^2 where the exit chokes, p_e = max(p2, m). beta = 4/3 (tube) or 6/5 (crack) is the momentum
  factor of the parabolic profile; the first 2 is that of the entry (isothermal flow with friction: A. H.
  Shapiro, 1953, chapter 6). Into vacuum the estimate is above the deficit found with Fanno's equations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_positive
from breachflow.theory.rarefied import transmission
from breachflow.theory.rarefied.kinetic import (
    MODEL_UNCERTAINTY,
    channel_poiseuille_mean,
    tube_poiseuille_mean,
)
from breachflow.theory.rarefied.rarefaction import rarefaction_parameter

SHORTEST: Final = 20.0
"""Smallest depth over radius or opening."""

NARROWEST: Final = 10.0
"""Smallest width of a crack over its opening."""

CRACK_MOMENTUM: Final = 6.0 / 5.0
TUBE_MOMENTUM: Final = 4.0 / 3.0
"""beta: the mean square of the parabolic profile over the square of its mean."""

SIDE_WALLS: Final = 0.63
"""The side walls of a crack reduce its flow by this times opening over width (F. M. White 2006, 3-3)."""

LAMINAR_UP_TO: Final = 1000.0
"""Reynolds number up to which the flow is laminar; with a smooth entry, up to twice that."""

LARGEST_INERTIA: Final = 0.25
"""Part of p1^2 - p2^2 that acceleration may take."""
FEWEST_COLLISIONS: Final = 10.0
"""delta L/h, the depth of a crack in free paths, below which molecules fly through along the walls."""

SLIP: Final = 1.018
"""Velocity slip coefficient of a monatomic gas, diffuse wall (F. Sharipov and V. Seleznev 1998)."""

SLIP_RANGE: Final = 10.0
"""delta at the inlet from which the slip formula may be used."""


class LongFlow(NamedTuple):
    """Mass flow of a long tube or crack, and what limits its accuracy."""

    mass_flow: float
    """kg/s."""
    uncertainty: float
    """Relative uncertainty: 2 % for the kinetic model; by the rest the true flow may be less."""
    reynolds: float
    """Reynolds number with the hydraulic diameter: 2 mdot/(pi R mu) (tube), 2 mdot/(w mu) (crack)."""
    end_effect: float
    inertia: float
    """Estimates of both effects, relative to the mass flow; the uncertainty includes them."""


class PressureFall(NamedTuple):
    """A gas and the pressures between which it flows; pressure_in > pressure_out >= 0."""

    pressure_in: float
    """Pa."""
    pressure_out: float
    """Pa."""
    viscosity: float
    """Pa s."""
    temperature: float
    """K."""
    specific_gas_constant: float
    """J/(kg K)."""


class Bore(NamedTuple):
    """A bore by its section: lengths in m, area in m2."""

    size: float
    length: float
    area: float
    wetted: float
    """Perimeter of the section."""
    momentum: float
    """Momentum coefficient beta of the section."""
    sides: float
    """Relative reduction of the flow by side walls."""
    end: Callable[[float], float]
    """Relative end effect at a rarefaction parameter."""


def tube_mass_flow(radius: float, length: float, fall: PressureFall) -> LongFlow:
    """mdot = (pi R^3/(v0 L)) Gm (p1 - p2), kg/s; round tube, radius R and length L in m.

    Valid for L/R >= 20, Re <= 1000, estimated inertia below 25 %; raises OutOfRange otherwise. At large delta
    it is Poiseuille's law, pi R^4 (p1^2 - p2^2)/(16 mu L R_g T), times 1 + 8 * 1.016/(delta1 + delta2), here
    1.030:

    >>> flow = tube_mass_flow(10e-6, 0.05, PressureFall(101325.0, 100e3, 1.81e-5, 295.0, 287.05))
    >>> poiseuille = math.pi * 1e-20 * (101325.0**2 - 1e10) / (16 * 1.81e-5 * 0.05 * 287.05 * 295.0)
    >>> round(flow.mass_flow / poiseuille, 3)
    1.03
    """
    return _long_flow(tube_bore(radius, length), fall, tube_poiseuille_mean)


def crack_mass_flow(opening: float, depth: float, width: float, fall: PressureFall) -> LongFlow:
    """mdot = w (h^2/(v0 L)) Gm (p1 - p2), kg/s; opening h, depth L along the flow, width w along the wall, m.

    Valid for L/h >= 20, w/h >= 10, delta L/h >= 10, Re <= 1000, estimated inertia below 25 %; raises
    OutOfRange otherwise. Worked example: leaks of 2.7 and 3.9 lb/day, read off the pressure record of a
    station module with a volume as commonly quoted, not verified, are those of cracks 25 mm long through
    walls of 3 and 2 mm, with openings of 18.0 and 17.7 um.

    >>> cracks = ((18.0e-6, 3e-3), (17.7e-6, 2e-3))
    >>> vacuum = PressureFall(101325.0, 0.0, 1.81e-5, 295.0, 287.05)
    >>> flows = [crack_mass_flow(h, L, 0.025, vacuum) for h, L in cracks]
    >>> [round(flow.mass_flow * 86400 / 0.4536, 1) for flow in flows]
    [2.7, 3.9]
    """
    return _long_flow(crack_bore(opening, depth, width), fall, channel_poiseuille_mean)


def slip_tube_mass_flow(radius: float, length: float, fall: PressureFall) -> LongFlow:
    """Laminar flow with slip: Gm = (delta1 + delta2)/8 + 1.018, kg/s; delta1 >= 10.

    Raises OutOfRange otherwise, and as `tube_mass_flow` does. The flow is less than the kinetic flow by at
    most 0.5/delta1 (into vacuum, where it is worst: 4.4 % at delta1 = 10, 0.5 % at 50). By hand: delta1 =
    136, pi 1e-15/(411.5 * 0.05) (136/8 + 1.018) 101325 kg/s.

    >>> vacuum = PressureFall(101325.0, 0.0, 1.81e-5, 295.0, 287.05)
    >>> round(slip_tube_mass_flow(10e-6, 0.05, vacuum).mass_flow * 1e10, 2)
    2.79
    """
    return _slip_flow(tube_bore(radius, length), fall, 8.0, 0.5)


def slip_crack_mass_flow(opening: float, depth: float, width: float, fall: PressureFall) -> LongFlow:
    """Laminar flow with slip: mdot/w = (h^2/(v0 L)) ((delta1 + delta2)/12 + 1.018) (p1 - p2), kg/s.

    delta1 >= 10. Raises OutOfRange otherwise, and as `crack_mass_flow` does. The flow is less than the
    kinetic flow by at most 1/delta1 (into vacuum, where it is worst: 9.7 % at delta1 = 10, 4.6 % at 20, 1.3 %
    at 50).

    >>> vacuum = PressureFall(101325.0, 0.0, 1.81e-5, 295.0, 287.05)
    >>> flow = slip_crack_mass_flow(18e-6, 3e-3, 0.025, vacuum)
    >>> round(flow.mass_flow * 86400 / 0.4536, 1)
    2.7
    """
    return _slip_flow(crack_bore(opening, depth, width), fall, 12.0, 1.0)


def _slip_flow(bore: Bore, fall: PressureFall, divisor: float, defect: float) -> LongFlow:
    """Gm = (delta1 + delta2)/divisor + 1.018; the kinetic flow is more by up to defect/delta1."""
    delta = inlet_delta(bore, fall)
    if delta < SLIP_RANGE:
        raise OutOfRange(f"the slip formula holds from delta = {SLIP_RANGE:g} at the inlet, not {delta:.3g}")
    flow = _long_flow(bore, fall, lambda inlet, outlet: (inlet + outlet) / divisor + SLIP)
    return flow._replace(uncertainty=flow.uncertainty + defect / delta)


def tube_bore(radius: float, length: float) -> Bore:
    """A round tube; raises OutOfRange where it is not long."""
    _require_long("radius", radius, length)
    area, wetted = math.pi * radius * radius, 2.0 * math.pi * radius
    slow = 3.0 * math.pi / 8.0 * radius / length
    # Relative excess of 8 R/(3 L) over Clausing's transmission.
    free = 8.0 / 3.0 * radius / length / transmission.long_tube_transmission(length / radius) - 1.0
    return Bore(
        radius, length, area, wetted, TUBE_MOMENTUM, 0.0, lambda delta: slow + (free - slow) / (1.0 + delta)
    )


def crack_bore(opening: float, depth: float, width: float) -> Bore:
    """A crack; raises OutOfRange where it is not deep and wide."""
    _require_long("opening", opening, depth)
    if not NARROWEST * opening <= width < math.inf:
        raise OutOfRange(f"width = {width:g} m must be at least {NARROWEST:g} openings of {opening:g} m")

    def end(delta: float) -> float:
        if delta * depth < FEWEST_COLLISIONS * opening:
            raise OutOfRange(
                f"delta L/h = {delta * depth / opening:.3g} is below {FEWEST_COLLISIONS:g}: molecules fly "
                "through without a collision; use the transmission probability of a channel"
            )
        return (8.0 / (3.0 * math.pi) + 1.0 / delta) * opening / depth

    sides = SIDE_WALLS * opening / width
    return Bore(opening, depth, opening * width, 2.0 * width, CRACK_MOMENTUM, sides, end)


def _long_flow(bore: Bore, fall: PressureFall, mean: Callable[[float, float], float]) -> LongFlow:
    """The flow with Gm = mean(delta1, delta2), and the estimates of what it leaves out."""
    require_fall(fall)
    delta = inlet_delta(bore, fall)
    speed = math.sqrt(2.0 * fall.specific_gas_constant * fall.temperature)
    rate = mean(delta, delta * fall.pressure_out / fall.pressure_in)
    mass_flow = bore.area * bore.size / (speed * bore.length) * rate * (fall.pressure_in - fall.pressure_out)
    reynolds = 4.0 * mass_flow / (bore.wetted * fall.viscosity)
    inertia, end = _inertia(bore, fall, mass_flow), bore.end(delta)
    _require_slow(reynolds, inertia)
    return LongFlow(mass_flow, MODEL_UNCERTAINTY + end + inertia + bore.sides, reynolds, end, inertia)


def _inertia(bore: Bore, fall: PressureFall, mass_flow: float) -> float:
    """Part of p1^2 - p2^2 that acceleration takes; see the docstring of the module."""
    flux = mass_flow / bore.area * math.sqrt(fall.specific_gas_constant * fall.temperature)
    exit_pressure = max(fall.pressure_out, flux)
    log = math.log(max(fall.pressure_in / exit_pressure, 1.0))
    spent = flux**2 * (2.0 + 2.0 * bore.momentum * log) + exit_pressure**2 - fall.pressure_out**2
    return float(spent / (fall.pressure_in**2 - fall.pressure_out**2))


def require_fall(fall: PressureFall) -> None:
    """Raises OutOfRange unless the pressure falls, 0 <= pressure_out < pressure_in."""
    if not 0.0 <= fall.pressure_out < fall.pressure_in:
        raise OutOfRange(
            f"outlet pressure {fall.pressure_out:g} Pa must lie in [0, {fall.pressure_in:g}),"
            " below the inlet's"
        )


def inlet_delta(bore: Bore, fall: PressureFall) -> float:
    """Rarefaction parameter delta1 at the inlet."""
    return rarefaction_parameter(
        bore.size, fall.viscosity, fall.pressure_in, fall.temperature, fall.specific_gas_constant
    )


def _require_long(name: str, size: float, length: float) -> None:
    """Raises OutOfRange where the bore is not long."""
    require_positive(name, size)
    if not SHORTEST * size <= length < math.inf:
        raise OutOfRange(f"length = {length:g} m must be at least {SHORTEST:g} times the {name}, {size:g} m")


def _require_slow(reynolds: float, inertia: float) -> None:
    """Raises OutOfRange where the flow may be turbulent or inertia is large."""
    if reynolds > LAMINAR_UP_TO:
        raise OutOfRange(f"Reynolds number {reynolds:.3g} is above {LAMINAR_UP_TO:g}: not surely laminar")
    if inertia > LARGEST_INERTIA:
        raise OutOfRange(
            f"inertia would take {100.0 * inertia:.0f} % of the flow, above {100.0 * LARGEST_INERTIA:.0f} %: "
            "the flow nears choking, which friction alone does not describe"
        )
