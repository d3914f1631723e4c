"""The answer as a result file: what every compartment, leak, supply and hatch did over time."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.answer.phrases import happening_text
from breachflow.cabin.answer.summary import summary_of
from breachflow.cabin.answer.text import answer_lines
from breachflow.cabin.model.network import partial_pressure
from breachflow.cabin.model.situation import Reading
from breachflow.constants import SECONDS_PER_DAY
from breachflow.results.files.cabin.series import CabinSeries, SeriesVariable, text_array
from breachflow.results.table import TableAxis
from breachflow.version import PROGRAM

ROOMS: Final[dict[str, tuple[str, str]]] = {
    "pressure": ("Pa", "pressure"),
    "temperature": ("K", "temperature"),
    "mass": ("kg", "mass of the gas"),
    "oxygen_pressure": ("Pa", "partial pressure of oxygen; nan where the gas does not state it"),
    "carbon_dioxide_pressure": (
        "Pa",
        "partial pressure of carbon dioxide; nan where the gas does not state it",
    ),
    "group": ("1", "number of the first compartment of the volume that open hatches join"),
}
"""Unit and meaning of what each compartment has."""


def series_of(answer: CabinAnswer, command: str, unit: str) -> CabinSeries:
    """The result of a march."""
    readings = answer.record.readings
    axes = _axes(answer, readings)
    variables = _rooms(answer, readings) | _flows(readings) | _events(answer, unit)
    kept = {name: one for name, one in variables.items() if all(axis in axes for axis in one.axes)}
    return CabinSeries(axes, kept, _attributes(answer, command, unit))


def _axes(answer: CabinAnswer, readings: Sequence[Reading]) -> dict[str, TableAxis]:
    """The axes that are not empty."""
    cabin = answer.cabin
    times = np.array([reading.time for reading in readings])
    names = {
        "compartment": (cabin.room_names, "compartment"),
        "leak": ([leak.name for leak in cabin.leaks], "leak, or the background of a compartment"),
        "supply": ([feed.name for feed in cabin.feeds], "supply"),
        "hatch": ([hatch.name for hatch in cabin.hatches], "hatch"),
        "species": (cabin.gases.names, "gas"),
        "event": ([str(i + 1) for i in range(len(answer.record.happenings))], "number of what happened"),
    }
    found = {"time": TableAxis("time", times, "s", "time; both sides of an event have the same")}
    return found | {
        name: TableAxis(name, text_array(texts), "", meaning)
        for name, (texts, meaning) in names.items()
        if texts
    }


def _rooms(answer: CabinAnswer, readings: Sequence[Reading]) -> dict[str, SeriesVariable]:
    gases = answer.cabin.gases
    rooms = range(len(answer.cabin.rooms))

    def partial(name: str) -> Callable[[Reading, int], float]:
        index = gases.place_of(name)
        if index is None:
            return lambda reading, room: float("nan")  # noqa: ARG005
        return lambda reading, room: partial_pressure(gases, reading.gases[room], index)

    values: dict[str, Callable[[Reading, int], float]] = {
        "pressure": lambda reading, room: reading.gases[room].pressure,
        "temperature": lambda reading, room: reading.gases[room].temperature,
        "mass": lambda reading, room: reading.masses[room],
        "oxygen_pressure": partial("oxygen"),
        "carbon_dioxide_pressure": partial("carbon_dioxide"),
        "group": lambda reading, room: reading.groups[room],
    }
    found = {
        name: SeriesVariable(
            ("time", "compartment"),
            np.array([[values[name](reading, room) for room in rooms] for reading in readings]),
            *words,
        )
        for name, words in ROOMS.items()
    }
    fractions = np.array(
        [[gases.mole_fractions(gas.shares) for gas in reading.gases] for reading in readings]
    )
    over = ("time", "compartment", "species")
    found["mole_fraction"] = SeriesVariable(over, fractions, "1", "mole fraction")
    return found


def _flows(readings: Sequence[Reading]) -> dict[str, SeriesVariable]:
    leaks = _rows(readings, lambda reading: reading.leak_flows)
    feeds = _rows(readings, lambda reading: reading.feed_flows)
    hatches = _rows(readings, lambda reading: reading.hatch_open)
    over = ("time", "leak")
    return {
        "leak_flow": SeriesVariable(
            over, leaks, "kg/s", "mass flow out of the first compartment of the leak"
        ),
        "leak_flow_kg_per_day": SeriesVariable(over, leaks * SECONDS_PER_DAY, "kg/day", "the same a day"),
        "supply_flow": SeriesVariable(("time", "supply"), feeds, "kg/s", "mass flow fed"),
        "hatch_open": SeriesVariable(
            ("time", "hatch"), hatches.astype(bool), "", "whether the hatch is open"
        ),
    }


def _rows(readings: Sequence[Reading], of: Callable[[Reading], Sequence[float]]) -> NDArray[Any]:
    """One row for each reading, shape (n readings, n)."""
    return np.array([list(of(reading)) for reading in readings], dtype=float).reshape(len(readings), -1)


def _events(answer: CabinAnswer, unit: str) -> dict[str, SeriesVariable]:
    found = answer.record.happenings
    texts = [happening_text(one, answer, unit) for one in found]
    return {
        "event_time": SeriesVariable(
            ("event",), np.array([one.time for one in found]), "s", "time of what happened"
        ),
        "event_what": SeriesVariable(
            ("event",), text_array([one.what.value for one in found]), "", "kind of it"
        ),
        "event_name": SeriesVariable(
            ("event",), text_array([one.name for one in found]), "", "whom it concerns"
        ),
        "event_text": SeriesVariable(("event",), text_array(texts), "", "what happened, in words"),
    }


def _attributes(answer: CabinAnswer, command: str, unit: str) -> dict[str, str | int | float]:
    import scipy

    case = answer.case
    return {
        "title": case.title,
        "unit": unit,
        "text": "\n".join(answer_lines(answer, unit)),
        "summary": json.dumps(finite(summary_of(answer)), allow_nan=False),
        "case_as_given": case.text,
        "case": case.completed_text,
        "program": PROGRAM,
        "command": command,
        "versions": f"python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}",
    }


def finite(value: Any) -> Any:
    """The same with None in place of numbers that are not finite: JSON has none."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
