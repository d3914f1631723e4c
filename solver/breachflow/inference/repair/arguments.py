"""The arguments of `breachflow.repair`, checked and read."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from breachflow.constants import Species
from breachflow.inference.sensor import Sensor, SensorArguments, read_sensor, unit_shown
from breachflow.leak.arguments.gas import GasArgument, read_gas
from breachflow.leak.arguments.measured import is_mass_flow
from breachflow.leak.arguments.values import (
    ArgumentError,
    Quantified,
    escaped_braces,
    read_number,
    read_value,
)
from breachflow.leak.reserve.cabin import DEFAULT_TEMPERATURE, is_open_station
from breachflow.units import Dimension, UnitError, read_leak_rate, read_quantity
from breachflow.units.deviation import with_deviation

EXPONENTS: Final = (0.5, 2.5)
"""Least and largest exponents of a law of a leak."""

EXAMPLES: Final = {
    Dimension.MASS_FLOW: "1.7 +- 0.1 kg/day",
    Dimension.PRESSURE_RATE: "0.3 +- 0.05 mmHg/h",
}


class RepairArguments(NamedTuple):
    """The arguments of `breachflow.repair` as they were given; None where one was not."""

    before: Quantified | None
    after: Quantified | None
    before_pressure: Quantified | None
    after_pressure: Quantified | None
    exponent: float | None
    planned: Quantified | None
    since: Quantified | None
    left: float
    sensor: SensorArguments
    volume: Quantified | None
    temperature: Quantified | None
    gas: GasArgument


class ToldOfRecord(NamedTuple):
    """What `breachflow.repair` is told of a record; None or empty where it was not."""

    record: Any
    """A path, or a pair of times and pressures."""
    at: Any
    from_time: Any
    to_time: Any
    exclude: Any
    step: Any
    known: Any
    temperature_weight: str | float | None
    period: Any
    background: str | None
    noise_from: Any


class Rate(NamedTuple):
    """A leak rate with its standard deviation: kg/s or Pa/s."""

    value: float
    deviation: float
    is_flow: bool

    def times(self, factor: float, *, is_flow: bool | None = None) -> Rate:
        """The rate in another unit, or at another pressure."""
        return Rate(
            factor * self.value, factor * self.deviation, self.is_flow if is_flow is None else is_flow
        )


class RepairQuestion(NamedTuple):
    """What is asked, in SI units; both rates in one unit and at one pressure."""

    before: Rate
    after: Rate
    scale: float
    """Factor by which the rate after was brought to the pressure of the one before."""
    pressures: tuple[float, float] | None
    """Pressure before and after, Pa; None where none are given."""
    exponent: float | None
    planned: float | None
    """In the unit of the rates."""
    since: float | None
    """Length of the record after the repair so far, s."""
    left: float
    sensor: Sensor | None
    """None where the noise is not known."""
    gas: Species
    temperature: float
    temperature_given: bool
    volume: float | None
    pressure_unit: str
    record: str | None = None
    """Name of the record; None where rates are given."""
    at: float | None = None
    """Time of the repair from the first reading, s."""

    @property
    def capacity(self) -> float | None:
        """V/(R T): mass flow by rate of the pressure, kg/Pa; None without a volume."""
        if self.volume is None:
            return None
        return self.volume / (self.gas.specific_gas_constant * self.temperature)


def read_repair(given: RepairArguments) -> RepairQuestion:
    """The question that the arguments ask.

    Raises ArgumentError where one cannot be read, is missing or contradicts another.
    """
    require_rates(given)
    gas = read_gas(given.gas)
    temperature = read_value(
        "temperature",
        DEFAULT_TEMPERATURE if given.temperature is None else given.temperature,
        Dimension.TEMPERATURE,
    )
    volume = None if given.volume is None else read_value("volume", given.volume, Dimension.VOLUME)
    capacity = None if volume is None else volume / (gas.specific_gas_constant * temperature)
    before, after = (_rate(name, getattr(given, name), gas) for name in ("before", "after"))
    if before.value <= 0.0:
        raise ArgumentError(
            "{before}: must be above 0: there was no leak to repair", {"before": given.before}
        )
    as_flow = before.is_flow or after.is_flow or capacity is not None
    scale, pressures = _scale(given)
    return RepairQuestion(
        before=_in_unit("before", before, capacity, as_flow),
        after=_in_unit("after", after, capacity, as_flow).times(scale),
        scale=scale,
        pressures=pressures,
        exponent=given.exponent if pressures else None,
        planned=read_planned(given, gas, capacity, as_flow),
        since=None if given.since is None else read_value("since", given.since, Dimension.TIME),
        left=read_share(given.left),
        sensor=_sensor(given, volume),
        gas=gas,
        temperature=temperature,
        temperature_given=given.temperature is not None,
        volume=volume,
        pressure_unit=unit_shown(given.sensor, given.before_pressure, given.after_pressure),
    )


def require_rates(given: RepairArguments) -> None:
    """Raises ArgumentError where a rate is missing, and no record is given in its place."""
    missing = [name for name in ("before", "after") if getattr(given, name) is None]
    if len(missing) == 2:
        message = "say what is known of the leak: {before} and {after}, or a record and {at}"
        raise ArgumentError(message, dict.fromkeys(("before", "after", "at")))
    if missing:
        other = "after" if missing == ["before"] else "before"
        raise ArgumentError(f"{{{other}}} needs {{{missing[0]}}} too", dict.fromkeys((other, missing[0])))


def refuse_rates(given: RepairArguments) -> None:
    """Raises ArgumentError where an argument about given rates stands beside a record."""
    names = ("before", "after", "before_pressure", "after_pressure", "since")
    sensors = ("noise", "noise_time", "resolution", "every")
    found = [name for name in names if getattr(given, name) is not None]
    found += [name for name in sensors if getattr(given.sensor, name) is not None]
    if found:
        message = f"{{{found[0]}}} has no use beside a record, which tells it; remove one"
        raise ArgumentError(message, dict.fromkeys(found[:1]))


def _rate(name: str, given: Quantified, gas: Species) -> Rate:
    """A rate with its standard deviation. Raises ArgumentError where it is none, or has no deviation."""
    if not isinstance(given, str):
        message = f'{{{name}}}: must be a text such as "{EXAMPLES[Dimension.MASS_FLOW]}"'
        raise ArgumentError(message, {name: given})
    value, deviation = with_deviation(given)
    is_flow = is_mass_flow(value)
    if deviation is None:
        example = EXAMPLES[Dimension.MASS_FLOW if is_flow else Dimension.PRESSURE_RATE]
        message = f'{{{name}}}: needs its standard deviation; write e.g. "{example}"'
        raise ArgumentError(message, {name: given})
    numbers = [_signed(name, given, text, gas) for text in (value, deviation)]
    if not numbers[1] > 0.0:
        raise ArgumentError(f"{{{name}}}: its standard deviation must be above 0", {name: given})
    return Rate(numbers[0], numbers[1], is_flow)


def _signed(name: str, whole: object, text: str, gas: Species) -> float:
    """A mass flow, kg/s, or a rate of the pressure, Pa/s, of either sign. Raises ArgumentError."""
    try:
        if not is_mass_flow(text):
            return read_quantity(text, Dimension.PRESSURE_RATE)
        return read_leak_rate(text, gas.molar_mass)
    except UnitError as error:
        told = escaped_braces(f'"{text.strip()}" {error}')
        raise ArgumentError(f"{{{name}}}: {told}", {name: whole}) from error


def _in_unit(name: str, rate: Rate, capacity: float | None, as_flow: bool) -> Rate:
    """The rate as a mass flow where `as_flow`. Raises ArgumentError where that needs a volume."""
    if rate.is_flow or not as_flow:
        return rate
    if capacity is None:
        other = "after" if name == "before" else "before"
        message = f"{{{name}}} is a rate of the pressure and {{{other}}} a mass flow: give {{volume}} too"
        raise ArgumentError(message, dict.fromkeys((name, other, "volume")))
    return rate.times(capacity, is_flow=True)


def _scale(given: RepairArguments) -> tuple[float, tuple[float, float] | None]:
    """(p1/p2)^n, and the pressures. Raises ArgumentError unless both pressures and the exponent are given."""
    names = ("before_pressure", "after_pressure", "exponent")
    missing = [name for name in names if getattr(given, name) is None]
    if len(missing) == len(names):
        return 1.0, None
    if missing:
        there = next(name for name in names if name not in missing)
        why = ": how the leak falls with the pressure, 1 for a hole, 2 for a crack" * (
            missing[0] == "exponent"
        )
        raise ArgumentError(
            f"{{{there}}} needs {{{missing[0]}}} too{why}", dict.fromkeys((there, missing[0]))
        )
    assert given.before_pressure is not None
    assert given.after_pressure is not None
    low, high = EXPONENTS
    exponent = read_number("exponent", given.exponent, "a number such as 1 (hole) or 2 (crack)")
    if not low <= exponent <= high:
        raise ArgumentError(f"{{exponent}}: must lie in {low:g} to {high:g}", {"exponent": given.exponent})
    first = read_value("before_pressure", given.before_pressure, Dimension.PRESSURE)
    second = read_value("after_pressure", given.after_pressure, Dimension.PRESSURE)
    return (first / second) ** exponent, (first, second)


def read_planned(given: RepairArguments, gas: Species, capacity: float | None, as_flow: bool) -> float | None:
    """The planned loss in the unit of the rates. Raises ArgumentError where it is none or needs a volume."""
    if given.planned is None:
        return None
    if not isinstance(given.planned, str):
        raise ArgumentError('{planned}: must be a text such as "0.2 kg/day"', {"planned": given.planned})
    value, is_flow = _signed("planned", given.planned, given.planned, gas), is_mass_flow(given.planned)
    if not value > 0.0:
        raise ArgumentError("{planned}: must be above 0", {"planned": given.planned})
    if is_flow is as_flow:
        return value
    if capacity is None:
        kinds = (
            ("a mass flow", "rates of the pressure") if is_flow else ("a rate of the pressure", "mass flows")
        )
        message = f"{{planned}} is {kinds[0]}, {{before}} and {{after}} are {kinds[1]}: give {{volume}} too"
        raise ArgumentError(message, dict.fromkeys(("planned", "before", "after", "volume")))
    return value * capacity


def read_share(left: float) -> float:
    """Raises ArgumentError unless it is a share below one half, by which the leak is asked to have fallen."""
    share = read_number("left", left, "a share, such as 0.1")
    if not 0.0 <= share < 0.5:
        raise ArgumentError("{left}: must be at least 0 and below 0.5", {"left": left})
    return share


def _sensor(given: RepairArguments, volume: float | None) -> Sensor | None:
    """The noise of the record after; None where nobody gave it and the volume is no open station.

    Raises ArgumentError where it is wrong, or where it needs a volume.
    """
    named = [name for name in SensorArguments._fields if getattr(given.sensor, name) is not None]
    if named or (volume is not None and is_open_station(volume)):
        flows = [
            name for name in ("before", "after") if is_mass_flow(with_deviation(str(getattr(given, name)))[0])
        ]
        if volume is None and flows:
            message = f"{{{named[0]}}} with mass flows needs {{volume}}: how fast the pressure falls by them"
            raise ArgumentError(message, dict.fromkeys((named[0], "volume")))
        return read_sensor(given.sensor, () if volume is None else (volume,))
    return None
