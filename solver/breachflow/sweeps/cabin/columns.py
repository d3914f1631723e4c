"""The columns of a sweep of cabins: every number of the summary under the name that it has there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from breachflow.cabin.answer.summary import words_of
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.results import Quantity
from breachflow.sweeps.columns import PointRow, TableColumn, result_column, status_columns, value_of

FIRST: Final = ("reserve_limit", "reserve_time", "reserve_time_interval.low", "reserve_time_interval.high")
"""The columns that come first, and that a table has also where no point has a value."""

LAST: Final = ("caution",)

ORDER: Final = (
    "crossings",
    "crossings_by_compartment",
    "compartments",
    "lost_mass",
    "reserve_time",
    "other_thermal",
)
"""First parts of the names that come next; the others follow as the summary has them."""


def cabin_columns(first: CabinCase, rows: Sequence[PointRow]) -> Iterator[TableColumn]:
    """The columns after the swept ones; `first` is the case of the first point that has one."""
    found = {name: one for row in rows for name, one in row.summary.items()}
    times = [*FIRST, *(f"crossings.{limit}" for limit in first.limit)]
    others = sorted((name for name in found if name not in LAST), key=_rank)
    for name in dict.fromkeys([*times, *others]):
        yield _column(name, found.get(name) or _never(name))
    yield from status_columns("computed, failed or not computed")
    for name in LAST:
        yield _column(name, found.get(name) or _never(name))
    yield result_column()


def _rank(name: str) -> int:
    first = name.partition(".")[0]
    group = "reserve_time" if first.startswith("reserve_time") else first
    return ORDER.index(group) if group in ORDER else len(ORDER)


def _column(name: str, one: Quantity) -> TableColumn:
    missing = "" if isinstance(one.value, str) else float("nan")
    return TableColumn(name, one.unit, one.description, partial(value_of, name), missing)


def _never(name: str) -> Quantity:
    """The unit and the meaning of a column without a value: a time that never comes, or a text."""
    if name in ("reserve_limit", "caution"):
        return Quantity("", "", "limit of the reserve time" if name == "reserve_limit" else "cautions")
    return Quantity(float("nan"), *words_of(tuple(name.split(".", 1))))
