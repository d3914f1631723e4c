"""The answer as numbers by name, in SI units: what `--json` prints and the result file keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.model.gas import RoomGas
from breachflow.cabin.model.network import partial_pressure
from breachflow.cabin.model.situation import Reading
from breachflow.results.data import Quantity


def summary_of(answer: CabinAnswer) -> dict[str, Any]:
    """Everything that is known after a march, as one JSON object."""
    record, case = answer.record, answer.case
    situation, reserve = record.situation, answer.reserve
    assert situation is not None
    books = situation.books
    return {
        "title": case.title,
        "end_time": answer.end.time,
        "stopped": record.stopped,
        "compartments": compartments(answer, answer.end),
        "leaks": leaks(answer, answer.end),
        "supplies": {
            feed.name: {"flow": flow, "left": left}
            for feed, flow, left in zip(
                answer.cabin.feeds, answer.end.feed_flows, situation.left, strict=True
            )
        },
        "limits": {
            limit.name: {"measure": limit.level.measure.value, "value": limit.level.value}
            for limit in answer.plan.limits
        },
        "crossings": {name: record.first_crossing(name) for name in case.limit},
        "crossings_by_compartment": {
            name: {found.place: found.time for found in record.crossings if found.limit.name == name}
            for name in case.limit
        },
        "reserve_limit": None if reserve is None else reserve.limit,
        "reserve_time": None if reserve is None else reserve.time,
        "reserve_time_interval": None
        if reserve is None or reserve.interval is None
        else list(reserve.interval),
        "reserve_time_spread": {} if reserve is None else {one.name: one.relative for one in reserve.spreads},
        "reserve_time_sensitivity": {} if reserve is None else dict(reserve.sensitivity),
        "other_thermal": _other(answer),
        "events": [
            {
                "time": found.time,
                "what": found.what.value,
                "name": found.name,
                "places": list(found.places),
                "detail": found.detail,
            }
            for found in record.happenings
        ],
        "lost_mass": books.lost,
        "entered_mass": books.entered,
        "fed_mass": books.fed,
        "breathed_mass": books.breathed,
        "wall_heat": books.heat,
        "mass_residual": answer.residuals.mass,
        "energy_residual": answer.residuals.energy,
        "table_errors": dict(answer.table_errors),
        "steps": record.steps,
        "caution": list(answer.cautions),
    }


UNITS: Final = {
    "pressure": "Pa",
    "oxygen_pressure": "Pa",
    "temperature": "K",
    "mass": "kg",
    "wall_heat": "J",
    "flow": "kg/s",
    "left": "kg",
    "reserve_time": "s",
    "end_time": "s",
}
"""Unit of each number of a summary by the last part of its name; masses and tables by their first."""

_BY_TABLE: Final = {"crossings": "s", "crossings_by_compartment": "s", "leaks": "kg/s"}


def quantities_of(answer: CabinAnswer) -> dict[str, Quantity]:
    """Every number of the summary by its dotted name, such as compartments.base.pressure."""
    return dict(_flattened("", {**summary_of(answer), "events": None, "caution": None, "limits": None}))


def _flattened(name: str, value: Any) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flattened(f"{name}.{key}" if name else key, item)
    elif isinstance(value, list):
        for key, item in zip(("low", "high"), value, strict=False):
            yield from _flattened(f"{name}.{key}", item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, Quantity(value, _unit(name), "")


def _unit(name: str) -> str:
    first, _, _ = name.partition(".")
    last = name.rpartition(".")[2]
    if first.endswith("_mass"):
        return "kg"
    if first == "reserve_time_interval":
        return "s"
    return _BY_TABLE.get(first) or UNITS.get(last, "1")


def compartments(answer: CabinAnswer, reading: Reading) -> dict[str, Any]:
    """State of each compartment by its name."""
    rooms = zip(answer.cabin.rooms, reading.gases, reading.masses, strict=True)
    return {room.name: _compartment(answer, gas, mass) for room, gas, mass in rooms}


def leaks(answer: CabinAnswer, reading: Reading) -> dict[str, float]:
    """Flow of each leak by its name, kg/s."""
    return {leak.name: flow for leak, flow in zip(answer.cabin.leaks, reading.leak_flows, strict=True)}


def _compartment(answer: CabinAnswer, gas: RoomGas, mass: float) -> dict[str, Any]:
    gases = answer.cabin.gases
    oxygen = gases.place_of("oxygen")
    return {
        "pressure": gas.pressure,
        "temperature": gas.temperature,
        "mass": mass,
        "mole_fraction": dict(zip(gases.names, gases.mole_fractions(gas.shares), strict=True)),
        "oxygen_pressure": None if oxygen is None else partial_pressure(gases, gas, oxygen),
    }


def _other(answer: CabinAnswer) -> dict[str, Any] | None:
    other = answer.other
    if other is None:
        return None
    pressures = {
        room.name: gas.pressure for room, gas in zip(answer.cabin.rooms, other.end.gases, strict=True)
    }
    return {"thermal": other.thermal, "reserve_time": other.reserve_time, "pressure": pressures}
