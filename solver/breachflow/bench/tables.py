"""Measurements as tables for people: a row for each set of parameters, a column for each name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from breachflow.bench.records import Measurement

MeasurementsByName: TypeAlias = Mapping[str, Measurement]
"""The measurements of one section with the same parameters, by name."""

ABSENT: Final = "-"


class DisplayTable(NamedTuple):
    """Rows of text; columns of numbers are aligned on the right."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


class DisplayColumn(NamedTuple):
    """A column of a table: what is written where."""

    heading: str
    text: Callable[[MeasurementsByName], str]


class TableLayout(NamedTuple):
    """How the measurements of a section are laid out."""

    title: str
    section: str
    columns: tuple[DisplayColumn, ...]


def number(heading: str, name: str, scale: float = 1.0, digits: int = 3) -> DisplayColumn:
    """The value of a name in a unit of so many SI units."""

    def text(group: MeasurementsByName) -> str:
        value = group[name].value if name in group else None
        return ABSENT if value is None else number_text(value / scale, digits)

    return DisplayColumn(heading, text)


def bound(sweep: str) -> DisplayColumn:
    """The resource that needs most of the time of a sweep, and its share of it."""

    def text(group: MeasurementsByName) -> str:
        shares = {
            resource: found.value
            for name, found in group.items()
            if found.value is not None and (resource := name.removeprefix(f"{sweep} ")) != name
        }
        if not shares:
            return ABSENT
        most = max(shares, key=lambda resource: shares[resource])
        return f"{100.0 * shares[most]:.0f} % {most}"

    return DisplayColumn(sweep, text)


def number_text(value: float, digits: int = 3) -> str:
    """So many digits, and no exponent unless it must be.

    >>> number_text(0.12345), number_text(31296.0), number_text(1.5e8), number_text(2.5e-7)
    ('0.123', '31296', '1.5e+08', '2.5e-07')
    """
    return f"{value:.0f}" if 10**digits <= abs(value) < 1e7 else f"{value:.{digits}g}"


SWEEPS: Final = ("states", "gradients", "fluxes", "balances", "stage")

LAYOUTS: Final = (
    TableLayout(
        "machine limits",
        "limits",
        (
            number("memory GB/s", "memory", 1e9),
            number("cache GB/s", "cache", 1e9),
            number("multiply-add Gflop/s", "multiply_add", 1e9),
            number("divide G/s", "divide", 1e9),
            number("square root G/s", "square_root", 1e9),
        ),
    ),
    TableLayout(
        "least work, by the cell",
        "work",
        (
            number("bytes", "bytes"),
            number("add, multiply, compare", "flops"),
            number("divide", "divides"),
            number("square root", "roots"),
        ),
    ),
    TableLayout(
        "throughput, million cells/s (a stage is all sweeps: million cells x stages/s)",
        "throughput",
        tuple(number(sweep, sweep, 1e6) for sweep in SWEEPS),
    ),
    TableLayout(
        "the resource that bounds each sweep, and the share of it that is reached",
        "bound",
        tuple(bound(sweep) for sweep in SWEEPS),
    ),
    TableLayout(
        "steady answer, s from the start of the run",
        "steady",
        (
            number("cells", "cells"),
            number("mass flow within 0.1 %", "mass_flow"),
            number("residual down 6 orders", "residual"),
            number("whole run", "run"),
            number("iterations", "iterations"),
            number("Cd", "discharge_coefficient", digits=5),
        ),
    ),
    TableLayout(
        "steady answer, exponent of the seconds against the cells",
        "steady",
        (
            number("mass flow within 0.1 %", "mass_flow_exponent"),
            number("residual down 6 orders", "residual_exponent"),
            number("whole run", "run_exponent"),
        ),
    ),
    TableLayout(
        "sudden puncture, s for a simulated microsecond",
        "transient",
        (
            number("cells", "cells"),
            number("seconds", "per_microsecond"),
            number("steps", "iterations"),
        ),
    ),
    TableLayout(
        "memory of a whole run, by the cell of the finest mesh",
        "memory",
        (
            number("cells", "cells"),
            number("peak MB", "peak", 1e6),
            number("bytes a cell", "bytes_per_cell"),
        ),
    ),
    TableLayout(
        "start-up, s",
        "start-up",
        (
            number("--help", "help"),
            number("check", "check"),
            number("run, beside the solution", "warm_run"),
            number("first run, more than that", "compilation"),
        ),
    ),
    TableLayout(
        "a sweep of 20 points, s, and six of them as single runs on the same cores",
        "sweep",
        (
            number("sweep", "swept"),
            number("six runs", "single_runs"),
            number("sweep over runs", "swept_over_runs"),
        ),
    ),
    TableLayout(
        "a sweep of 100 points: two workers, and what a point costs beside its solution",
        "sweep",
        (
            number("share of both cores in use", "busy"),
            number("books, ms a point", "books", 1e-3),
        ),
    ),
)


def tables(records: Sequence[Measurement]) -> Iterator[DisplayTable]:
    """Every table for which there is anything to say."""
    for layout in LAYOUTS:
        table = _table(layout, records)
        if table.rows:
            yield table


def _table(layout: TableLayout, records: Iterable[Measurement]) -> DisplayTable:
    groups: dict[tuple[tuple[str, str | int], ...], dict[str, Measurement]] = {}
    for record in records:
        if record.section == layout.section:
            groups.setdefault(tuple(record.parameters.items()), {})[record.name] = record
    rows = {key: tuple(column.text(group) for column in layout.columns) for key, group in groups.items()}
    told = {key: cells for key, cells in rows.items() if set(cells) != {ABSENT}}
    names = [name for name, _ in next(iter(told), ())]
    headings = (*names, *(column.heading for column in layout.columns))
    return DisplayTable(
        layout.title, headings, [(*(str(value) for _, value in key), *told[key]) for key in told]
    )
