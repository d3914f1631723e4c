"""The probability of too short a time, by inverting the time of a hole for its diameter.

T falls with the diameter: P(T < t) is the exceedance of the diameter through which the limit is reached in t.
A choked volume loses ln(p0/p) of its mass over its first flow at constant temperature, and
2/(gamma-1) ((p0/p)^((gamma-1)/(2 gamma)) - 1) without heat: the time sets the flow, the flow the diameter.
Penetrations come one by one (Poisson): in L years, 1 - exp(-L sum of N F).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from breachflow.document.faults import Fault, Key
from breachflow.errors import CaseError, OutOfRange
from breachflow.leak.breach import LeakState
from breachflow.leak.inverse.size import equivalent_hole
from breachflow.risk.answer import Chances, PunctureRisk, RiskAnswer, SizeRisk
from breachflow.risk.reach import reach_of
from breachflow.risk.schema import Punctures, RiskCase
from breachflow.risk.sizes import HoleSizes, sizes_of
from breachflow.theory.emptying.blowdown import adiabatic_time, isothermal_time
from breachflow.theory.emptying.exceedance import probability_of_any
from breachflow.theory.streams.nozzle import ideal_mass_flow

LARGE: Final = 0.1
"""Diameter over the cube root of the volume from which a hole is not small to it."""


def answer_of(case: RiskCase) -> RiskAnswer:
    """The probabilities that a case asks for.

    Raises CaseError where a file of holes cannot be read, or where a law does not hold for the gas.
    """
    sizes = {name: sizes_of(holes) for name, holes in case.holes.items()}
    found = {name: _puncture_risk(case, holes, sizes[name]) for name, holes in case.holes.items()}
    hit = list(dict.fromkeys(holes.compartment for holes in case.holes.values()))
    return RiskAnswer(
        title=case.title,
        gas=case.species.name,
        limit=case.limit_pressure,
        limit_name=next(iter(case.limit)),
        years=case.risk.years,
        times=tuple(case.risk.times),
        penetrations=case.risk.years * sum(holes.per_year for holes in case.holes.values()),
        holes=found,
        compartments={
            place: _chances(case, [risk for risk in found.values() if risk.compartment == place])
            for place in hit
        },
        station=_chances(case, list(found.values())),
        warnings=tuple(dict.fromkeys(_warnings(case, found, sizes))),
    )


def _puncture_risk(case: RiskCase, holes: Punctures, sizes: HoleSizes) -> PunctureRisk:
    """The risk of one cause in one compartment. Raises CaseError where a law does not hold for the gas."""
    reach = reach_of(case, holes.compartment, case.species)
    ratio, gamma = case.limit_pressure / reach.pressure, case.species.heat_capacity_ratio
    losses = {"isothermal": isothermal_time(ratio, 1.0), "adiabatic": adiabatic_time(ratio, 1.0, gamma)}
    temperatures = {"isothermal": reach.temperature, "adiabatic": reach.mixed_temperature}
    risks = {}
    for walls, loss in losses.items():
        state = LeakState(case.species, reach.pressure, temperatures[walls])
        flows = [loss * reach.mass / time for time in case.risk.times]
        diameters = tuple(_diameter(case, state, flow, holes.discharge_coefficient) for flow in flows)
        shares = tuple(map(sizes.exceedance, diameters))
        risks[walls] = SizeRisk(diameters, shares)
    return PunctureRisk(
        compartment=holes.compartment,
        empties=reach.names,
        volume=reach.volume,
        per_year=holes.per_year,
        isothermal=risks["isothermal"],
        adiabatic=risks["adiabatic"],
    )


def _diameter(case: RiskCase, state: LeakState, flow: float, coefficient: float | None) -> float:
    """Diameter of the thin round hole with this flow at the start, m.

    Raises CaseError where the best estimate has no answer for the gas, or no hole for the flow.
    """
    if coefficient is None:
        try:
            found = equivalent_hole(state, flow)
        except OutOfRange as reason:
            raise _error(case, ("gas",), str(reason)) from reason
        if found is None:
            why = f"no hole between 1e-12 m and 1000 m loses the {flow:.3g} kg/s that it takes"
            raise _error(case, ("risk", "times"), why)
        return found
    gas = state.gas
    flux = ideal_mass_flow(
        1.0, state.pressure, state.temperature, gas.heat_capacity_ratio, gas.specific_gas_constant
    )
    return math.sqrt(4.0 * flow / (math.pi * coefficient * flux))


def _error(case: RiskCase, key: Key, why: str) -> CaseError:
    return case.origin.source.error([Fault(key, why)])


def _chances(case: RiskCase, risks: Sequence[PunctureRisk]) -> Chances:
    """Probabilities of at least one hole that leaves less than each time."""

    def over_years(shares: Sequence[Sequence[float]]) -> tuple[float, ...]:
        rates = (
            sum(risk.per_year * share[i] for risk, share in zip(risks, shares, strict=True))
            for i in range(len(case.risk.times))
        )
        return tuple(probability_of_any(case.risk.years * rate) for rate in rates)

    return Chances(
        over_years([risk.isothermal.of_a_penetration for risk in risks]),
        over_years([risk.adiabatic.of_a_penetration for risk in risks]),
    )


def _warnings(case: RiskCase, found: dict[str, PunctureRisk], sizes: dict[str, HoleSizes]) -> Iterator[str]:
    """Where a probability rests on few holes, and where a hole is not small to its volume."""
    for name, risk in found.items():
        diameters = (*risk.isothermal.diameter, *risk.adiabatic.diameter)
        yield from (f"{name}: {caution}." for caution in sizes[name].cautions(diameters))
        most = LARGE * case.compartment[risk.compartment].volume ** (1.0 / 3.0)
        if max(diameters) > most:
            at_rest = f"is not small to {risk.compartment}, whose gas is taken to be at rest"
            yield f"{name}: a hole of {1e3 * max(diameters):.3g} mm {at_rest}."
