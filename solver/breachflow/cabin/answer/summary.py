"""The answer as numbers by name, in SI units: what `--json` prints and the result file keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


_NUMBERS: Final[dict[tuple[str, ...], tuple[str, str]]] = {
    ("end_time",): ("s", "time at which the march ended"),
    ("compartments", "*", "pressure"): ("Pa", "pressure in {1} at the end"),
    ("compartments", "*", "temperature"): ("K", "temperature in {1} at the end"),
    ("compartments", "*", "mass"): ("kg", "mass of the gas in {1} at the end"),
    ("compartments", "*", "mole_fraction", "*"): ("1", "mole fraction of {3} in {1} at the end"),
    ("compartments", "*", "oxygen_pressure"): ("Pa", "partial pressure of oxygen in {1} at the end"),
    ("leaks", "*"): ("kg/s", "flow of {1} at the end"),
    ("supplies", "*", "flow"): ("kg/s", "flow of {1} at the end"),
    ("supplies", "*", "left"): ("kg", "what {1} has left at the end"),
    ("crossings", "*"): ("s", "time at which {1} is first passed; nan where it is not"),
    ("crossings_by_compartment", "*", "*"): (
        "s",
        "time at which {1} is first passed in {2}; nan where it is not",
    ),
    ("reserve_time",): ("s", "time at which the limit that counts is first passed; nan where it is not"),
    ("reserve_time_interval", "low"): ("s", "lower end of its 90 % interval"),
    ("reserve_time_interval", "high"): ("s", "upper end of its 90 % interval; nan where it is open"),
    ("reserve_time_spread", "*"): ("1", "change of its logarithm by one standard deviation of {1}"),
    ("reserve_time_sensitivity", "*"): ("1", "d ln T/d ln x of the reserve time, x the {1}"),
    ("other_thermal", "reserve_time"): ("s", "reserve time with the other thermal model"),
    ("other_thermal", "pressure", "*"): ("Pa", "pressure in {2} at the end with the other thermal model"),
    ("lost_mass",): ("kg", "mass that left"),
    ("entered_mass",): ("kg", "mass that came in from outside"),
    ("fed_mass",): ("kg", "mass that was fed"),
    ("breathed_mass",): ("kg", "mass that people added"),
    ("wall_heat",): ("J", "heat that walls gave the gas"),
    ("mass_residual",): ("1", "what is missing in the books of mass, relative"),
    ("energy_residual",): ("1", "what is missing in the books of energy, relative"),
    ("table_errors", "*"): ("1", "largest relative error of the table of {1}"),
    ("steps",): ("1", "steps of the march"),
}
"""Unit and meaning of each number by its path; a part "*" stands for a name."""


def quantities_of(answer: CabinAnswer) -> dict[str, Quantity]:
    """Every number of the summary by its dotted name, such as compartments.base.pressure."""
    return quantities_in(summary_of(answer))


def quantities_in(summary: Mapping[str, Any]) -> dict[str, Quantity]:
    """Every number of a summary, also of one that a result file kept, by its dotted name."""
    return dict(_flattened((), {**summary, "events": None, "caution": None, "limits": None}))


def words_of(path: tuple[str, ...]) -> tuple[str, str]:
    """Unit and meaning of a number of the summary.

    >>> words_of(("compartments", "base", "pressure"))
    ('Pa', 'pressure in base at the end')
    """
    for pattern, (unit, text) in _NUMBERS.items():
        if len(pattern) == len(path) and all(map(_fits, pattern, path)):
            return unit, text.format(*path)
    return "1", ""


def _fits(part: str, name: str) -> bool:
    return part in ("*", name)


def _flattened(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flattened((*path, key), item)
    elif isinstance(value, list):
        for key, item in zip(("low", "high"), value, strict=False):
            yield from _flattened((*path, key), item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield ".".join(path), Quantity(value, *words_of(path))


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
