"""The arguments of an estimate, checked and read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from breachflow.leak.arguments.gas import GasArgument, read_gas
from breachflow.leak.arguments.measured import is_mass_flow, measured, read_mass_flow
from breachflow.leak.arguments.values import ArgumentError, Quantified, read_value
from breachflow.leak.breach import VACUUM, Breach, LeakState, Section
from breachflow.leak.estimate import Choice, Drain
from breachflow.leak.inverse.opening import MeasuredFlow
from breachflow.leak.inverse.size import OpeningFamily
from breachflow.leak.laws import NAMES, Law
from breachflow.shipped import cases_with_law
from breachflow.units import Dimension
from breachflow.words import suggested

LawArgument: TypeAlias = str | os.PathLike[str] | Law
"""A name of `laws.NAMES`, a shipped sweep or the table of another one with a fitted law, or a law."""


def read_breach(
    diameter: Quantified | None,
    width: Quantified | None,
    length: Quantified | None,
    wall_thickness: Quantified,
    edge_radius: Quantified,
    angle: Quantified = 0.0,
) -> Breach:
    """A round hole, or a slit of a width and a length.

    Raises ArgumentError where the arguments are not those of one or the other.

    >>> read_breach(None, "17 um", "30 mm", "2.5 mm", 0.0).description
    'crack'
    """
    depth = _length("wall_thickness", wall_thickness, may_be_zero=True)
    edge = _length("edge_radius", edge_radius, may_be_zero=True)
    slant = read_value("angle", angle, Dimension.ANGLE, may_be_zero=True)
    if diameter is not None and width is None and length is None:
        return Breach(Section.ROUND, _length("diameter", diameter), depth, None, edge, slant)
    if diameter is None and width is not None and length is not None:
        size, along = _length("width", width), _length("length", length)
        return Breach(Section.SLIT, size, depth, along, edge, slant)
    message = (
        "say how large the hole is: {diameter} (round), or {width} and {length} (slit); or how much it leaks:"
        " {mass_flow}"
    )
    raise ArgumentError(message, dict.fromkeys(("diameter", "width", "length", "mass_flow")))


def read_family(
    diameter: Quantified | None,
    width: Quantified | None,
    length: Quantified | None,
    wall_thickness: Quantified,
    edge_radius: Quantified,
    angle: Quantified = 0.0,
) -> OpeningFamily:
    """The openings among which that of a measured flow is looked for: slits where a length is given.

    Raises ArgumentError where a size is given too, or a value cannot be read.
    """
    for name, size in {"diameter": diameter, "width": width}.items():
        if size is not None:
            message = f"{{{name}}}: {{mass_flow}} and {{rate}} ask how large the hole is: leave it out"
            raise ArgumentError(message, {name: size, "mass_flow": None, "rate": None})
    return OpeningFamily(
        depth=_length("wall_thickness", wall_thickness, may_be_zero=True),
        length=None if length is None else _length("length", length),
        edge_radius=_length("edge_radius", edge_radius, may_be_zero=True),
        angle=read_value("angle", angle, Dimension.ANGLE, may_be_zero=True),
    )


def read_measured(
    mass_flow: Quantified | None, rate: Quantified | None, drain: Drain | None, state: LeakState
) -> MeasuredFlow | None:
    """The measured flow, or that of a rate of the pressure in a volume; None where neither is given.

    Raises ArgumentError where both are given, a value cannot be read, or a rate has no volume.
    """
    if mass_flow is not None and rate is not None:
        message = "{mass_flow} and {rate} both say how much leaks: give one of them"
        raise ArgumentError(message, dict.fromkeys(("mass_flow", "rate")))
    if mass_flow is not None:
        return MeasuredFlow(*measured(mass_flow, lambda text: read_mass_flow("mass_flow", text, state.gas)))
    if rate is None:
        return None
    if isinstance(rate, str) and is_mass_flow(rate):
        raise ArgumentError(
            "{rate} is a mass flow: give it as {mass_flow}", {"rate": rate, "mass_flow": None}
        )
    if drain is None:
        message = "{rate} needs {volume}: how much leaks at that rate"
        raise ArgumentError(message, {"rate": rate, "volume": None})
    lost = drain.volume / (state.gas.specific_gas_constant * state.temperature)
    value, deviation = measured(rate, lambda text: read_value("rate", text, Dimension.PRESSURE_RATE))
    return MeasuredFlow(lost * value, None if deviation is None else lost * deviation)


def read_state(
    gas: GasArgument, pressure: Quantified, temperature: Quantified, outside: Quantified
) -> LeakState:
    """The gas at rest inside, and the pressure outside.

    Raises ArgumentError where a value cannot be read, or where the pressure outside is above that inside.
    """
    inside = read_value("pressure", pressure, Dimension.PRESSURE)
    kelvins = read_value("temperature", temperature, Dimension.TEMPERATURE)
    outside_pressure = 0.0
    if not (isinstance(outside, str) and outside.strip() == VACUUM):
        outside_pressure = read_value("outside", outside, Dimension.PRESSURE, may_be_zero=True)
    if outside_pressure > inside:
        message = "{outside}: must not be above {pressure}: gas flows outwards"
        raise ArgumentError(message, {"outside": outside, "pressure": pressure})
    return LeakState(read_gas(gas), inside, kelvins, outside_pressure)


def read_choice(law: LawArgument | None, discharge_coefficient: float | None) -> Choice:
    """The law or the coefficient for the flow; the best estimate if neither is given.

    Raises ArgumentError where both are given or one cannot be read, and ResultError where a file has no law.
    """
    if law is not None and discharge_coefficient is not None:
        message = "{law} and {discharge_coefficient} both say how much flows: give one of them"
        raise ArgumentError(message, dict.fromkeys(("law", "discharge_coefficient")))
    if discharge_coefficient is not None and not 0.0 < discharge_coefficient <= 1.0:
        message = "{discharge_coefficient}: must be above 0 and at most 1"
        raise ArgumentError(message, {"discharge_coefficient": discharge_coefficient})
    return Choice(None if law is None else _law(law), discharge_coefficient)


def read_drain(
    volume: Quantified | None, until: Quantified | None, pressure: Quantified, state: LeakState
) -> Drain | None:
    """Volume that empties, and the pressure of its end; None without a volume.

    `pressure` is the argument that `state` was read from: the message names it.
    Raises ArgumentError where a value cannot be read, or where the pressure never comes to `until`.
    """
    if volume is None:
        if until is not None:
            message = "{until} needs {volume}: how much gas there is to lose"
            raise ArgumentError(message, dict.fromkeys(("until", "volume")))
        return None
    cubic_meters = read_value("volume", volume, Dimension.VOLUME)
    if until is None:
        return Drain(cubic_meters)
    end = read_value("until", until, Dimension.PRESSURE)
    if not state.outside_pressure < end <= state.pressure:
        message = "{until}: must be above {outside} and not above {pressure}"
        raise ArgumentError(message, {"until": until, "outside": None, "pressure": pressure})
    return Drain(cubic_meters, end)


def _law(law: LawArgument) -> str | Law:
    """A name of the table of laws, or the law in a file, whose packages are imported here alone."""
    if isinstance(law, Law) or law in NAMES:
        return law if isinstance(law, Law) else str(law)
    shipped = cases_with_law()
    path = shipped[str(law)].law if str(law) in shipped else Path(law)
    if path is None or not path.is_file():
        near = suggested(str(law), [*NAMES, *shipped])
        message = f"{{law}}: no law of {{list}} and no file; the table.h5 of a sweep may be given{near}"
        raise ArgumentError(message, {"law": os.fspath(law), "list": None})
    from breachflow.leak.fitted.law_file import leak_law

    return leak_law(path)._replace(name=str(law))


def _length(name: str, value: Quantified, *, may_be_zero: bool = False) -> float:
    """A length in m. Raises ArgumentError where it cannot be read."""
    return read_value(name, value, Dimension.LENGTH, may_be_zero=may_be_zero)
