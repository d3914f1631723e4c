"""The summary of a result as text: one line, or labeled rows with the answer first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from breachflow.results.agreement import Agreement
from breachflow.results.answer_text import agreement, answer_rows, told_in_answer
from breachflow.results.data import LAW, Summary
from breachflow.results.quantities import (
    UNCERTAINTY,
    PrintingPlace,
    label_of,
    printing_rank,
    quantity_named,
)
from breachflow.units import time_text
from breachflow.words import Row, duration, plus_minus, printable, significant

NOT_CONVERGED: Final = "NOT CONVERGED"
CONTRADICTS: Final = "CONTRADICTS"

OF_STEADY_RUNS: Final = ("mass_imbalance", "residual_drop", "plume_residual_drop")
"""What says nothing of a transient run: gas between inlet and hole fills and empties."""


def is_alarming(status: str) -> bool:
    """Whether a status, as `summary_rows` has it, warns of the numbers."""
    return status.startswith((NOT_CONVERGED, "STOPPED")) or CONTRADICTS in status


def result_text(path: Path, summary: Summary, provenance: Mapping[str, Any], times: NDArray[Any]) -> str:
    """The answer of a result, as `breachflow show` prints it."""
    title = printable(provenance.get("title", ""))
    heading = f"{printable(path.name)}: {title}" if title else printable(path.name)
    rows = [*leading_rows(summary), *snapshot_rows(times)]
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join([heading, *(f"  {name:<{width}}  {value}".rstrip() for name, value in rows)])


def result_line(path: Path, summary: Summary) -> str:
    """The mass flow, the discharge coefficient and how the run ended, in one line."""
    parts = [
        f"{_label(name)} {_value(summary, name)}"
        for name in ("mass_flow", "discharge_coefficient")
        if name in summary
    ]
    if "converged" in summary:
        parts.append(_ending(summary))
    return f"<Result {printable(path.name)}: {', '.join(parts)}>"


def summary_rows(summary: Summary) -> list[Row]:
    """The answer, then the numbers behind it and those of the solver; empty texts are left out."""
    return [*leading_rows(summary), *detail_rows(summary)]


def leading_rows(summary: Summary) -> list[Row]:
    """The ending of the run, its answer, and other numbers that it was run for."""
    return [*_status(summary), *answer_rows(summary), *_rows(summary, behind=False)]


def detail_rows(summary: Summary) -> list[Row]:
    """Numbers of the flow and of the laws behind the answer, then those of the solver."""
    return list(_rows(summary, behind=True))


def snapshot_rows(times: NDArray[Any]) -> list[Row]:
    """The number of snapshots and their first and last time; no row where there is none."""
    if not len(times):
        return []
    return [("snapshots", f"{len(times)}, from {time_text(times[0])} to {time_text(times[-1])}")]


def number(value: float | int | bool | str, digits: int = 6) -> str:
    """A value as text: yes or no for a flag, "not estimated" for nan."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "not estimated" if math.isnan(value) else f"{value + 0.0:.{digits}g}"  # no -0
    return printable(value)


def _status(summary: Summary) -> Iterator[Row]:
    if "converged" not in summary:
        return
    ending, found = _ending(summary), agreement(summary)
    if ending == NOT_CONVERGED:
        yield "status", f"{ending}: do not trust these numbers{_why_not(summary)}"
    elif _is_done(summary) and found is not None and not found.holds:
        yield "status", f"{ending}, but {CONTRADICTS} the closed forms, which expect {_expected(found)}"
    else:
        yield "status", ending


def _why_not(summary: Summary) -> str:
    """What a run lacked to converge, in brackets; nothing where a result of an older version does not say."""
    reason = printable(summary["converged"].description)
    return f" ({reason})" if reason and reason != quantity_named("converged").meaning else ""


def _expected(found: Agreement) -> str:
    """A contradicting coefficient beside the computed one."""
    return f"{plus_minus(found.expected, found.uncertainty)} instead of {significant(found.computed, 3)}"


def _ending(summary: Summary) -> str:
    """Ending of the run: a steady run converges, a transient run reaches its end time."""
    time = f" {time_text(float(summary['time'].value))}" if "time" in summary else ""
    if _is_done(summary):
        if "unsteady" in summary and summary["unsteady"].value is True:
            return "unsteady: the numbers are means in time"
        return f"end time{time} reached" if time else "converged"
    stopped = summary["stopped"].value if "stopped" in summary else ""
    at = f" at{time}" if time else ""
    return f"STOPPED{at}: {printable(stopped)}" if stopped else NOT_CONVERGED


def _is_done(summary: Summary) -> bool:
    return "converged" not in summary or summary["converged"].value is True


def _rows(summary: Summary, *, behind: bool) -> Iterator[Row]:
    """The quantities that the answer does not tell: those behind it, or the others."""
    told = told_in_answer(summary) | (set(OF_STEADY_RUNS) if "time" in summary else set())
    for name in sorted(summary, key=printing_rank):
        is_behind = quantity_named(name).place >= PrintingPlace.DETAIL
        if (
            name not in told
            and is_behind == behind
            and summary[name].value != ""
            and not _is_spread(summary, name)
        ):
            yield _label(name), _text(summary, name)


def _label(name: str) -> str:
    """The label of a quantity; that of a law's coefficient says so."""
    label = printable(label_of(name))
    return f"law {label}" if name.startswith(LAW) else label


def _is_spread(summary: Summary, name: str) -> bool:
    return name.endswith(UNCERTAINTY) and name.removesuffix(UNCERTAINTY) in summary


def _text(summary: Summary, name: str) -> str:
    quantity = summary[name]
    text = _value(summary, name)
    spread = summary.get(name + UNCERTAINTY)
    if spread is not None and spread.value != spread.value:
        text += " (uncertainty not estimated)"
    if quantity_named(name).is_explained and quantity.description:
        text += f" ({printable(quantity.description)})"
    return text


def _value(summary: Summary, name: str) -> str:
    """A value with its uncertainty and unit; times and lengths in the units that people use."""
    quantity, spread = summary[name], summary.get(name + UNCERTAINTY)
    value, unit = quantity.value, printable(quantity.unit)
    if not isinstance(value, float) or value != value:
        return number(value)
    if name == "wall_time":
        return duration(value)
    if unit == "s":
        return time_text(value)
    factor, unit = (1e3, "mm") if unit == "m" else (1.0, unit)
    known = spread is not None and isinstance(spread.value, float) and spread.value > 0.0
    text = (
        plus_minus(factor * value, factor * float(spread.value))
        if spread and known
        else number(factor * value)
    )
    return text if unit in ("", "1") else f"{text} {unit}"
