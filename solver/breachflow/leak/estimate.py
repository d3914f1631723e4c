"""The estimate of a leak: the expected flow, thrust, regime and times, and what each law says; no numpy."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak import laws
from breachflow.leak.answer import GIVEN, Estimate, LawAnswer
from breachflow.leak.blend.best_estimate import best_estimate_of
from breachflow.leak.blend.rarefied import rise_fraction
from breachflow.leak.breach import Breach, Leak, LeakState
from breachflow.leak.conditions import viscosity_caution
from breachflow.leak.fall_time import fall_time
from breachflow.leak.fitted.round_hole import thin_round_vacuum_thrust
from breachflow.leak.plausible import implausible
from breachflow.leak.real_gas import Departure, departure, real_gas_caution, require_gas
from breachflow.leak.throat import low_reynolds_caution
from breachflow.theory.emptying import blowdown
from breachflow.theory.rarefied import rarefaction
from breachflow.theory.slit.table import tabulated_reaction_coefficient
from breachflow.theory.streams import nozzle

UNKNOWN: Final = "unknown"
"""The regime where the viscosity is not known."""

PRESSURE_STEP: Final = 1e-3
"""Relative step of the pressure by which the exponent is found: laws are smooth, and r may be near 1."""

WIDE: Final = 0.1
"""Relative uncertainty of the flow above which a warning is given."""


class Choice(NamedTuple):
    """Method for the mass flow: a law or a coefficient; the best estimate if neither is given."""

    law: str | laws.Law | None = None
    """The name of a law of the table, or a law of the caller's own."""
    coefficient: float | None = None


class Drain(NamedTuple):
    """A volume that empties."""

    volume: float
    """m3."""
    until: float | None = None
    """Pressure, Pa, until which the time is wanted."""


class ExpectedFlow(NamedTuple):
    """The expected flow, and the law with the largest weight in it."""

    value: float
    """kg/s."""
    uncertainty: float | None
    """kg/s."""
    law: str
    basis: dict[str, float]
    """Weight of each law, the largest first."""
    source: str
    range: str
    inviscid: bool
    """Whether all laws in it neglect friction."""


class _Regime(NamedTuple):
    """The flow regime, and what it means for an inviscid answer."""

    label: str
    inviscid_holds: bool | None
    sentence: str


def estimate_leak(breach: Breach, state: LeakState, choice: Choice, drain: Drain | None = None) -> Estimate:
    """The estimate of a leak.

    Raises OutOfRange where breach and state cannot be those of a leak, where a liquid is inside, or where the
    law that was asked for does not hold.

    Worked example: a thin 2 mm hole of a cabin at 1 atm, 295 K loses 53.7 kg/day.

    >>> from breachflow.leak.breach import Section
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 101325.0, 295.0)
    >>> found = estimate_leak(Breach(Section.ROUND, 2e-3), state, Choice(coefficient=0.83))
    >>> round(found.mass_flow * 86400, 1)
    53.7
    """
    leak = Leak(breach, state)
    require_gas(state)
    of_laws, gas = expected_flow(leak, choice), departure(state)
    flow = of_laws._replace(uncertainty=_with_departure(of_laws, gas))
    throat, regime = leak.throat.state, _regime(leak)
    rate = None
    if drain is not None:
        rate = blowdown.pressure_rate(flow.value, drain.volume, state.temperature, leak.specific_gas_constant)
    isothermal, adiabatic = _times(leak, choice, drain)
    return Estimate(
        gas=state.gas.name,
        heat_capacity_ratio=leak.gamma,
        molar_mass=state.gas.molar_mass,
        pressure=state.pressure,
        temperature=state.temperature,
        volume=None if drain is None else drain.volume,
        shape=breach.description,
        size=breach.size,
        length=breach.length,
        area=breach.area,
        depth_ratio=breach.depth_ratio,
        outside_pressure=state.outside_pressure,
        pressure_ratio=state.outside_pressure / state.pressure,
        choked=leak.choked,
        ideal_mass_flow=leak.ideal,
        mass_flow=flow.value,
        mass_flow_uncertainty=flow.uncertainty,
        law_uncertainty=of_laws.uncertainty,
        perfect_gas_uncertainty=gas.uncertainty,
        compressibility=gas.compressibility,
        discharge_coefficient=_over(flow.value, leak.ideal),
        discharge_coefficient_uncertainty=_over(flow.uncertainty, leak.ideal),
        discharge_coefficient_source=flow.source,
        pressure_exponent=_pressure_exponent(leak, choice),
        law=flow.law,
        law_range=flow.range,
        basis=flow.basis,
        throughput=flow.value * leak.specific_gas_constant * state.temperature,
        thrust=_thrust(leak, flow),
        throat_pressure=throat.pressure,
        throat_temperature=throat.temperature,
        throat_density=throat.density,
        throat_speed=throat.speed,
        viscosity=None if leak.viscosity_unknown else leak.viscosity,
        reynolds=_known(leak.reynolds(flow.value)),
        knudsen=_known(leak.knudsen),
        knudsen_bounds=leak.knudsen_bounds,
        rarefaction_parameter=_known(leak.delta),
        regime=regime.label,
        inviscid_holds=regime.inviscid_holds,
        regime_sentence=regime.sentence,
        warnings=tuple(_warnings(leak, of_laws, regime)),
        laws=tuple(_answer(verdict, flow.value) for verdict in _verdicts(leak, choice)),
        pressure_rate=rate,
        time_constant=-state.pressure / rate if rate else None,
        until=None if drain is None else drain.until,
        isothermal_time=isothermal,
        adiabatic_time=adiabatic,
        found=None,
    )


