"""Changes in words, which the files of this folder share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from breachflow.words import percent, printable

if TYPE_CHECKING:
    from breachflow.document.complete import KeyDifference
    from breachflow.results.against.number import NumberChange


def input_lines(inputs: Sequence[KeyDifference]) -> Iterator[tuple[str, str]]:
    """A line for each input that differs."""
    yield from (("input", f"{printable(one.key)}: {change_text(one)}") for one in inputs)
    if not inputs:
        yield "inputs", "the same"


def change_text(one: KeyDifference) -> str:
    """A word or a value before and after."""
    return f"{printable(one.before or 'none')} -> {printable(one.after or 'none')}"


def number_text(number: NumberChange) -> str:
    """A number before and after, and how large the change is beside it and beside its uncertainty."""
    unit = unit_text(number.unit)
    if number.is_same:
        return f"{_number(number.after)}{unit}: the same"
    change = number.relative
    words = "" if isnan(change) else f": {percent(abs(change))} {'more' if change > 0.0 else 'less'}"
    if not isnan(number.bands):
        words += f", {number.bands:.2g} times the uncertainty of both"
    return f"{_number(number.before)} -> {_number(number.after)}{unit}{words}"


def unit_text(unit: str) -> str:
    """A unit behind its number; empty of a number without a dimension."""
    return "" if unit in ("", "1") else f" {unit}"


def _number(value: float) -> str:
    return "none" if isnan(value) else f"{value:.6g}"


def number_json(number: NumberChange) -> dict[str, Any]:
    """All of a change."""
    return {
        "before": number.before, "after": number.after, "unit": number.unit,
        "relative_change": number.relative,
        "uncertainty_before": number.band_before, "uncertainty_after": number.band_after,
    }  # fmt: skip
