"""The chain of formulas behind an estimate, with the numbers put in; no numpy at import."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from breachflow.constants import GAS_CONSTANT, SECONDS_PER_DAY
from breachflow.leak.answer import GIVEN, Estimate
from breachflow.theory.streams.nozzle import critical_pressure_ratio, mass_flux

TITLE_WIDTH: Final = 3
"""Width of the number of a step and of the indent of its lines."""


def explanation(estimate: Estimate) -> list[str]:
    """The steps from the hole to the flow as lines of text: what is computed, the formula, the numbers.

    >>> from breachflow import estimate
    >>> found = estimate(diameter="2 mm", pressure="1 atm", temperature="295 K")
    >>> print("\\n".join(explanation(found)[:2]))
     1 Area of the hole
       A = pi d^2/4 = 3.14159 x (0.002 m)^2/4 = 3.14159e-06 m2
    """
    lines: list[str] = []
    steps = (_area, _choking, _flux, _ideal, _regime, _coefficient, _flow, _certainty, _volume)
    found = [step for step in (list(make(estimate)) for make in steps) if step]
    for number, (title, *rest) in enumerate(found, start=1):
        lines.append(f"{number:>{TITLE_WIDTH - 1}} {title}")
        lines.extend(f"{'':{TITLE_WIDTH}}{line}" for line in rest)
    return lines


def _area(estimate: Estimate) -> Iterator[str]:
    yield "Area of the hole"
    if estimate.length is None:
        yield f"A = pi d^2/4 = 3.14159 x ({estimate.size:.6g} m)^2/4 = {estimate.area:.6g} m2"
    else:
        yield f"A = w L = {estimate.size:.6g} m x {estimate.length:.6g} m = {estimate.area:.6g} m2"


def _choking(estimate: Estimate) -> Iterator[str]:
    gamma, ratio = estimate.heat_capacity_ratio, estimate.pressure_ratio
    critical = critical_pressure_ratio(gamma)
    yield "Is the flow choked?"
    yield f"r = p_outside/p0 = {estimate.outside_pressure:.6g} Pa/{estimate.pressure:.6g} Pa = {ratio:.4g}"
    yield f"gamma = {gamma:.4g} ({estimate.gas}); r* = (2/(gamma + 1))^(gamma/(gamma - 1)) = {critical:.4g}"
    if estimate.choked:
        yield "r <= r*: choked. The speed of sound is reached, and the pressure outside does not matter."
    else:
        yield "r > r*: not choked. The flow depends on the pressure outside."


def _flux(estimate: Estimate) -> Iterator[str]:
    yield "Ideal mass flux, dimensionless"
    if estimate.choked:
        yield "phi = sqrt(gamma) (2/(gamma + 1))^((gamma + 1)/(2 (gamma - 1)))"
    else:
        yield "phi = sqrt(2 gamma/(gamma - 1) (r^(2/gamma) - r^((gamma + 1)/gamma)))"
    yield f"    = {_mass_flux(estimate):.5g}"


def _mass_flux(estimate: Estimate) -> float:
    """phi."""
    return mass_flux(estimate.pressure_ratio, estimate.heat_capacity_ratio)


def _ideal(estimate: Estimate) -> Iterator[str]:
    constant, flux = GAS_CONSTANT / estimate.molar_mass, _mass_flux(estimate)
    yield "Ideal mass flow: isentropic, through the whole area"
    yield f"R = R_u/M = 8.31446 J/(mol K)/{estimate.molar_mass:.6g} kg/mol = {constant:.5g} J/(kg K)"
    yield (
        f"mdot_ideal = phi A p0/sqrt(R T0) = {flux:.5g} x {estimate.area:.5g} m2 x {estimate.pressure:.6g} Pa"
        f"/sqrt({constant:.5g} x {estimate.temperature:.6g}) m/s = {estimate.ideal_mass_flow:.4g} kg/s"
    )


def _regime(estimate: Estimate) -> Iterator[str]:
    yield "Do molecules collide on their way through?"
    throat = f"{estimate.throat_pressure:.5g} Pa, {estimate.throat_temperature:.5g} K"
    if estimate.knudsen is None:
        low, high = estimate.knudsen_bounds
        yield f"The viscosity is not known. By its bounds, Kn in the throat ({throat}) is"
        yield f"{low:.2g} to {high:.2g}."
    else:
        path = estimate.knudsen * estimate.size
        yield f"mean free path = mu/p sqrt(pi R T/2) in the throat ({throat}) = {path:.3g} m"
        yield f"Kn = mean free path/size = {estimate.knudsen:.3g}"
    yield f"The regime is {estimate.regime}. {estimate.regime_sentence}"


def _coefficient(estimate: Estimate) -> Iterator[str]:
    if estimate.discharge_coefficient is None:
        return
    yield "Discharge coefficient: the part of the ideal flow that passes a real hole"
    if estimate.law == GIVEN:
        yield f"C_d = {estimate.discharge_coefficient:.4g}, as given"
        return
    known = {law.name: law for law in estimate.laws}
    for name, weight in estimate.basis.items():
        yield f"{weight:.0%} {name}: {known[name].title} ({known[name].source})"
    yield f"C_d = {estimate.discharge_coefficient:.4g}"


def _flow(estimate: Estimate) -> Iterator[str]:
    coefficient, flow = estimate.discharge_coefficient, estimate.mass_flow
    yield "Mass flow"
    if coefficient is None:
        yield "No difference of pressures, no flow."
        return
    yield (
        f"mdot = C_d mdot_ideal = {coefficient:.4g} x {estimate.ideal_mass_flow:.4g} kg/s = {flow:.4g} kg/s"
        f" = {flow * SECONDS_PER_DAY:.4g} kg/day"
    )


def _certainty(estimate: Estimate) -> Iterator[str]:
    laws, flow, gas = estimate.law_uncertainty, estimate.mass_flow, estimate.perfect_gas_uncertainty
    if laws is None or estimate.mass_flow_uncertainty is None or flow == 0.0:
        return
    yield "How sure this is, one standard deviation"
    total = math.hypot(laws / flow, gas)
    yield (
        f"laws {laws / flow:.2%}, perfect gas {gas:.2%} (Z = {estimate.compressibility:.4g}):"
        f" together sqrt({laws / flow:.4f}^2 + {gas:.4f}^2) = {total:.2%}"
    )


def _volume(estimate: Estimate) -> Iterator[str]:
    if estimate.volume is None or estimate.pressure_rate is None:
        return
    constant = GAS_CONSTANT / estimate.molar_mass
    yield "Fall of the pressure in the volume, at constant temperature"
    yield (
        f"dp/dt = -mdot R T0/V = -{estimate.mass_flow:.4g} kg/s x {constant:.5g} J/(kg K) x"
        f" {estimate.temperature:.6g} K/{estimate.volume:.6g} m3 = {estimate.pressure_rate:.4g} Pa/s"
    )