def expected_flow(leak: Leak, choice: Choice) -> ExpectedFlow:
    """The flow by the choice. Raises OutOfRange where its law does not hold."""
    if choice.coefficient is not None:
        return ExpectedFlow(choice.coefficient * leak.ideal, None, GIVEN, {}, GIVEN, "", inviscid=True)
    if choice.law is not None:
        return _flow_by(choice.law if isinstance(choice.law, laws.Law) else laws.law_named(choice.law), leak)
    best = best_estimate_of(leak)
    law = laws.law_named(best.basis[0][0])
    inviscid = all(laws.law_named(name).inviscid for name, _ in best.basis)
    return ExpectedFlow(
        best.mass_flow, best.uncertainty, law.name, dict(best.basis), law.source, law.range, inviscid
    )


def _flow_by(law: laws.Law, leak: Leak) -> ExpectedFlow:
    """The flow by one law; OutOfRange where it does not hold."""
    verdict = laws.judge(law, leak)
    if verdict.flow is None:
        raise OutOfRange(f"the law {law.name} holds for {law.range}; here: {verdict.why_not}")
    value, uncertainty = verdict.flow
    return ExpectedFlow(value, uncertainty, law.name, {law.name: 1.0}, law.source, law.range, law.inviscid)


def _verdicts(leak: Leak, choice: Choice) -> list[laws.LawVerdict]:
    """The verdict on the caller's own law first, then on every law of the table."""
    own = [laws.judge(choice.law, leak)] if isinstance(choice.law, laws.Law) else []
    return own + laws.verdicts(leak)


def _regime(leak: Leak) -> _Regime:
    """The regime by the Knudsen number in the ideal throat; unknown where its bounds lie in two regimes."""
    low, high = leak.knudsen_bounds
    regime = rarefaction.regime(low)
    if regime is not rarefaction.regime(high):
        return _Regime(UNKNOWN, None, f"{viscosity_caution(leak)}.")
    return _Regime(str(regime), regime.inviscid_holds, regime.sentence)


def _warnings(leak: Leak, flow: ExpectedFlow, regime: _Regime) -> list[str]:
    """Cautions on the use of the flow: on the gas, the regime, and friction; `flow` is that by the laws."""
    found = [f"{caution}." for caution in (*implausible(leak), real_gas_caution(leak.state)) if caution]
    if regime.inviscid_holds is None:
        found.append(f"{regime.label} regime: {regime.sentence}")
    elif flow.law == GIVEN and not regime.inviscid_holds:
        found.append(f"{regime.label} flow: {regime.sentence}")
        return found
    caution = low_reynolds_caution(leak.reynolds(flow.value))
    if caution and flow.inviscid:
        found.append(f"{caution}.")
    if leak.breach.angle:
        found.append(
            "the thrust is that of a jet along the bore; a run in space gives the force on the hull."
        )
    if flow.uncertainty is not None and flow.uncertainty > WIDE * flow.value:
        found.append(f"the laws for this regime are known to {flow.uncertainty / flow.value:.0%} only.")
    return found


