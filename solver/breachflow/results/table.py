"""A result as plain text: one line, or an aligned table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.results.data import Quantity

Summary = Mapping[str, Quantity]

_LEADING = ("mass_flow", "discharge_coefficient", "thrust", "regime")
_UNCERTAINTY = "_uncertainty"


def result_table(path: Path, summary: Summary, provenance: Mapping[str, Any], times: NDArray[Any]) -> str:
    """Name, value and unit of everything in the summary, what matters most first."""
    title = printable(provenance.get("title", ""))
    heading = f"{printable(path.name)}: {title}" if title else printable(path.name)
    rows = list(_rows(summary, times))
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join([heading, *(f"  {name:<{width}}  {value}".rstrip() for name, value in rows)])


def result_line(path: Path, summary: Summary) -> str:
    """The few numbers that tell one result from another."""
    parts = [
        f"{printable(_label(name))} {_with_uncertainty(summary, name)}"
        for name in ("mass_flow", "discharge_coefficient")
        if name in summary
    ]
    parts += [_convergence(summary)] if "converged" in summary else []
    return f"<Result {printable(path.name)}: {', '.join(parts)}>"


def printable(text: object) -> str:
    """Text from a file, made harmless for a terminal: no control characters."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def _rows(summary: Summary, times: NDArray[Any]) -> Iterator[tuple[str, str]]:
    if "converged" in summary:
        yield "status", _convergence(summary)
    leading = [name for name in _LEADING if name in summary]
    others = [name for name in summary if name not in (*_LEADING, "converged")]
    for name in leading + [name for name in others if not _is_shown_with_value(summary, name)]:
        yield printable(_label(name)), _with_uncertainty(summary, name) + _per_day(summary[name])
    if len(times):
        yield "snapshots", f"{len(times)}, from {times[0]:.6g} s to {times[-1]:.6g} s"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _convergence(summary: Summary) -> str:
    return "converged" if summary["converged"].value is True else "NOT CONVERGED"


def _is_shown_with_value(summary: Summary, name: str) -> bool:
    return name.endswith(_UNCERTAINTY) and name.removesuffix(_UNCERTAINTY) in summary


def _with_uncertainty(summary: Summary, name: str) -> str:
    quantity = summary[name]
    text = _number(quantity.value)
    uncertainty = summary.get(name + _UNCERTAINTY)
    if uncertainty is not None:
        text += f" ± {_number(uncertainty.value, digits=2)}"
    return text if quantity.unit in ("", "1") else f"{text} {printable(quantity.unit)}"


def _per_day(quantity: Quantity) -> str:
    """A mass flow also in the units that flight controllers use."""
    if quantity.unit != "kg/s" or not isinstance(quantity.value, (int, float)):
        return ""
    kilograms = quantity.value * SECONDS_PER_DAY
    return f"   {kilograms:.5g} kg/day   {kilograms / KILOGRAMS_PER_POUND:.5g} lb/day"


def _number(value: float | int | bool | str, digits: int = 6) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    return printable(value)
