"""The summary of a result as text: one line, or labeled rows with the main numbers first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.results.data import LAW, Quantity, Summary
from breachflow.results.quantities import (
    EXPECTED,
    QUANTITIES,
    UNCERTAINTY,
    label_of,
    printing_rank,
    quantity_named,
)
from breachflow.words import Row, printable

NOT_CONVERGED: Final = "NOT CONVERGED"


def result_text(path: Path, summary: Summary, provenance: Mapping[str, Any], times: NDArray[Any]) -> str:
    """The whole summary, the main numbers first."""
    title = printable(provenance.get("title", ""))
    heading = f"{printable(path.name)}: {title}" if title else printable(path.name)
    rows = [*summary_rows(summary), *snapshot_rows(times)]
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
    """The status, the main numbers, the others; empty texts are left out."""
    told = ("converged",) if _is_done(summary) else ("converged", "stopped")
    names = sorted((name for name in summary if name not in told), key=printing_rank)
    shown = [name for name in names if not _is_spread(summary, name) and summary[name].value != ""]
    return [*_status(summary), *((_label(name), _text(summary, name)) for name in shown)]


def leading_rows(summary: Summary) -> list[Row]:
    """The ending of the run and the main numbers, as far as the summary has them."""
    main = [quantity.name for quantity in QUANTITIES if quantity.is_main]
    names = [name for name in main if name in summary and summary[name].value != ""]
    return [*_status(summary), *((_label(name), _text(summary, name)) for name in names)]


def snapshot_rows(times: NDArray[Any]) -> list[Row]:
    """The number of snapshots and their first and last time; no row where there is none."""
    if not len(times):
        return []
    return [("snapshots", f"{len(times)}, from {times[0]:.6g} s to {times[-1]:.6g} s")]


def number(value: float | int | bool | str, digits: int = 6) -> str:
    """A value as text: yes or no for a flag, "not estimated" for nan."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "not estimated" if math.isnan(value) else f"{value + 0.0:.{digits}g}"  # no -0
    return printable(value)


def _status(summary: Summary) -> Iterator[Row]:
    if "converged" in summary:
        ending = _ending(summary)
        yield "status", f"{ending}: do not trust these numbers" if ending == NOT_CONVERGED else ending


def _ending(summary: Summary) -> str:
    """Ending of the run: a steady run converges, a transient run reaches its end time."""
    if _is_done(summary):
        return "end time reached" if "time" in summary else "converged"
    stopped = summary["stopped"].value if "stopped" in summary else ""
    return f"STOPPED: {printable(stopped)}" if stopped else NOT_CONVERGED


def _is_done(summary: Summary) -> bool:
    return "converged" not in summary or summary["converged"].value is True


def _label(name: str) -> str:
    """The label of a quantity; those of laws are indented under that of the best estimate."""
    label = printable(label_of(name))
    return f"  {label}" if name.startswith(LAW) else label


def _is_spread(summary: Summary, name: str) -> bool:
    return name.endswith(UNCERTAINTY) and name.removesuffix(UNCERTAINTY) in summary


def _text(summary: Summary, name: str) -> str:
    quantity = summary[name]
    text = f"{_value(summary, name)}{_per_day(quantity)}{_ratio(summary, name)}"
    spread = summary.get(name + UNCERTAINTY)
    if spread is not None and spread.value != spread.value:
        text += " (uncertainty not estimated)"
    if quantity_named(name).is_explained and quantity.description:
        text += f" ({printable(quantity.description)})"
    return text


def _value(summary: Summary, name: str) -> str:
    quantity = summary[name]
    spread = summary.get(name + UNCERTAINTY)
    text = number(quantity.value)
    if spread is not None and spread.value == spread.value:
        text += f" ± {number(spread.value, digits=2)}"
    return (
        text
        if quantity.unit in ("", "1") or quantity.value != quantity.value
        else f"{text} {printable(quantity.unit)}"
    )


def _per_day(quantity: Quantity) -> str:
    """A mass flow also in kg/day and lb/day, the units of flight controllers; nothing for other units."""
    unit, per_meter = quantity.unit.partition(" per m")[:2]
    if unit != "kg/s" or not isinstance(quantity.value, float):
        return ""
    kilograms = quantity.value * SECONDS_PER_DAY
    pounds = kilograms / KILOGRAMS_PER_POUND
    return f" = {kilograms:.5g} kg/day{per_meter} = {pounds:.5g} lb/day{per_meter}"


def _ratio(summary: Summary, name: str) -> str:
    """The ratio of the computed discharge coefficient to this one, where this is by a law; else nothing."""
    judges = name == EXPECTED or name.startswith(LAW)
    if not judges or "discharge_coefficient" not in summary:
        return ""
    computed, expected = summary["discharge_coefficient"].value, summary[name].value
    if not (isinstance(computed, float) and isinstance(expected, float) and expected):
        return ""
    return f"; computed / this = {computed / expected:.4f}"
