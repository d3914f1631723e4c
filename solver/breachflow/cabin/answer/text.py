"""The answer in words for people: time first, then what happened, then the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.answer.phrases import (
    clock,
    flow_text,
    happening_text,
    level_text,
    pressure_text,
    thermal_text,
)
from breachflow.cabin.march.record import Happening, What
from breachflow.cabin.model.network import partial_pressure
from breachflow.cabin.model.situation import Reading
from breachflow.words import significant

MOST_ROWS: Final = 40
"""Happenings up to which all are printed one by one."""

SWITCHES: Final = {What.SUPPLY_ON, What.SUPPLY_OFF, What.RECOVERED}
ACTS: Final = {What.CLOSE, What.OPEN, What.PATCH, What.STOP, What.START, What.MOVE_CREW, What.CONDITION}
KEPT: Final = 4
"""Happenings of these kinds that are printed at the start, and at the end."""

MOST_PRESSURES: Final = 4
"""Volumes whose pressures stand beside a happening."""

NOT_MODELED: Final = "mixing within a compartment, ventilation, humidity, heat of people and of racks"
"""What no march knows."""

TextRow = tuple[str, ...]


def answer_lines(answer: CabinAnswer, unit: str) -> list[str]:
    """The whole answer as lines; pressures are in `unit`."""
    lines = [answer.case.title or "cabin"]
    lines += _columns(list(_happenings(answer, unit)), right={0})
    lines += ["", *_columns(list(_rooms(answer, unit)), right={1, 2, 3, 4, 5, 6})]
    lines += ["", *_columns([(f"{label}", text) for label, text in _facts(answer, unit)])]
    return lines


def _happenings(answer: CabinAnswer, unit: str) -> Iterator[TextRow]:
    happenings = answer.record.happenings
    last, hidden = happenings[-1].time, 0
    left_out = _left_out(happenings)
    for i, found in enumerate(happenings):
        if i in left_out:
            hidden += 1
            continue
        if hidden:
            yield ("...", f"{hidden} more, which --json and the result file have", "")
            hidden = 0
        stopped = found.what is What.END and answer.record.stopped
        text = "stopped" if stopped else happening_text(found, answer, unit)
        yield (clock(found.time, last), text, _pressures(answer, found, unit))


def _left_out(happenings: Sequence[Happening]) -> set[int]:
    """Places of happenings that are not printed: the switching of a regulator, then acts; never a limit."""
    left_out: set[int] = set()
    for kinds in (SWITCHES, ACTS):
        if len(happenings) - len(left_out) <= MOST_ROWS:
            break
        places = [i for i, found in enumerate(happenings) if found.what in kinds]
        left_out |= set(places[KEPT:-KEPT])
    return left_out


def _pressures(answer: CabinAnswer, found: Happening, unit: str) -> str:
    """Pressures of the volumes, those that the happening names first."""
    groups: dict[int, list[int]] = {}
    for room, group in enumerate(found.reading.groups):
        groups.setdefault(group, []).append(room)
    names = answer.cabin.room_names
    named = [rooms for rooms in groups.values() if any(names[room] in found.places for room in rooms)]
    ordered = (
        [*named, *(rooms for rooms in groups.values() if rooms not in named)]
        if len(groups) > MOST_PRESSURES
        else list(groups.values())
    )
    gases = found.reading.gases
    texts = [
        f"{_group_name([names[room] for room in rooms])} {pressure_text(gases[rooms[0]].pressure, unit)}"
        for rooms in ordered[:MOST_PRESSURES]
    ]
    return "   ".join(texts) + ("   ..." if len(ordered) > MOST_PRESSURES else "")


def _group_name(names: Sequence[str]) -> str:
    return "+".join(names) if len(names) <= 2 else f"{names[0]}+{len(names) - 1} more"


def _rooms(answer: CabinAnswer, unit: str) -> Iterator[TextRow]:
    """The state at the end, a row for each compartment."""
    gases, end = answer.cabin.gases, answer.end
    oxygen, dioxide = gases.place_of("oxygen"), gases.place_of("carbon_dioxide")
    shown = [(name, index) for name, index in (("ppO2", oxygen), ("ppCO2", dioxide)) if index is not None]
    yield (
        f"at {clock(end.time, end.time)}",
        unit,
        "kPa" if unit != "kPa" else "mmHg",
        "K",
        "kg",
        *(name for name, _ in shown),
    )
    for room, gas, mass in zip(answer.cabin.rooms, end.gases, end.masses, strict=True):
        yield (
            room.name,
            pressure_text(gas.pressure, unit, bare=True),
            pressure_text(gas.pressure, "kPa" if unit != "kPa" else "mmHg", bare=True),
            f"{gas.temperature:.2f}" if mass > 0.0 else "-",
            significant(mass, 6),
            *(pressure_text(partial_pressure(gases, gas, index), unit, bare=True) for _, index in shown),
        )


def _facts(answer: CabinAnswer, unit: str) -> Iterator[tuple[str, str]]:
    yield from _reserve(answer, unit)
    yield from _leaks(answer)
    books = answer.record.situation.books if answer.record.situation else None
    assert books is not None
    moved = [
        (books.lost, "lost"),
        (books.entered, "entered from outside"),
        (books.fed, "fed"),
        (books.breathed, "breathed, net"),
    ]
    yield (
        "mass",
        ", ".join(f"{significant(mass, 4)} kg {word}" for mass, word in moved if mass != 0.0)
        or "nothing moved",
    )
    yield (
        "books",
        f"closed to {answer.residuals.mass:.0e} of the mass, {answer.residuals.energy:.0e} of the energy",
    )
    yield "thermal", thermal_text(answer, unit)
    for name, error in answer.table_errors.items():
        yield "table", f"flow of leak {name} interpolated to {error:.0e}"
    yield from (("caution", caution) for caution in answer.cautions)
    yield from (("default", text) for text in _defaults(answer))
    yield "not modeled", NOT_MODELED


def _reserve(answer: CabinAnswer, unit: str) -> Iterator[tuple[str, str]]:
    found = answer.reserve
    if found is None:
        return
    limit = next(limit for limit in answer.plan.limits if limit.name == found.limit)
    label = f"time to {found.limit}"
    if found.time is None:
        yield (
            label,
            f"not within {clock(answer.end.time, answer.end.time)}: {level_text(limit.level, unit)}",
        )
        return
    yield label, f"{_times(found.time)}{_interval(found.interval)}"
    if found.spreads:
        yield (
            "",
            "made of " + ", ".join(f"{one.name} ± {100.0 * one.relative:.2g} %" for one in found.spreads),
        )
    if found.sensitivity:
        parts = ", ".join(f"{name} {change:+.2f} %" for name, change in found.sensitivity.items())
        yield "", f"1 % more changes it: {parts}"


def _times(seconds: float) -> str:
    longer = (
        f" = {seconds / 3600.0:.4g} h"
        if seconds >= 3600.0
        else f" = {seconds / 60.0:.4g} min"
        if seconds >= 60.0
        else ""
    )
    days = f" = {seconds / 86400.0:.4g} days" if seconds >= 2 * 86400.0 else ""
    return f"{seconds:.6g} s{longer}{days}"


def _interval(interval: tuple[float, float | None] | None) -> str:
    if interval is None:
        return " (no uncertainty is stated)"
    low, high = interval
    return f" (90 %: {clock(low, low)} to {'never' if high is None else clock(high, high)})"


def _leaks(answer: CabinAnswer) -> Iterator[tuple[str, str]]:
    readings: list[Reading] = answer.record.readings
    first = readings[0] if readings else answer.end
    for i, leak in enumerate(answer.cabin.leaks):
        before, after = (flow_text(reading.leak_flows[i]) for reading in (first, answer.end))
        word = leak.name if leak.is_background else f"leak {leak.name}"
        flows = [reading.leak_flows[i] for reading in readings]
        most = flow_text(max(flows, default=0.0, key=abs))
        if before == after == most:
            yield word, f"{after} all the time"
            continue
        between = "" if most in (before, after) else f"{most} at most, "
        yield word, f"{before} at the start, {between}{after} at the end"


def _defaults(answer: CabinAnswer) -> Iterator[str]:
    """Numbers that nobody has decided."""
    for name, crew in answer.case.crew.items():
        given = crew.model_fields_set
        if "oxygen" not in given:
            yield f"crew {name}: 0.84 kg/day of oxygen a person [commonly quoted, not verified]"
        if "carbon_dioxide" not in given and not crew.scrubbed:
            yield f"crew {name}: 1.0 kg/day of carbon dioxide a person [commonly quoted, not verified]"
    for name, hatch in answer.case.hatch.items():
        if hatch.open_as == "orifice" and "discharge_coefficient" not in hatch.model_fields_set:
            yield f"hatch {name}: discharge coefficient 0.83 [a sharp edge, choked]"


def _columns(rows: Sequence[TextRow], right: set[int] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Aligned lines; columns `right` end in line."""
    count = max(len(row) for row in rows)
    filled = [(*row, *("",) * (count - len(row))) for row in rows]
    widths = [max(len(row[i]) for row in filled) for i in range(count)]
    return [
        (
            "  "
            + "  ".join(
                cell.rjust(width) if i in right else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        ).rstrip()
        for row in filled
    ]
