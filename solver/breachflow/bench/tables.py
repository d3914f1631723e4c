"""Measurements as tables: a row for each set of parameters, a column for each name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from breachflow.bench.records import Measurement

MeasurementsByName: TypeAlias = Mapping[str, Measurement]
"""The measurements of one section with the same parameters, by name."""

ABSENT: Final = "-"


class DisplayTable(NamedTuple):
    """A table of texts."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


class DisplayColumn(NamedTuple):
    """A column of a table, with the function that gives its text in each row."""

    heading: str
    text: Callable[[MeasurementsByName], str]


class TableLayout(NamedTuple):
    """Title and columns of the table of a section."""

    title: str
    section: str
    columns: tuple[DisplayColumn, ...]


def number(heading: str, name: str, scale: float = 1.0, digits: int = 3) -> DisplayColumn:
    """The column of a measurement by name, in a unit of `scale` SI units."""

    def text(group: MeasurementsByName) -> str:
        value = group[name].value if name in group else None
        return ABSENT if value is None else number_text(value / scale, digits)

    return DisplayColumn(heading, text)


def bound(sweep: str) -> DisplayColumn:
    """The column of a kernel's bounding resource: its name, and the fraction of it that is reached."""

    def text(group: MeasurementsByName) -> str:
        fractions = {
            resource: found.value
            for name, found in group.items()
            if found.value is not None and (resource := name.removeprefix(f"{sweep} ")) != name
        }
        if not fractions:
            return ABSENT
        most = max(fractions, key=lambda resource: fractions[resource])
        return f"{100.0 * fractions[most]:.0f} % {most}"

    return DisplayColumn(sweep, text)


def number_text(value: float, digits: int = 3) -> str:
    """A number with `digits` significant digits and an exponent only where it is very large or small.

    >>> number_text(0.12345), number_text(31296.0), number_text(1.5e8), number_text(2.5e-7)
    ('0.123', '31296', '1.5e+08', '2.5e-07')
    """
    return f"{value:.0f}" if 10**digits <= abs(value) < 1e7 else f"{value:.{digits}g}"


SWEEPS: Final = ("states", "gradients", "fluxes", "balances", "stage")
"""The kernels of the right-hand side, and all of them together."""

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
        "the resource that bounds each sweep, and the fraction of it that is reached",
        "bound",
        tuple(bound(sweep) for sweep in SWEEPS),
    ),
    TableLayout(
        "laminar over inviscid flow: the fluxes, and a stage (the right-hand side); us on one thread",
        "friction",
        tuple(
            number(f"{sweep} {what}", f"{sweep} {what}", 1.0 if what == "ratio" else 1e-6)
            for sweep in ("fluxes", "stage")
            for what in ("inviscid", "laminar", "ratio")
        ),
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
            number("fraction of both cores in use", "busy"),
            number("record keeping, ms a point", "books", 1e-3),
        ),
    ),
)


def tables(records: Sequence[Measurement]) -> Iterator[DisplayTable]:
    """The tables that have rows."""
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
