"""The values of a swept key: checked, written in one way, and spread between the ends of a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

from pydantic import ValidationError

from breachflow.document.explain import TEXTS, faults_of
from breachflow.document.faults import is_within
from breachflow.document.source import replaced, shown
from breachflow.document.sweep.keys import SweptKey
from breachflow.document.sweep.rules import SweptDocument, type_of
from breachflow.document.sweep.table import Range, Value
from breachflow.units import read_quantity, write_quantity

_DIGITS: Final = 34
_KEPT: Final = Context(prec=25)
"""More digits than a float has, and fewer than are computed, so that rounding restores exact results."""

_LARGEST_BITS: Final = 63


def base_data(document: SweptDocument) -> dict[str, Any]:
    """The data that the document was read from, without the table [sweep]."""
    return {name: value for name, value in document.origin.source.data.items() if name != "sweep"}


def why_no_value(document: SweptDocument, swept: SweptKey, value: object) -> str:
    """Why a value is not one of the key; empty if it is one, even one out of range."""
    data, reader = replaced(base_data(document), {swept.key: value}), type_of(document)
    try:
        reader.model.model_validate(data, context=document.origin.place)
    except ValidationError as error:
        found = faults_of(error, reader.model, {**TEXTS, **reader.texts}, limits=False)
        for fault in (one for one in found if is_within(one.key, swept.key)):
            return fault.text if fault.key == swept.key else f"{shown(fault, data)}: {fault.text}"
    return "is too large: a whole number has at most 63 bits" if _is_huge(value) else ""


def written(swept: SweptKey, value: Any) -> Value:
    """The value as a completed document has it: equal values have equal texts."""
    if isinstance(value, dict):
        return {name: written(inner, value[name]) for name, inner in swept.within(value)}
    if isinstance(value, list):
        return [written(swept, item) for item in value]
    if swept.dimension is not None:
        return write_quantity(read_quantity(value, swept.dimension), swept.dimension)
    return float(value) + 0.0 if swept.is_number and not swept.is_whole else value  # -0.0 becomes 0.0


def number(swept: SweptKey, value: Any) -> float | int:
    """A value that is a number, in SI units."""
    found: float | int = value if swept.dimension is None else read_quantity(value, swept.dimension)
    return found


def coordinate(swept: SweptKey, value: Value) -> float | int | str:
    """The value on an axis: a number in SI units, a name, or a short label of a table or a pair."""
    if isinstance(value, dict):
        return ", ".join(_labels(swept, value))
    if isinstance(value, list):
        return (" + " if swept.dimension is None else ", ").join(map(str, value))
    is_name = isinstance(value, str) and swept.dimension is None
    return str(value) if is_name else number(swept, value)


def spread(swept: SweptKey, entry: Range, fractions: Sequence[Fraction]) -> list[Fraction]:
    """The exact numbers at the given fractions of the interval from the first to the last value."""
    first, last = (Fraction(repr(number(swept, end))) for end in (entry.first, entry.last))
    if entry.spacing == "log":
        return list(_at_equal_ratios(first, last, fractions))
    return [first + (last - first) * fraction for fraction in fractions]


def even_fractions(points: int) -> list[Fraction]:
    """Evenly spaced fractions from 0 to 1."""
    return [Fraction(step, points - 1) for step in range(points)]


def values_of(swept: SweptKey, entry: list[Any] | Range) -> list[Value]:
    """All values of a list, or of a range with a number of points."""
    if isinstance(entry, list):
        return [written(swept, value) for value in entry]
    return values_at(swept, entry, even_fractions(count_of(entry)))


def values_at(swept: SweptKey, entry: Range, fractions: Sequence[Fraction]) -> list[Value]:
    """The values at the given fractions of a range."""
    return [_held(swept, exact) for exact in spread(swept, entry, fractions)]


def count_of(entry: list[Any] | Range) -> int:
    """Number of values of a list or a range; 0 for a range without a count."""
    return len(entry) if isinstance(entry, list) else entry.points or 0


def _held(swept: SweptKey, exact: Fraction) -> Value:
    if swept.dimension is not None:
        return write_quantity(float(exact), swept.dimension)
    return int(exact) if swept.is_whole else float(exact)


def _at_equal_ratios(first: Fraction, last: Fraction, fractions: Sequence[Fraction]) -> Iterator[Fraction]:
    with localcontext(Context(prec=_DIGITS)):
        start, end = _decimal(first).ln(), _decimal(last).ln()
        for fraction in fractions:
            yield Fraction(_KEPT.plus((start + (end - start) * _decimal(fraction)).exp()))


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _labels(swept: SweptKey, table: dict[str, Any]) -> Iterator[str]:
    for name, inner in swept.within(table):
        yield str(table[name]) if inner.dimension is not None else f"{name} {table[name]}"


def _is_huge(value: object) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, int) and value.bit_length() > _LARGEST_BITS) or any(map(_is_huge, inner))
