"""Everything that closed forms say of a leak, put together; no numpy at import."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak import laws
from breachflow.leak.blend.best_estimate import estimate_leak
from breachflow.leak.blend.rarefied import rise_share
from breachflow.leak.breach import Breach, Leak, LeakState
from breachflow.leak.fall_time import fall_time
from breachflow.leak.fitted.round_hole import thin_round_vacuum_thrust
from breachflow.leak.throat import low_reynolds_caution
from breachflow.theory.emptying import blowdown
from breachflow.theory.rarefied import rarefaction
from breachflow.theory.slit.table import tabulated_reaction_coefficient
from breachflow.theory.streams import nozzle

UNKNOWN: Final = "unknown"
GIVEN: Final = "given"

INVISCID_LAWS: Final = ("thin-vacuum", "perry", "slit", "bragg", "jobson", "ideal")
WIDE: Final = 0.1
"""Relative uncertainty from which a flow is flagged."""


class Choice(NamedTuple):
    """How the mass flow is found: by the best estimate, or by one law or coefficient that was asked for."""

    law: str | laws.Law | None = None
    """The name of one of the table, or one of the caller's."""
    coefficient: float | None = None


class Drain(NamedTuple):
    """A volume that empties, m3, and the pressure, Pa, until which the time is wanted."""

    volume: float
    until: float | None = None


@dataclass(frozen=True)
class LawAnswer:
    """One law of the registry about this leak; flows in kg/s, None where it does not hold."""

    name: str
    title: str
    source: str
    range: str
    why_not: str
    mass_flow: float | None
    mass_flow_uncertainty: float | None
    ratio: float | None
    """To the expected mass flow."""


@dataclass(frozen=True)
class Estimate:
    """What `breachflow estimate` reports, in SI units; the JSON keys are the field names."""

    shape: str
    area: float
    depth_ratio: float
    outside_pressure: float
    pressure_ratio: float
    choked: bool
    ideal_mass_flow: float
    mass_flow: float
    mass_flow_uncertainty: float | None
    discharge_coefficient: float | None
    discharge_coefficient_uncertainty: float | None
    discharge_coefficient_source: str
    law: str
    law_range: str
    basis: dict[str, float]
    throughput: float
    thrust: float
    throat_pressure: float
    throat_temperature: float
    throat_density: float
    throat_speed: float
    reynolds: float | None
    knudsen: float | None
    rarefaction_parameter: float | None
    regime: str
    inviscid_holds: bool | None
    regime_sentence: str
    warnings: list[str]
    laws: list[LawAnswer]
    pressure_rate: float | None
    time_constant: float | None
    until: float | None
    isothermal_time: float | None
    adiabatic_time: float | None


class _Flow(NamedTuple):
    value: float
    uncertainty: float | None
    law: str
    basis: dict[str, float]
    source: str
    range: str


class _Regime(NamedTuple):
    label: str
    inviscid_holds: bool | None
    sentence: str


def estimate(breach: Breach, state: LeakState, choice: Choice, drain: Drain | None = None) -> Estimate:
    """The closed forms put together; raises OutOfRange where one that was asked for does not hold.

    Worked example: a thin 2 mm hole of a cabin at 1 atm, 295 K loses 53.7 kg/day.

    >>> from breachflow.leak.breach import Section
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 101325.0, 295.0)
    >>> round(estimate(Breach(Section.ROUND, 2e-3), state, Choice(coefficient=0.83)).mass_flow * 86400, 1)
    53.7
    """
    leak = Leak(breach, state)
    flow = _flow(leak, choice)
    throat, regime = leak.throat.state, _regime(leak)
    rate = None
    if drain is not None:
        rate = blowdown.pressure_rate(flow.value, drain.volume, state.temperature, leak.specific_gas_constant)
    isothermal, adiabatic = _times(leak, choice, drain)
    return Estimate(
        shape=breach.description,
        area=breach.area,
        depth_ratio=breach.depth_ratio,
        outside_pressure=state.outside_pressure,
        pressure_ratio=state.outside_pressure / state.pressure,
        choked=leak.choked,
        ideal_mass_flow=leak.ideal,
        mass_flow=flow.value,
        mass_flow_uncertainty=flow.uncertainty,
        discharge_coefficient=_share(flow.value, leak.ideal),
        discharge_coefficient_uncertainty=_share(flow.uncertainty, leak.ideal),
        discharge_coefficient_source=flow.source,
        law=flow.law,
        law_range=flow.range,
        basis=flow.basis,
        throughput=flow.value * leak.specific_gas_constant * state.temperature,
        thrust=_thrust(leak, flow),
        throat_pressure=throat.pressure,
        throat_temperature=throat.temperature,
        throat_density=throat.density,
        throat_speed=throat.speed,
        reynolds=_known(leak.reynolds(flow.value)),
        knudsen=_known(leak.knudsen),
        rarefaction_parameter=_known(leak.delta),
        regime=regime.label,
        inviscid_holds=regime.inviscid_holds,
        regime_sentence=regime.sentence,
        warnings=_warnings(leak, flow, regime),
        laws=[_answer(verdict, flow.value) for verdict in _verdicts(leak, choice)],
        pressure_rate=rate,
        time_constant=-state.pressure / rate if rate else None,
        until=None if drain is None else drain.until,
        isothermal_time=isothermal,
        adiabatic_time=adiabatic,
    )


