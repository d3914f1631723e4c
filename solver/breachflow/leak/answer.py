"""The estimate of a leak as a record in SI units, as text and as HTML; no numpy at import."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

from breachflow.constants import SECONDS_PER_DAY
from breachflow.leak.breach import VACUUM
from breachflow.leak.inverse.found import FoundOpening, found_rows
from breachflow.theory.rarefied.rarefaction import Regime
from breachflow.units import PASCALS_PER_MMHG, STANDARD_TEMPERATURE, leak_rate, leak_rate_text
from breachflow.words import Row, plus_minus

GIVEN: Final = "given"
"""The law and its source where the discharge coefficient was given."""

REGIMES: Final = {
    str(Regime.CONTINUUM): "molecules collide far more often than they meet the wall",
    str(Regime.SLIP): "gas slips along the wall",
    str(Regime.TRANSITIONAL): "molecules cross the hole with few collisions",
    str(Regime.FREE_MOLECULAR): "molecules cross the hole without colliding",
}

SMALLEST_SHOWN_WEIGHT: Final = 0.05
"""Smallest weight of a law that the printed estimate names; the record names all of its basis."""


EDGE_SHARE: Final = 0.8
"""Share of the uncertainty below which a law alone does not explain it: it takes a perfect edge."""

SMALLEST_SHOWN_DEPARTURE: Final = 0.001
"""Smallest uncertainty by the perfect gas that is printed."""


@dataclass(frozen=True)
class LawAnswer:
    """Mass flow of a leak by one law of the table."""

    name: str
    title: str
    source: str
    range: str
    """Range of the law, in words."""
    why_not: str
    """Why the law does not hold; empty where it does."""
    mass_flow: float | None
    """Mass flow by the law, kg/s; None where the law does not hold."""
    mass_flow_uncertainty: float | None
    """One standard deviation, kg/s; None where the law does not hold or is a bound."""
    ratio: float | None
    """The law's mass flow over the expected one."""


@dataclass(frozen=True)
class Estimate:
    """Estimate of a leak from closed forms, in SI units. `print` shows it in the units that people use.

    The command `estimate --json` writes these attributes under their names.
    """

    gas: str
    """Name of the gas."""
    heat_capacity_ratio: float
    """gamma of the gas."""
    molar_mass: float
    """kg/mol."""
    pressure: float
    """Pressure inside, Pa."""
    temperature: float
    """Temperature inside, K."""
    volume: float | None
    """Volume that empties, m3; None without one."""
    shape: str
    """thin round hole, thick round hole, tube, slit in a thin wall, slit in a thick wall, or crack."""
    size: float
    """Diameter of the hole, or width of the slit, m."""
    length: float | None
    """Length of the slit, m; None of a round hole."""
    area: float
    """Area of the opening, m2."""
    depth_ratio: float
    """Depth of the hole over its diameter or width."""
    outside_pressure: float
    """Pressure outside, Pa."""
    pressure_ratio: float
    """Outside over inside pressure."""
    choked: bool
    """Whether an ideal nozzle would be choked."""
    ideal_mass_flow: float
    """Isentropic mass flow through the full area, kg/s."""
    mass_flow: float
    """The expected mass flow, kg/s."""
    mass_flow_uncertainty: float | None
    """One standard deviation, kg/s; None where the coefficient was given."""
    law_uncertainty: float | None
    """The part of it that comes from the laws, kg/s."""
    perfect_gas_uncertainty: float
    """Relative part of it that comes from taking the gas as calorically perfect."""
    compressibility: float
    """Z = p/(rho R T) of the real gas inside; 1 where it is not known."""
    discharge_coefficient: float | None
    """Expected over ideal mass flow; None where nothing flows."""
    discharge_coefficient_uncertainty: float | None
    """One standard deviation; None where the coefficient was given or nothing flows."""
    discharge_coefficient_source: str
    """The source of the law with the largest weight; "given" where the coefficient was given."""
    pressure_exponent: float | None
    """n of a mass flow that grows with the pressure inside as p^n, all else unchanged: its local slope.

    None where the law holds at this pressure alone, or nothing flows.
    """
    law: str
    """The law with the largest weight in the expected flow; "given" where the coefficient was given."""
    law_range: str
    """The range of that law, in words."""
    basis: dict[str, float]
    """Weight of each law that the expected flow rests on; empty where the coefficient was given."""
    throughput: float
    """Volume flow times pressure at the inside temperature, Pa m3/s."""
    thrust: float
    """Force of the escaping gas on the hull, N."""
    throat_pressure: float
    """Pressure in the ideal throat, Pa."""
    throat_temperature: float
    """Temperature in the ideal throat, K."""
    throat_density: float
    """Density in the ideal throat, kg/m3."""
    throat_speed: float
    """Speed in the ideal throat, m/s."""
    viscosity: float | None
    """Viscosity of the gas at rest, Pa s; None where it is not known."""
    reynolds: float | None
    """Reynolds number of the expected flow, with size and throat viscosity; None without a viscosity."""
    knudsen: float | None
    """Mean free path in the throat over the size; None where the viscosity is not known."""
    knudsen_bounds: tuple[float, float]
    """Bounds of the Knudsen number; both are its value where the viscosity is known."""
    rarefaction_parameter: float | None
    """delta = p0 a/(mu sqrt(2 R T0)) of the gas at rest; None where the viscosity is not known.

    a is the radius of a round hole or the width of a slit.
    """
    regime: str
    """continuum, slip, transitional, free-molecular or unknown."""
    inviscid_holds: bool | None
    """Whether an inviscid continuum answer can be trusted; None where the regime is not known."""
    regime_sentence: str
    """Meaning of the regime for an inviscid continuum answer."""
    warnings: tuple[str, ...]
    """Cautions on the use of the flow."""
    laws: tuple[LawAnswer, ...]
    """Mass flows by all laws, in the order of the table; a law of the caller's own comes first."""
    pressure_rate: float | None
    """Isothermal rate of change of the pressure in the volume, Pa/s; None without a volume."""
    time_constant: float | None
    """Pressure over its rate of fall, s; None without a volume or a flow."""
    until: float | None
    """Pressure of the two times below, Pa."""
    isothermal_time: float | None
    """Time until that pressure is reached at constant temperature, s: slow leaks."""
    adiabatic_time: float | None
    """Time until that pressure is reached without heat transfer, s: fast leaks."""
    found: FoundOpening | None
    """The opening, where it was looked for from a mass flow; None where its size was given."""

    def __str__(self) -> str:
        """The estimate as the command prints it."""
        return answer_text(self)

    def _repr_html_(self) -> str:
        """The estimate as HTML tables for notebooks."""
        return answer_html(self)


