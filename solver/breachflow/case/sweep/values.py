"""The values of a swept key: of the right kind, written in one way, spread between the ends of a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

from pydantic import ValidationError

from breachflow.case.schema import Case
from breachflow.case.sweep.keys import SweptKey
from breachflow.case.sweep.table import Range, Value
from breachflow.document.explain import faults_of
from breachflow.document.source import replaced, shown
from breachflow.units import read_quantity, write_quantity

_DIGITS: Final = 34
_KEPT: Final = Context(prec=25)
"""Far more digits than a float has, and fewer than are computed: what comes out whole or exact is so."""

_LARGEST_BITS: Final = 63


def base_data(case: Case) -> dict[str, Any]:
    """What the case was read from, but for the sweep."""
    return {name: value for name, value in case.origin.source.data.items() if name != "sweep"}


def why_no_value(case: Case, swept: SweptKey, value: object) -> str:
    """Why this is no value of the key; empty if it is one, in the key's range or not."""
    data = replaced(base_data(case), {swept.key: value})
    try:
        Case.model_validate(data, context=case.origin.place)
    except ValidationError as error:
        for fault in faults_of(error, Case, limits=False)[:1]:
            return fault.text if fault.key == swept.key else f"{shown(fault, data)}: {fault.text}"
    return "is too large: a whole number has at most 63 bits" if _is_huge(value) else ""


def written(swept: SweptKey, value: Any) -> Value:
    """The value as completed cases have it: equal values become equal texts."""
    if isinstance(value, dict):
        return {name: written(inner, value[name]) for name, inner in swept.within(value)}
    if isinstance(value, list):
        return [written(swept, item) for item in value]
    if swept.dimension is not None:
        return write_quantity(read_quantity(value, swept.dimension), swept.dimension)
    return float(value) + 0.0 if swept.is_number and not swept.is_whole else value  # -0.0 becomes 0.0


def number(swept: SweptKey, value: Any) -> float | int:
    """A numerical value in SI units."""
    found: float | int = value if swept.dimension is None else read_quantity(value, swept.dimension)
    return found


def coordinate(swept: SweptKey, value: Value) -> float | int | str:
    """The value along an axis: a number in SI units, a name, or a short label of a table or a pair."""
    if isinstance(value, dict):
        return ", ".join(_labels(swept, value))
    if isinstance(value, list):
        return ", ".join(value)
    is_name = isinstance(value, str) and swept.dimension is None
    return str(value) if is_name else number(swept, value)


def spread(swept: SweptKey, entry: Range, shares: Sequence[Fraction]) -> list[Fraction]:
    """The exact numbers at some shares of the way from the first to the last value."""
    first, last = (Fraction(repr(number(swept, end))) for end in (entry.first, entry.last))
    if entry.spacing == "log":
        return list(_at_equal_ratios(first, last, shares))
    return [first + (last - first) * share for share in shares]


def shares_of(points: int) -> list[Fraction]:
    """Evenly from 0 to 1."""
    return [Fraction(step, points - 1) for step in range(points)]


def values_of(swept: SweptKey, entry: list[Any] | Range) -> list[Value]:
    """All the values of a list or of a range that says how many."""
    if isinstance(entry, list):
        return [written(swept, value) for value in entry]
    return values_at(swept, entry, shares_of(count_of(entry)))


def values_at(swept: SweptKey, entry: Range, shares: Sequence[Fraction]) -> list[Value]:
    """The values at some shares of the way along a range."""
    return [_held(swept, exact) for exact in spread(swept, entry, shares)]


def count_of(entry: list[Any] | Range) -> int:
    """How many values a list or a range has; 0 of a range that does not say."""
    return len(entry) if isinstance(entry, list) else entry.points or 0


def _held(swept: SweptKey, exact: Fraction) -> Value:
    if swept.dimension is not None:
        return write_quantity(float(exact), swept.dimension)
    return int(exact) if swept.is_whole else float(exact)


def _at_equal_ratios(first: Fraction, last: Fraction, shares: Sequence[Fraction]) -> Iterator[Fraction]:
    with localcontext(Context(prec=_DIGITS)):
        start, end = _decimal(first).ln(), _decimal(last).ln()
        for share in shares:
            yield Fraction(_KEPT.plus((start + (end - start) * _decimal(share)).exp()))


def _decimal(fraction: Fraction) -> Decimal:
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _labels(swept: SweptKey, table: dict[str, Any]) -> Iterator[str]:
    for name, inner in swept.within(table):
        yield str(table[name]) if inner.dimension is not None else f"{name} {table[name]}"


def _is_huge(value: object) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, int) and value.bit_length() > _LARGEST_BITS) or any(map(_is_huge, inner))
