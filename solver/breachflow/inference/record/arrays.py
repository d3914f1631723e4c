"""A record from arrays, lists or the series of other packages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.record.read import COLDEST, HOTTEST, rising
from breachflow.inference.record.record import DEFAULT_UNIT, PressureRecord
from breachflow.inference.record.times import TimeFault, instants
from breachflow.leak.arguments.values import ArgumentError
from breachflow.units import Dimension, UnitError, read_quantity

NAME: Final = "record"
"""Of a record that is no file."""


SI_UNITS: Final = ("s", "Pa", "K")
"""Of times, pressures and temperatures."""


def record_of(
    times: Any, pressures: Any, temperatures: Any = None, units: tuple[str, str, str] = SI_UNITS
) -> PressureRecord:
    """A record of sequences of the same length.

    Times are numbers, texts of ISO 8601, or dates of the standard library, of numpy or of pandas; `units` are
    those of numbers: of the time, the pressure, the temperature. Raises ArgumentError where one is none, and
    RecordError where the times do not rise.
    """
    seconds, origin = _times(times, units[0])
    record = PressureRecord(
        name=NAME,
        times=seconds,
        pressures=_values("pressures", pressures, units[1], Dimension.PRESSURE, len(seconds)),
        temperatures=None,
        origin=origin,
        unit=DEFAULT_UNIT if units[1] == "Pa" else units[1],
        factor=_scale("pressure_unit", units[1], Dimension.PRESSURE)[0],
    )
    wrong = np.flatnonzero(record.pressures <= 0.0)
    if len(wrong):
        raise ArgumentError(
            f"{{pressures}}[{wrong[0]}]: must be above 0; pressures are absolute", {"pressures": None}
        )
    if temperatures is None:
        return rising(record)
    kelvins = _values("temperatures", temperatures, units[2], Dimension.TEMPERATURE, len(seconds))
    wrong = np.flatnonzero((kelvins < COLDEST) | (kelvins > HOTTEST))
    if len(wrong):
        message = f"{{temperatures}}[{wrong[0]}]: is {kelvins[wrong[0]]:.4g} K, no temperature of a cabin"
        raise ArgumentError(message, {"temperatures": None})
    return rising(
        PressureRecord(NAME, seconds, record.pressures, kelvins, None, origin, record.unit, record.factor)
    )


def _times(times: Any, unit: str) -> tuple[Floats, datetime | None]:
    """(n,) s, and the instant from which they count."""
    if len(times) == 0:
        raise ArgumentError("{times}: is empty", {"times": None})
    given = np.asarray(times)
    if given.dtype.kind == "M":
        whole = given.astype("datetime64[ns]").astype(np.int64)
        if np.isnat(given).any():
            index = int(np.flatnonzero(np.isnat(given))[0])
            raise ArgumentError(f"{{times}}[{index}]: is not a time", {"times": None})
        origin = given[0].astype("datetime64[us]").item()
        return (whole - whole[0]) / 1e9, origin
    if given.dtype.kind == "m":
        return given / np.timedelta64(1, "ns") / 1e9, None
    if given.dtype.kind in "OU" and all(isinstance(one, (str, datetime)) for one in given):
        return _instants([str(one) if isinstance(one, str) else one.isoformat() for one in given])
    return _values("times", times, unit, Dimension.TIME, len(given)), None


def _instants(texts: Sequence[str]) -> tuple[Floats, datetime | None]:
    try:
        clock = instants(texts)
    except TimeFault as fault:
        message = f"{{times}}[{fault.args[1]}]: {fault.args[0]}"
        raise ArgumentError(message, {"times": None}) from None
    return np.array(clock.seconds), clock.origin


def _values(name: str, values: Any, unit: str, dimension: Dimension, count: int) -> Floats:
    """(n,) finite values in SI. Raises ArgumentError where one is none, or there are too many or too few."""
    try:
        given = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(f"{{{name}}}: must be numbers", {name: None}) from None
    if given.ndim != 1:
        raise ArgumentError(f"{{{name}}}: must be one row of numbers", {name: None})
    if len(given) != count:
        raise ArgumentError(f"{{{name}}}: has {len(given)} values for {count} times", {name: None})
    wrong = np.flatnonzero(~np.isfinite(given))
    if len(wrong):
        message = f"{{{name}}}[{wrong[0]}]: is {given[wrong[0]]}; leave readings out that are none"
        raise ArgumentError(message, {name: None})
    factor, zero = _scale(f"{name.removesuffix('s')}_unit", unit, dimension)
    return given * factor + zero


def _scale(name: str, unit: str, dimension: Dimension) -> tuple[float, float]:
    """SI units in one of a unit, and the SI value of its 0. Raises ArgumentError of an unknown unit."""
    try:
        zero, thousand = (read_quantity(f"{number} {unit}", dimension) for number in (0, 1000))
    except UnitError as error:
        raise ArgumentError(f"{{{name}}}: {error}", {name: unit}) from None
    return (thousand - zero) / 1000.0, zero