class AnswerSection(NamedTuple):
    """A part of an estimate as text: labels and values under a title."""

    title: str
    rows: list[Row]


def answer_sections(estimate: Estimate) -> list[AnswerSection]:
    """The answer and what limits it; the inputs, the ideal stream, and what each law says."""
    sections = [
        AnswerSection("", [*answer_rows(estimate), *_limit_rows(estimate)]),
        AnswerSection("inputs:", _input_rows(estimate)),
        AnswerSection("ideal stream and its throat:", _ideal_rows(estimate)),
    ]
    if not estimate.mass_flow > 0.0:
        return sections
    holding = [_law_row(answer) for answer in estimate.laws if answer.ratio is not None]
    failing = [
        (answer.name, answer.why_not)
        for answer in estimate.laws
        if answer.ratio is None and answer.name not in estimate.basis
    ]
    return [
        *sections,
        AnswerSection("laws that hold, mass flow over the leak rate above:", holding),
        AnswerSection("laws that do not hold here:", failing),
    ]


def answer_rows(estimate: Estimate) -> list[Row]:
    """The leak rate, the coefficient, the thrust, what a volume loses, and cautions on these numbers."""
    cautions = [("" if number else "cautions", f"- {text}") for number, text in enumerate(estimate.warnings)]
    return [
        *([] if estimate.found is None else found_rows(estimate.found)),
        ("leak rate", _leak_rate(estimate)),
        ("discharge coefficient", _coefficient(estimate)),
        ("thrust", f"about {estimate.thrust:.3g} N"),
        *_exponent_rows(estimate),
        *_volume_rows(estimate),
        *cautions,
    ]


def answer_text(estimate: Estimate) -> str:
    """The estimate as lines of text.

    >>> from breachflow import estimate
    >>> print(answer_text(estimate(diameter="2 mm", pressure="1 atm", temperature="295 K")).splitlines()[1])
      discharge coefficient  0.831 ± 0.008
    """
    return "\n\n".join("\n".join(_lines(section)) for section in answer_sections(estimate))


def answer_html(estimate: Estimate) -> str:
    """The estimate as tables of HTML."""
    return "".join(section_html(section) for section in answer_sections(estimate))


def _lines(section: AnswerSection) -> list[str]:
    """The title and the rows with aligned values."""
    width = max((len(label) for label, _ in section.rows), default=0)
    lines = [f"  {label:<{width}}  {text}".rstrip() for label, text in section.rows]
    return [section.title, *lines] if section.title else lines


