"""What differs between two results of runs: inputs, numbers with their uncertainties, fields on one mesh."""

from __future__ import annotations

from math import isfinite, nan
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.document.complete import KeyDifference
from breachflow.results.against.inputs import StoredCase, changed_inputs
from breachflow.results.against.number import NumberChange
from breachflow.results.data import Quantity, Summary
from breachflow.results.quantities import UNCERTAINTY
from breachflow.results.result import Result

NOT_COMPARED: Final = ("wall_time",)
"""Numbers of the machine, not of the flow."""


class FieldChange(NamedTuple):
    """A field in two results on one mesh."""

    name: str
    largest: float
    """Largest difference over the largest magnitude before."""
    typical: float
    """Root of the mean square of the differences over that magnitude."""
    place: tuple[float, ...]
    """Middle of the cell with the largest difference, m: x and y, and z in space."""


class ResultChange(NamedTuple):
    """What differs between two results."""

    inputs: list[KeyDifference]
    has_same_sources: bool
    """Whether both were computed by the same sources of the program."""
    has_same_mesh: bool
    numbers: list[NumberChange]
    """All numbers that either result has."""
    words: list[KeyDifference]
    """Flags and texts of the summaries that differ."""
    fields: list[FieldChange]
    """All fields that both have; none on different meshes."""


def compare_results(before: Result, after: Result) -> ResultChange:
    """What differs between two results. Raises ResultError where a snapshot or a case cannot be read."""
    same_mesh = _have_same_mesh(before, after)
    return ResultChange(
        inputs=changed_inputs(_case(before), _case(after)),
        has_same_sources=before.provenance.get("source_digest") == after.provenance.get("source_digest"),
        has_same_mesh=same_mesh,
        numbers=_numbers(before.summary, after.summary),
        words=_words(before.summary, after.summary),
        fields=_fields(before, after) if same_mesh else [],
    )


def _case(result: Result) -> StoredCase:
    return StoredCase(result.case_completed, f"{result.path}: /case/completed")


def _have_same_mesh(before: Result, after: Result) -> bool:
    pairs = (
        (before.points, after.points),
        (before.cells.offsets, after.cells.offsets),
        (before.cells.points, after.cells.points),
    )
    return all(np.array_equal(*pair) for pair in pairs)


def _names(before: Summary, after: Summary) -> list[str]:
    """The quantities of either summary, in the order of the later one."""
    return [*after, *(name for name in before if name not in after)]


def _numbers(before: Summary, after: Summary) -> list[NumberChange]:
    return [
        NumberChange(
            name,
            (after.get(name) or before[name]).unit,
            *(_number(summary, name) for summary in (before, after)),
            *(_number(summary, name + UNCERTAINTY) for summary in (before, after)),
        )
        for name in _names(before, after)
        if _is_number(after.get(name) or before[name])
        and not name.endswith(UNCERTAINTY)
        and name not in NOT_COMPARED
    ]


def _words(before: Summary, after: Summary) -> list[KeyDifference]:
    found = []
    for name in _names(before, after):
        if not _is_number(after.get(name) or before[name]):
            one, other = (summary[name].value if name in summary else None for summary in (before, after))
            if one != other:
                found.append(KeyDifference(name, _word(one), _word(other)))
    return found


def _word(value: str | float | bool | None) -> str | None:
    return None if value is None or value == "" else str(value)


def _is_number(quantity: Quantity) -> bool:
    return isinstance(quantity.value, int | float) and not isinstance(quantity.value, bool)


def _number(summary: Summary, name: str) -> float:
    return float(summary[name].value) if name in summary and _is_number(summary[name]) else nan


def _fields(before: Result, after: Result) -> list[FieldChange]:
    names = [name for name in after.fields if name in before.fields]
    return [_field(name, before, after) for name in names]


def _field(name: str, before: Result, after: Result) -> FieldChange:
    one, other = (_rows(result.field(name)) for result in (before, after))
    change = np.linalg.norm(other - one, axis=1)
    scale = float(np.linalg.norm(one, axis=1).max(initial=0.0))
    cell = int(np.argmax(change)) if len(change) else 0
    parts = change / scale if isfinite(scale) and scale > 0.0 else change
    corners = before.cells.points[before.cells.offsets[cell] : before.cells.offsets[cell + 1]]
    middle = before.points[corners, : 3 if before.is_in_space else 2].mean(axis=0)
    return FieldChange(name, float(parts.max()), float(np.sqrt(np.mean(parts**2))), tuple(middle.tolist()))


def _rows(values: Floats) -> Floats:
    """(n_cells, components)"""
    return values.reshape(len(values), -1)
