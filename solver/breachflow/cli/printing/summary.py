"""Printing of a result, alike by `run` and `show`: the answer, its inputs, what to do next."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from breachflow.cli.printing.lines import print_columns, print_line, print_rows, short_path
from breachflow.errors import ResultError
from breachflow.words import Row

if TYPE_CHECKING:
    from breachflow.case import Case
    from breachflow.results import Result

TAIL: Final = 5
"""Rows of the history that are printed."""


def print_summary(result: Result, *, everything: bool, steps: bool) -> None:
    """Print the answer of a result.

    Args:
        result: What is printed.
        everything: Whether the numbers behind the answer and those of the solver follow.
        steps: Whether commands that help next follow.
    """
    from breachflow.cli.printing.next_steps import next_steps
    from breachflow.results.text import detail_rows, leading_rows, snapshot_rows
    from breachflow.words import printable

    case = _case(result)
    rows = [
        *leading_rows(result.summary),
        *snapshot_rows(result.times),
        *([("inputs", printable(_inputs(case)))] if case is not None else []),
        *(detail_rows(result.summary) if everything else []),
        ("file", printable(short_path(result.path))),
    ]
    print_rows(rows, printable(result.provenance.get("title", "")))
    if everything:
        _print_history(result)
    if steps:
        _print_steps(next_steps(result, case))


def summary_json(result: Result) -> dict[str, Any]:
    """The values of the summary by name in SI units; inputs, units, cautions one by one, and the file."""
    from breachflow.results.cautions import listed

    case = _case(result)
    inputs = {} if case is None else _input_values(case)
    units = {name: quantity.unit for name, quantity in result.summary.items() if quantity.unit}
    return {
        **{name: quantity.value for name, quantity in result.summary.items()},
        "cautions": listed(result.summary),
        "inputs": {name: value for name, (value, _) in inputs.items()},
        "units": {**units, **{name: unit for name, (_, unit) in inputs.items() if unit}},
        "file": str(result.path.resolve()),
    }


def _print_history(result: Result) -> None:
    """Print the last rows of the history of a run."""
    from breachflow.results.export.columns import in_order
    from breachflow.results.text import number
    from breachflow.words import printable

    columns = [
        [printable(name), *(number(value.item()) for value in column.values[-TAIL:])]
        for name, column in in_order(result.history).items()
        if len(column.values)
    ]
    if columns:
        print_line("end of the history")
        print_columns(list(zip_longest(*columns, fillvalue="")))


def _print_steps(steps: list[Row]) -> None:
    """Print commands with what they are for, which stands above them where a command is long."""
    if steps:
        print_line("next")
    for command, purpose in steps:
        print_line(f"  {command}")
        print_line(f"      {purpose}")


def _case(result: Result) -> Case | None:
    """The case of a result; None where this version cannot read it."""
    try:
        return result.case
    except ResultError:
        return None


def _inputs(case: Case) -> str:
    """The inputs of a case in one line."""
    from breachflow.cli.printing.header import input_rows

    return "; ".join(f"{label} {text}" for label, text in input_rows(case))


def _input_values(case: Case) -> dict[str, tuple[float | str | None, str]]:
    """The inputs of a case by name, with their SI units."""
    hole, cabin = case.orifice, case.reservoir
    values: dict[str, tuple[float | str | None, str]] = {"gas": (case.species.name, "")}
    if hole is not None:
        values |= {"shape": (hole.shape, ""), hole.size: (hole.diameter, "m")}
        values |= {name: (getattr(hole, name), "m") for name in ("wall_thickness", "chamfer", "rounding")}
        values |= {} if case.states_wall else {"wall_thickness": (None, "m")}
        values |= {"length": (hole.length, "m")} if hole.shape == "slit" else {}
        values["outside_pressure"] = (case.outside_pressure, "Pa")
    if cabin is not None:
        values |= {
            "cabin_pressure": (cabin.pressure, "Pa"),
            "cabin_temperature": (cabin.temperature, "K"),
        }
    return values | {"mode": (case.run.mode, "")}
