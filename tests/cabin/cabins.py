"""Cabins for tests: short texts of cases, and their marches."""

from __future__ import annotations

from breachflow.cabin.answer.answer import CabinAnswer, solve_cabin
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cabin.march.record import What

MMHG = 133.322387415

HOLE = 'hole = { from = "a", kind = "hole", diameter = "3 mm", discharge_coefficient = 0.83 }'


def one_room(
    more: str = "", *, thermal: str = '"isothermal"', room: str = "", leak: str = HOLE, end: str = "1 h"
) -> CabinCase:
    """A cabin of one compartment "a" of 70 m3 of air at 760 mmHg and 295 K, unless `room` says otherwise."""
    given = room or 'volume = "70 m3", pressure = "760 mmHg", temperature = "295 K"'
    return parse_cabin(
        f'gas = "air"\nthermal = {thermal}\n[compartment]\na = {{ {given} }}\n[leak]\n{leak}\n'
        f'[run]\nend_time = "{end}"\n{more}'
    )


def marched(case: CabinCase) -> CabinAnswer:
    """The answer without intervals."""
    return solve_cabin(case, varied=False)


def happened(answer: CabinAnswer) -> list[tuple[str, str]]:
    """What happened and to whom, but for the end."""
    return [
        (found.what.value, found.name) for found in answer.record.happenings if found.what is not What.END
    ]


def pressure(answer: CabinAnswer, room: int = 0) -> float:
    """Pressure of a compartment at the end, Pa."""
    return answer.end.gases[room].pressure
