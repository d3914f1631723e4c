"""Phrases of the answer: times, pressures, flows, happenings, the thermal model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.march.plan import Level, Measured
from breachflow.cabin.march.record import Happening, What
from breachflow.constants import SECONDS_PER_DAY
from breachflow.units import UNITS, Dimension
from breachflow.words import significant

PRESSURE_UNITS: Final = ("mmHg", "kPa", "mbar", "psia", "Pa")
"""Units in which pressures may be printed."""

_PLACES: Final = {"mmHg": 2, "kPa": 3, "mbar": 2, "psia": 4, "Pa": 0}
_HOUR: Final = 3600.0

SHORT: Final = 0.1
"""Part of an hour or a day below which a time is told in a smaller unit."""


def clock(seconds: float, longest: float) -> str:
    """A time in the unit that suits the longest one of its column; a far shorter one in its own.

    >>> clock(402.0, 600.0), clock(2411.54, 60000.0), clock(848985.9, 848985.9)
    ('402 s', '0.67 h', '9.826 days')
    >>> clock(60.0, 60000.0), clock(60.0, 848985.9), clock(6000.0, 848985.9)
    ('60 s', '60 s', '1.67 h')
    """
    if longest < 2.0 * _HOUR or seconds < SHORT * _HOUR:
        return f"{seconds:.0f} s"
    if longest < 3.0 * SECONDS_PER_DAY or seconds < SHORT * SECONDS_PER_DAY:
        return f"{seconds / _HOUR:.2f} h"
    return f"{seconds / SECONDS_PER_DAY:.3f} days"


def pressure_text(pressure: float, unit: str, bare: bool = False) -> str:
    """A pressure in Pa with its unit, or bare.

    >>> pressure_text(65327.97, "mmHg"), pressure_text(3.2e-3, "kPa", bare=True)
    ('490.00 mmHg', '3.2e-06')
    """
    value = pressure / float(UNITS[Dimension.PRESSURE][unit])
    places = _PLACES[unit]
    text = f"{value:.{places}f}" if abs(value) >= 10.0 ** (1 - places) or value == 0.0 else f"{value:.3g}"
    return text if bare else f"{text} {unit}"


def flow_text(flow: float) -> str:
    """A mass flow in kg/s in the families that people use.

    >>> flow_text(6.2e-4), flow_text(0.0), flow_text(0.0817)
    ('53.6 kg/day = 118 lb/day', 'none', '4.90 kg/min = 0.0817 kg/s')
    """
    if flow == 0.0:
        return "none"
    if abs(flow) * _HOUR >= 100.0:
        return f"{significant(60.0 * flow, 3)} kg/min = {significant(flow, 3)} kg/s"
    per_day = flow * SECONDS_PER_DAY
    return f"{significant(per_day, 3)} kg/day = {significant(per_day / 0.45359237, 3)} lb/day"


def level_text(level: Level, unit: str) -> str:
    """What it means to pass a level, as the end of a sentence."""
    if level.measure is Measured.RATE:
        value = level.value * _HOUR / float(UNITS[Dimension.PRESSURE]["mmHg"])
        side = "slower" if level.falling else "faster"
        return f"falls {side} than {value:.4g} mmHg/h"
    side = "below" if level.falling else "above"
    words = {
        Measured.OXYGEN: "oxygen ",
        Measured.CARBON_DIOXIDE: "carbon dioxide ",
    }
    return f"{words.get(level.measure, '')}{side} {_short(level.value, unit)}"


def happening_text(found: Happening, answer: CabinAnswer, unit: str) -> str:
    """What happened, in words."""
    if found.what in (What.LIMIT, What.RECOVERED, What.ALREADY):
        return _limit(found, answer, unit)
    say: dict[What, Callable[[str], str]] = {
        What.CLOSE: lambda name: f"hatch {name} shut",
        What.OPEN: lambda name: f"hatch {name} opened",
        What.PATCH: lambda name: f"leak {name} {'reduced' if found.detail else 'patched'}",
        What.STOP: lambda name: f"supply {name} stopped",
        What.START: lambda name: f"supply {name} started",
        What.MOVE_CREW: lambda name: f"crew {name} goes to {found.places[0]}",
        What.NOTHING: lambda name: f"{name} unchanged",
        What.CONDITION: lambda name: f"condition for {name} comes true",
        What.SUPPLY_ON: lambda name: f"supply {name} begins to feed",
        What.SUPPLY_OFF: lambda name: f"supply {name} ends feeding",
        What.SUPPLY_EMPTY: lambda name: f"supply {name} is empty",
        What.END: lambda _: "end",
    }
    detail = f" ({found.detail})" if found.detail else ""
    return say[found.what](found.name) + detail


def thermal_text(answer: CabinAnswer, unit: str) -> str:
    """The thermal model, and what the other limit gives."""
    case, other = answer.case, answer.other
    kinds = list(dict.fromkeys(_kind(case.thermal_of(name)) for name in case.compartment))
    text = ", ".join(kinds)
    if other is None:
        return text
    parts = [
        f"{room.name} {pressure_text(gas.pressure, unit)}"
        for room, gas in list(zip(answer.cabin.rooms, other.end.gases, strict=True))[:3]
    ]
    more = " ..." if len(answer.cabin.rooms) > 3 else ""
    limit = answer.reserve
    time = ""
    if limit is not None:
        when = (
            "never" if other.reserve_time is None else f"at {clock(other.reserve_time, other.reserve_time)}"
        )
        time = f"{limit.limit} {when}; "
    return f"{text} ({other.thermal}: {time}at the end {', '.join(parts)}{more})"


def _kind(thermal: object) -> str:
    return thermal if isinstance(thermal, str) else "walls that conduct heat"


def _limit(found: Happening, answer: CabinAnswer, unit: str) -> str:
    limit = next(limit for limit in answer.plan.limits if limit.name == found.name)
    verb = {What.LIMIT: "", What.RECOVERED: "no longer ", What.ALREADY: "already "}[found.what]
    places = ", ".join(found.places[:3]) + (
        f" and {len(found.places) - 3} more" if len(found.places) > 3 else ""
    )
    if limit.level.measure is Measured.DIFFERENCE:
        places = f"difference across hatch {places}"
    return f"{places} {verb}{level_text(limit.level, unit)} ({found.name})"


def _short(pressure: float, unit: str) -> str:
    return f"{pressure / float(UNITS[Dimension.PRESSURE][unit]):.4g} {unit}"