def section_html(section: AnswerSection) -> str:
    """The title and the rows as a table."""
    caption = f"<caption>{escape(section.title)}</caption>" if section.title else ""
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(label)}</th>"
        f"<td style='text-align:left'>{escape(text)}</td></tr>"
        for label, text in section.rows
    )
    return f"<table>{caption}{rows}</table>"


def _limit_rows(estimate: Estimate) -> list[Row]:
    """What the answer rests on and how sure it is."""
    return [*_basis_rows(estimate), ("regime", _regime(estimate))]


def _input_rows(estimate: Estimate) -> list[Row]:
    """The hole, the gas inside, what is outside, and the volume."""
    outside = VACUUM if estimate.outside_pressure == 0.0 else f"{estimate.outside_pressure:.6g} Pa"
    choked = "choked" if estimate.choked else "not choked"
    return [
        ("gas", _gas(estimate)),
        ("hole", _hole(estimate)),
        ("outside", f"{outside} (p_outside/p0 = {estimate.pressure_ratio:.4g}, {choked})"),
        *([("volume", f"{estimate.volume:.6g} m3")] if estimate.volume is not None else []),
    ]


def _leak_rate(estimate: Estimate) -> str:
    """The mass flow with its uncertainty, in the units in which a run shows it."""
    standard = leak_rate(estimate.mass_flow, "Pa m3/s", estimate.molar_mass)
    return leak_rate_text(
        {"mass_flow": estimate.mass_flow, "throughput": estimate.throughput, "standard_throughput": standard},
        _relative(estimate),
        {
            "throughput": f" at {estimate.temperature:g} K",
            "standard_throughput": f" at {STANDARD_TEMPERATURE:g} K",
        },
    )


def _gas(estimate: Estimate) -> str:
    """The gas with its numbers, and its state inside."""
    numbers = f"gamma = {estimate.heat_capacity_ratio:.4g}, {estimate.molar_mass * 1e3:.6g} g/mol"
    return f"{estimate.gas} ({numbers}) at {estimate.pressure:.6g} Pa, {estimate.temperature:.6g} K"


def _hole(estimate: Estimate) -> str:
    """Shape, area and depth."""
    depth = f", depth {estimate.depth_ratio:.3g} of its size" if estimate.depth_ratio > 0.0 else ""
    return f"{estimate.shape}, area {estimate.area * 1e6:.4g} mm2{depth}"


def _regime(estimate: Estimate) -> str:
    """The regime, and what it means for the molecules."""
    words = REGIMES.get(estimate.regime)
    return estimate.regime if words is None else f"{estimate.regime}: {words}"


def _relative(estimate: Estimate) -> float:
    """Relative uncertainty of the mass flow, of a measured one its own; nan where it is not known or 0."""
    uncertainty, flow = estimate.mass_flow_uncertainty, estimate.mass_flow
    if estimate.found is not None:
        uncertainty = estimate.found.measured_mass_flow_uncertainty
    return math.nan if uncertainty is None or flow == 0.0 else uncertainty / flow


def _coefficient(estimate: Estimate) -> str:
    """The discharge coefficient with its uncertainty."""
    if estimate.discharge_coefficient is None:
        return "none: no flow"
    if estimate.law == GIVEN:
        return f"{estimate.discharge_coefficient:.4g} ({GIVEN})"
    uncertainty = estimate.discharge_coefficient_uncertainty
    return plus_minus(estimate.discharge_coefficient, math.nan if uncertainty is None else uncertainty)


def _percent(uncertainty: float | None, value: float | None) -> str:
    """A relative uncertainty in per cent; empty without one."""
    return f" ± {100.0 * uncertainty / value:.2g} %" if uncertainty and value else ""


def _basis_rows(estimate: Estimate) -> list[Row]:
    """What the uncertainty of the flow is made of, and the laws that it rests on."""
    if estimate.law == GIVEN or estimate.mass_flow == 0.0:
        return []
    parts = [(law, part) for law, part in _basis(estimate) if part >= SMALLEST_SHOWN_WEIGHT]
    alone = parts[0][1] > 1.0 - SMALLEST_SHOWN_WEIGHT
    shown = parts[:1] if alone else parts
    names = [
        f"{'' if alone else f'{part:.0%} '}{law.name}: {law.title} ({law.source})" for law, part in shown
    ]
    return [
        ("uncertainty", _certainty(estimate, [law for law, _ in shown])),
        *(("" if number else "rests on", name) for number, name in enumerate(names)),
        *([("holds for", shown[0][0].range)] if alone else []),
    ]


def _basis(estimate: Estimate) -> list[tuple[LawAnswer, float]]:
    """The laws of the basis with their weights."""
    known = {answer.name: answer for answer in estimate.laws}
    return [(known[name], weight) for name, weight in estimate.basis.items()]


