"""The arguments of `breachflow.detect`, checked and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from breachflow.constants import Species
from breachflow.inference.sensor import Sensor, SensorArguments, read_sensor, unit_shown
from breachflow.leak.arguments.gas import GasArgument, read_gas
from breachflow.leak.arguments.measured import is_mass_flow, read_mass_flow
from breachflow.leak.arguments.values import ArgumentError, Quantified, read_number, read_value
from breachflow.leak.reserve.cabin import DEFAULT_TEMPERATURE, is_open_station
from breachflow.units import Dimension

Several: TypeAlias = Quantified | Sequence[Quantified] | None
"""One quantity, several, or none."""

VOLUMES: Final = ("7 m3", "75 m3", "260 m3", "1005 m3")
"""Volumes where none is given: a transfer tunnel, a module, a segment, a station."""

LENGTHS: Final = ("1 h", "3 h", "6 h", "12 h", "24 h", "72 h")
"""Lengths of the record where none is given."""

DEFAULT_PRESSURE: Final = "760 mmHg"
"""Pressure where none is given; it moves the equivalent hole alone."""

MOST: Final = 12
"""Volumes, and lengths, of one table."""

CHANCES: Final = (1e-9, 0.5)
"""Between these a probability of a false alarm, or of a miss, lies."""


class DetectArguments(NamedTuple):
    """The arguments of `breachflow.detect` as they were given; None where one was not."""

    volume: Several
    length: Several
    leak: Quantified | None
    sensor: SensorArguments
    false_alarm: float
    miss: float
    pressure: Quantified | None
    temperature: Quantified | None
    gas: GasArgument


class DetectQuestion(NamedTuple):
    """What is asked, in SI units."""

    volumes: tuple[float, ...]
    lengths: tuple[float, ...]
    leak: float | None
    """kg/s or, of a pressure rate, Pa/s; None without one."""
    leak_is_flow: bool
    sensor: Sensor
    false_alarm: float
    miss: float
    pressure: float
    pressure_given: bool
    temperature: float
    temperature_given: bool
    gas: Species
    pressure_unit: str


def read_detection(given: DetectArguments) -> DetectQuestion:
    """The question that the arguments ask.

    Raises ArgumentError where one cannot be read, is missing or out of range.
    """
    volumes = _volumes(given)
    gas = read_gas(given.gas)
    leak, is_flow = _leak(given.leak, gas)
    pressure = DEFAULT_PRESSURE if given.pressure is None else given.pressure
    temperature = DEFAULT_TEMPERATURE if given.temperature is None else given.temperature
    return DetectQuestion(
        volumes=volumes,
        lengths=_all_of("length", given.length, LENGTHS, Dimension.TIME),
        leak=leak,
        leak_is_flow=is_flow,
        sensor=read_sensor(given.sensor, volumes),
        false_alarm=_chance("false_alarm", given.false_alarm),
        miss=_chance("miss", given.miss),
        pressure=read_value("pressure", pressure, Dimension.PRESSURE),
        pressure_given=given.pressure is not None,
        temperature=read_value("temperature", temperature, Dimension.TEMPERATURE),
        temperature_given=given.temperature is not None,
        gas=gas,
        pressure_unit=unit_shown(given.sensor, given.pressure),
    )


def _volumes(given: DetectArguments) -> tuple[float, ...]:
    """The volumes, m3; those of open stations alone where neither they nor the noise are given."""
    found = _all_of("volume", given.volume, VOLUMES, Dimension.VOLUME)
    if given.volume is None and all(value is None for value in given.sensor):
        return tuple(volume for volume in found if is_open_station(volume))
    return found


def _all_of(name: str, given: Several, default: Sequence[str], dimension: Dimension) -> tuple[float, ...]:
    """All values of an argument that may be one or several, in rising order.

    Raises ArgumentError where one cannot be read, or where there are too many or none.
    """
    values = default if given is None else given
    if isinstance(values, str) or not isinstance(values, Sequence):
        values = (values,)
    if not 1 <= len(values) <= MOST:
        raise ArgumentError(f"{{{name}}}: 1 to {MOST} values are taken, not {len(values)}", {name: None})
    return tuple(sorted({read_value(name, value, dimension) for value in values}))


def _leak(value: Quantified | None, gas: Species) -> tuple[float | None, bool]:
    """The leak that is asked about, and whether it is a mass flow. Raises ArgumentError where it is none."""
    if value is None:
        return None, False
    if not isinstance(value, str) or is_mass_flow(value):
        return read_mass_flow("leak", value, gas), True
    return read_value("leak", value, Dimension.PRESSURE_RATE), False


def _chance(name: str, value: float) -> float:
    """Raises ArgumentError unless the value is a probability below one half."""
    chance = read_number(name, value, "a probability, such as 0.05")
    low, high = CHANCES
    if not low <= chance < high:
        raise ArgumentError(f"{{{name}}}: must be at least {low:g} and below {high:g}", {name: value})
    return chance
