"""An estimate of a leak from closed forms: what `breachflow.estimate` and the command `estimate` give."""

from __future__ import annotations

from breachflow.leak.answer import Estimate, estimate_leak
from breachflow.leak.arguments import (
    VACUUM,
    GasArgument,
    LawArgument,
    Quantified,
    read_breach,
    read_choice,
    read_drain,
    read_state,
)


def estimate(
    *,
    pressure: Quantified,
    temperature: Quantified,
    diameter: Quantified | None = None,
    width: Quantified | None = None,
    length: Quantified | None = None,
    wall_thickness: Quantified = 0.0,
    edge_radius: Quantified = 0.0,
    gas: GasArgument = "air",
    outside: Quantified = VACUUM,
    law: LawArgument | None = None,
    discharge_coefficient: float | None = None,
    volume: Quantified | None = None,
    until: Quantified | None = None,
) -> Estimate:
    """Estimate from closed forms how gas leaves through a hole: mass flow, thrust, regime. No mesh, no field.

    The expected flow is continuous from the smallest crack to the largest hole. A quantity is text with a
    unit, such as "2 mm", or a number in SI units: m, Pa, K, m3.

    Args:
        pressure: Pressure of the gas at rest inside.
        temperature: Temperature of that gas, and of the walls.
        diameter: Diameter of a round hole or tube.
        width: Width of a slit or opening of a crack; with `length`.
        length: Length of a slit or crack along the wall, at least twice its width.
        wall_thickness: Depth along the flow: of the wall, a tube or a crack.
        edge_radius: Radius of the upstream edge; 0 is a sharp edge.
        gas: The name of a gas ("air", "helium", ...), a `Species`, or a table of numbers with the keys gamma,
            molar_mass (number: kg/mol) and, if known, viscosity at 300 K (number: Pa s).
        outside: Pressure outside, or "vacuum".
        law: Only this law, within its range: a name of `breachflow estimate --list`, the table.h5 of a sweep
            to which a law was fitted, or a `Law`. Without it the best estimate of all.
        discharge_coefficient: Coefficient to compute the flow with, above 0 and at most 1, instead of a law.
        volume: Volume that empties; adds the rate of the pressure.
        until: Pressure, with `volume`; adds the time until the pressure has fallen to it.

    Returns:
        The estimate: its attributes are in SI units; `print` shows it in the units that people use.

    Raises UsageError where an argument is missing, cannot be read or contradicts another, OutOfRange where
    the law that was asked for does not hold, and ResultError where a file has no law.

    Worked example: a thin 2 mm hole of a cabin at 1 atm, 295 K loses 53.7 kg/day with a C_d of 0.83.

    >>> found = estimate(diameter="2 mm", pressure="1 atm", temperature=295.0, discharge_coefficient=0.83)
    >>> round(found.mass_flow * 86400, 1), found.regime
    (53.7, 'continuum')
    """
    breach = read_breach(diameter, width, length, wall_thickness, edge_radius)
    state = read_state(gas, pressure, temperature, outside)
    drain = read_drain(volume, until, pressure, state)
    return estimate_leak(breach, state, read_choice(law, discharge_coefficient), drain)