def _with_departure(flow: ExpectedFlow, gas: Departure) -> float | None:
    """Uncertainty of the flow, kg/s, with that of the perfect gas; None where the coefficient was given."""
    return None if flow.uncertainty is None else math.hypot(flow.uncertainty, gas.uncertainty * flow.value)


def _thrust(leak: Leak, flow: ExpectedFlow) -> float:
    """Thrust, N: of a jet in dense gas, mdot sqrt(pi R T0/2) of effusing molecules, and a mean in between.

    The thrust of a thin slit and, into a vacuum, that of a round hole are known; other jets are taken as
    one-dimensional.
    """
    state, ratio = leak.state, leak.pressure_ratio
    coefficient = _over(flow.value, leak.ideal) or 0.0
    jet = nozzle.thrust_ratio(ratio, leak.gamma, coefficient)
    if slit := flow.basis.get("slit", 0.0):
        jet += slit * (tabulated_reaction_coefficient(ratio, leak.gamma) - jet)
    if hole := flow.basis.get("thin-vacuum", 0.0):
        jet += hole * (thin_round_vacuum_thrust(leak.gamma) - ratio - jet)
    speed = math.sqrt(0.5 * math.pi * leak.specific_gas_constant * state.temperature)
    dense = rise_fraction(leak.delta)
    return dense * jet * state.pressure * leak.breach.area + (1.0 - dense) * flow.value * speed


def _pressure_exponent(leak: Leak, choice: Choice) -> float | None:
    """n = d ln mdot/d ln p0; None where the choice does not hold at two pressures beside each other.

    Temperature and pressure outside stay as they are.
    """
    found = []
    for factor in (1.0 - PRESSURE_STEP, 1.0, 1.0 + PRESSURE_STEP):
        state = leak.state._replace(pressure=factor * leak.state.pressure)
        try:
            found.append((math.log(factor), math.log(expected_flow(Leak(leak.breach, state), choice).value)))
        except (OutOfRange, ValueError):  # outside the range of the law, or no flow
            continue
    if len(found) < 2:
        return None
    (low, before), (high, after) = found[0], found[-1]
    return (after - before) / (high - low)


def _times(leak: Leak, choice: Choice, drain: Drain | None) -> tuple[float | None, float | None]:
    """Isothermal and adiabatic time until the wanted pressure, s; None where none is wanted."""
    if drain is None or drain.until is None:
        return None, None
    until = drain.until

    def mass_flow(state: LeakState) -> float:
        try:
            return expected_flow(Leak(leak.breach, state), choice).value
        except OutOfRange as reason:
            way = f"on the way to {until:.6g} Pa, at {state.pressure:.6g} Pa"
            raise OutOfRange(f"{way}: {reason}") from reason

    isothermal, adiabatic = (
        fall_time(leak.state, until, drain.volume, mass_flow, adiabatic) for adiabatic in (False, True)
    )
    return isothermal, adiabatic


def _answer(verdict: laws.LawVerdict, expected: float) -> LawAnswer:
    """A verdict as plain numbers; `expected` is the expected mass flow, kg/s."""
    law, flow = verdict.law, verdict.flow
    value = None if flow is None else flow.value
    return LawAnswer(
        name=law.name,
        title=law.title,
        source=law.source,
        range=law.range,
        why_not=verdict.why_not,
        mass_flow=value,
        mass_flow_uncertainty=None if flow is None or law.bound else flow.uncertainty,
        ratio=_over(value, expected),
    )


def _over(value: float | None, whole: float) -> float | None:
    """A flow over another one; None without either."""
    return None if value is None or whole == 0.0 else value / whole


def _known(value: float) -> float | None:
    """The number; None where it is nan or infinite."""
    return value if math.isfinite(value) else None