def _flow(leak: Leak, choice: Choice) -> _Flow:
    if choice.coefficient is not None:
        return _Flow(choice.coefficient * leak.ideal, None, GIVEN, {}, GIVEN, "")
    if choice.law is not None:
        return _flow_by(choice.law if isinstance(choice.law, laws.Law) else laws.law_named(choice.law), leak)
    best = estimate_leak(leak)
    law = laws.law_named(best.basis[0][0])
    return _Flow(best.mass_flow, best.uncertainty, law.name, dict(best.basis), law.source, law.range)


def _flow_by(law: laws.Law, leak: Leak) -> _Flow:
    verdict = laws.judge(law, leak)
    if verdict.flow is None:
        raise OutOfRange(f"the law {law.name} holds for {law.range}; here: {verdict.why_not}")
    value, uncertainty = verdict.flow
    return _Flow(value, uncertainty, law.name, {law.name: 1.0}, law.source, law.range)


def _verdicts(leak: Leak, choice: Choice) -> list[laws.LawVerdict]:
    """On the caller's law first, then on every other."""
    own = [laws.judge(choice.law, leak)] if isinstance(choice.law, laws.Law) else []
    return own + laws.verdicts(leak)


def _regime(leak: Leak) -> _Regime:
    if leak.viscosity_unknown:
        sentence = f"The continuum assumption was not checked: {leak.viscosity_unknown}."
        return _Regime(UNKNOWN, None, sentence)
    regime = rarefaction.regime(leak.knudsen)
    return _Regime(str(regime), regime.inviscid_holds, regime.sentence)


def _warnings(leak: Leak, flow: _Flow, regime: _Regime) -> list[str]:
    """What a reader must know before using the flow."""
    if regime.inviscid_holds is None:
        return [f"{regime.label} regime: {regime.sentence}"]
    if flow.law == GIVEN and not regime.inviscid_holds:
        return [f"{regime.label} flow: {regime.sentence}"]
    found = []
    caution = low_reynolds_caution(leak.reynolds(flow.value))
    if caution and _frictionless(flow):
        found.append(f"{caution}.")
    if flow.uncertainty is not None and flow.uncertainty > WIDE * flow.value:
        found.append(f"the laws for this regime are known to {flow.uncertainty / flow.value:.0%} only.")
    return found


def _frictionless(flow: _Flow) -> bool:
    """Whether nothing in it knows of viscosity: no coefficient that is given, and no law of the caller's."""
    return not any(name in laws.NAMES and name not in INVISCID_LAWS for name in flow.basis)


def _thrust(leak: Leak, flow: _Flow) -> float:
    """N: a jet where the gas is dense, of a thin slit exactly; effusing molecules press half as much.

    A slit's and, into a vacuum, a round hole's thrust are known; else the stream is taken as one-dimensional.
    """
    state, ratio = leak.state, leak.pressure_ratio
    coefficient = _share(flow.value, leak.ideal) or 0.0
    jet = nozzle.thrust_ratio(ratio, leak.gamma, coefficient)
    if slit := flow.basis.get("slit", 0.0):
        jet += slit * (tabulated_reaction_coefficient(ratio, leak.gamma) - jet)
    if hole := flow.basis.get("thin-vacuum", 0.0):
        jet += hole * (thin_round_vacuum_thrust(leak.gamma) - ratio - jet)
    speed = math.sqrt(0.5 * math.pi * leak.specific_gas_constant * state.temperature)
    dense = rise_share(leak.delta)
    return dense * jet * state.pressure * leak.breach.area + (1.0 - dense) * flow.value * speed


def _times(leak: Leak, choice: Choice, drain: Drain | None) -> tuple[float | None, float | None]:
    if drain is None or drain.until is None:
        return None, None
    until = drain.until

    def mass_flow(state: LeakState) -> float:
        try:
            return _flow(Leak(leak.breach, state), choice).value
        except OutOfRange as reason:
            way = f"on the way to {until:.6g} Pa, at {state.pressure:.6g} Pa"
            raise OutOfRange(f"{way}: {reason}") from reason

    isothermal, adiabatic = (
        fall_time(leak.state, until, drain.volume, mass_flow, adiabatic) for adiabatic in (False, True)
    )
    return isothermal, adiabatic


def _answer(verdict: laws.LawVerdict, expected: float) -> LawAnswer:
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
        ratio=_share(value, expected),
    )


def _share(value: float | None, whole: float) -> float | None:
    return None if value is None or whole == 0.0 else value / whole


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