def _certainty(estimate: Estimate, laws: list[LawAnswer]) -> str:
    """What the uncertainty is made of: the laws, how they are used, and the perfect gas."""
    of_laws = _percent(estimate.law_uncertainty, estimate.mass_flow).strip()
    beyond = [f"{law.name}: {law.why_not}" for law in laws if law.why_not]
    low, high = estimate.knudsen_bounds
    if low < high:
        use, beyond = "of these laws, for every viscosity that the gas may have", []
    elif len(laws) > 1:
        use = "of the mean of these laws" + (", which alone do not hold here" if beyond else "")
    elif beyond:
        use = "of the law, carried beyond its range"
    else:
        edge = (laws[0].mass_flow_uncertainty or 0.0) < EDGE_SHARE * (estimate.law_uncertainty or 0.0)
        use = "of the law within its range" + (" and of a real edge" if edge else "")
    outside = f" ({'; '.join(beyond)})" if beyond else ""
    gas = estimate.perfect_gas_uncertainty
    real = (
        f"; ± {100.0 * gas:.2g} % as the real gas is not perfect" if gas >= SMALLEST_SHOWN_DEPARTURE else ""
    )
    return f"{of_laws} {use}{outside}{real}" if of_laws else f"the law states none{real}"


def _ideal_rows(estimate: Estimate) -> list[Row]:
    """The isentropic mass flow, the gas in its throat, and the numbers that tell the regime."""
    return [
        ("ideal mass flow", f"{estimate.ideal_mass_flow:.4g} kg/s"),
        ("throat pressure", f"{estimate.throat_pressure:.6g} Pa"),
        ("throat temperature", f"{estimate.throat_temperature:.2f} K"),
        ("throat density", f"{estimate.throat_density:.4g} kg/m3"),
        ("throat speed", f"{estimate.throat_speed:.2f} m/s"),
        ("Reynolds number", _known(estimate.reynolds)),
        ("Knudsen number", _knudsen(estimate)),
        ("rarefaction delta", _known(estimate.rarefaction_parameter)),
    ]


def _knudsen(estimate: Estimate) -> str:
    """Mean free path over size, or its bounds."""
    low, high = estimate.knudsen_bounds
    return f"between {low:.2g} and {high:.2g}" if estimate.knudsen is None else f"{estimate.knudsen:.3g}"


def _known(value: float | None) -> str:
    """A number, or that it is unknown."""
    return "unknown" if value is None else f"{value:.3g}"


def _exponent_rows(estimate: Estimate) -> list[Row]:
    """How the flow grows with the pressure inside."""
    exponent = estimate.pressure_exponent
    return (
        [] if exponent is None else [("flow with pressure", f"grows as p^{exponent:.3g} about this pressure")]
    )


def _volume_rows(estimate: Estimate) -> list[Row]:
    """Rate of the pressure and times of a volume."""
    if estimate.pressure_rate is None or estimate.time_constant is None:
        return []
    rate, per_hour = estimate.pressure_rate, 3600.0 / PASCALS_PER_MMHG
    relative = _relative(estimate)
    in_units = (plus_minus(value, abs(value) * relative) for value in (rate * per_hour, rate))
    rows = [
        ("pressure change", "{} mmHg/h = {} Pa/s (isothermal)".format(*in_units)),
        ("time constant", f"{_duration(estimate.time_constant, relative)} (pressure over its rate of fall)"),
    ]
    return rows + _time_rows(estimate)


def _time_rows(estimate: Estimate) -> list[Row]:
    """Times until the wanted pressure."""
    if estimate.until is None or estimate.isothermal_time is None or estimate.adiabatic_time is None:
        return []
    times = (estimate.isothermal_time, estimate.adiabatic_time)
    slow, fast = (_duration(time, _relative(estimate)) for time in times)
    until = f"{estimate.until / PASCALS_PER_MMHG:.4g} mmHg"
    return [
        (f"time to {until}", f"{slow} (isothermal: slow leaks)"),
        ("", f"{fast} (adiabatic: fast leaks)"),
    ]


def _duration(seconds: float, relative: float) -> str:
    """A time with its relative uncertainty in seconds, hours and days."""
    units = {"s": 1.0, "h": 3600.0, "days": SECONDS_PER_DAY}
    return " = ".join(
        f"{plus_minus(seconds / unit, seconds / unit * relative)} {name}" for name, unit in units.items()
    )


def _law_row(answer: LawAnswer) -> Row:
    """Mass flow by one law, relative to the expected flow."""
    ratio = f"{answer.ratio:.4g}{_percent(answer.mass_flow_uncertainty, answer.mass_flow)}"
    return answer.name, f"{ratio:<16} {answer.title}"
