"""Measured data beside the points of a sweep: what each row says, and what is computed for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange
from breachflow.report.sweep.labels import COEFFICIENT
from breachflow.report.sweep.points import GROUPS, Points
from breachflow.results.measured import GAS, MeasuredData
from breachflow.results.quantities import UNCERTAINTY
from breachflow.theory.streams.nozzle import ideal_mass_flow

FLOW: Final = "mass_flow"

SAME: Final = 1e-3
"""Difference up to which two values of a group are one: it changes the coefficient by some 1e-4 only."""
_CONDITIONS: Final = ("wall_thickness", "cabin_pressure", "cabin_temperature", "outside_pressure")
_IDEAL: Final = ("diameter", "cabin_pressure", "cabin_temperature", "heat_capacity_ratio", "pressure_ratio")
"""Columns that tell the ideal mass flow."""


class ComputedCoefficient(NamedTuple):
    """The discharge coefficient that a sweep gives for a measured row; NaN where it gives none."""

    value: float = math.nan
    uncertainty: float = math.nan


@dataclass(frozen=True)
class MeasuredPoints:
    """Measured data completed from the table of a sweep; a column has the shape (n_rows,), in SI units."""

    data: MeasuredData
    points: Points

    def __len__(self) -> int:
        return len(self.data)

    def numbers(self, column: str) -> Floats:
        """(n_rows,) a column: stated, else derived from others, else the one value of the sweep, else NaN."""
        return np.array([row.get(column, math.nan) for row in self.rows])

    @cached_property
    def rows(self) -> list[dict[str, float]]:
        """The columns of each row, completed; mass flow and coefficient are derived from each other."""
        return [_completed(self.data, self.points, row) for row in range(len(self))]

    @cached_property
    def computed(self) -> list[ComputedCoefficient]:
        """The coefficient that the sweep gives at the groups of each row."""
        return [computed_at(self.points, {name: row[name] for name in GROUPS}) for row in self.rows]


def measured_beside(points: Points) -> MeasuredPoints | None:
    """The measured data of a table's points, completed from the table; None without any."""
    return MeasuredPoints(points.data, points) if points.data is not None else None


def computed_at(points: Points, groups: Mapping[str, float]) -> ComputedCoefficient:
    """The coefficient of a sweep at a place: by its fitted law, or between two of its converged points.

    Nothing where the place lies outside of both, or where other keys than the groups change the coefficient.
    """
    if points.usable_law is not None:
        with suppress(OutOfRange):
            return ComputedCoefficient(*points.usable_law.discharge_coefficient(*groups.values()))
    if set(points.distinguishing("")) - set(GROUPS):
        return ComputedCoefficient()
    alike = {name: np.abs(points.numbers(name) - value) <= SAME for name, value in groups.items()}
    found = (_between(points, name, groups[name], _others(points, alike, name)) for name in GROUPS)
    return next((one for one in found if one.value == one.value), ComputedCoefficient())


def _others(points: Points, alike: Mapping[str, Bools], along: str) -> Bools:
    """(n_points,) the converged points at which all groups but one are those of the place."""
    same: Bools = np.logical_and.reduce([alike[name] for name in GROUPS if name != along])
    return same & points.converged & points.computed


def _between(points: Points, along: str, place: float, chosen: Bools) -> ComputedCoefficient:
    """The coefficient on the straight line between the two points beside a place, w of the way between them.

    The uncertainty is the larger one of the two, and w (1 - w) of their difference: so far may a parabola
    that rises or falls throughout lie from the line.
    """
    x, first = np.unique(points.numbers(along)[chosen], return_index=True)
    if not len(x) or not x[0] - SAME <= place <= x[-1] + SAME:
        return ComputedCoefficient()
    y = points.numbers(COEFFICIENT)[chosen][first]
    spread = points.numbers(COEFFICIENT + UNCERTAINTY)[chosen][first]
    left = min(int(np.searchsorted(x, place, side="right")) - 1, len(x) - 2) if len(x) > 1 else 0
    ends = slice(max(left, 0), max(left, 0) + 2)
    value = float(np.interp(place, x[ends], y[ends]))
    weight = float(np.interp(place, x[ends], np.arange(len(x[ends]))))
    return ComputedCoefficient(value, float(spread[ends].max() + weight * (1 - weight) * np.ptp(y[ends])))


def _completed(data: MeasuredData, points: Points, row: int) -> dict[str, float]:
    """The columns of one row: stated, else of all points, else derived."""
    stated = {name: float(values[row]) for name, values in data.numbers.items() if np.isfinite(values[row])}
    known = dict.fromkeys(GROUPS, math.nan) | dict(_shared(points)) | stated
    gas = data.gases[row] or _shared_gas(points)
    if data.gases[row]:
        known["heat_capacity_ratio"] = SPECIES[gas].heat_capacity_ratio
    known |= dict(_quotients(stated, known, points.size))
    return dict(_each_of_other(known, _ideal(known, gas))) | known


def _shared(points: Points) -> Iterator[tuple[str, float]]:
    """The inputs in which all points agree, with their value."""
    for name in (*GROUPS, points.size, *_CONDITIONS):
        values = set(points.values(name))
        if len(values) == 1:
            yield name, float(values.pop())


def _shared_gas(points: Points) -> str:
    gases = set(points.texts(GAS))
    return gases.pop() if len(gases) == 1 else ""


def _quotients(
    stated: Mapping[str, float], known: Mapping[str, float], size: str
) -> Iterator[tuple[str, float]]:
    """The groups that a row does not state, but one of the two columns whose quotient they are."""
    for group, above, below in (
        ("pressure_ratio", "outside_pressure", "cabin_pressure"),
        ("thickness_ratio", "wall_thickness", size),
    ):
        divisor = known.get(below, math.nan)
        if group not in stated and {above, below} & set(stated) and divisor:
            yield group, known.get(above, math.nan) / divisor


def _ideal(known: Mapping[str, float], gas: str) -> float:
    """The ideal mass flow through a round hole, kg/s; NaN where a row does not tell it."""
    values = [known.get(name, math.nan) for name in _IDEAL]
    if gas not in SPECIES or not np.isfinite(values).all():
        return math.nan
    diameter, pressure, temperature, gamma, ratio = values
    area, constant = 0.25 * math.pi * diameter**2, SPECIES[gas].specific_gas_constant
    with suppress(OutOfRange):
        return ideal_mass_flow(area, pressure, temperature, gamma, constant, ratio * pressure) or math.nan
    return math.nan


def _each_of_other(known: Mapping[str, float], ideal: float) -> Iterator[tuple[str, float]]:
    """The coefficient from the mass flow, and the mass flow from the coefficient, with uncertainties."""
    for name, other, factor in ((COEFFICIENT, FLOW, 1.0 / ideal), (FLOW, COEFFICIENT, ideal)):
        for suffix in ("", UNCERTAINTY):
            yield name + suffix, factor * known.get(other + suffix, math.nan)
