"""How commands print: lines, tables, JSON, and a result's summary."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.errors import ResultError

if TYPE_CHECKING:
    from breachflow.results import Quantity, Result

Row: TypeAlias = tuple[str, str]
"""Label and text."""

_LEADING: Final = ("mass_flow", "discharge_coefficient", "thrust", "thrust_coefficient", "regime")
_LAST: Final = ("cells", "wall_time")
_UNCERTAINTY: Final = "_uncertainty"


def is_terminal() -> bool:
    return sys.stdout.isatty()


def print_line(text: str = "") -> None:
    """One line at once. A reader that has gone away has seen enough: the command goes on in silence."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        raise ResultError(f"standard output: {error.strerror}") from error


def discard_output() -> None:
    """Whatever is printed from now on goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_rows(rows: Sequence[Row], title: str = "") -> None:
    """A table on a terminal, aligned lines elsewhere."""
    if is_terminal():
        _print_table(rows, title)
        return
    if title:
        print_line(title)
    width = max((len(label) for label, _ in rows), default=0)
    for label, text in rows:
        print_line(f"  {label:<{width}}  {text}".rstrip())


def _print_table(rows: Sequence[Row], title: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE, show_header=False, title=Text(title) if title else None, title_justify="left"
    )
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        style = "bold red" if "NOT CONVERGED" in text else ""
        table.add_row(Text(label), Text(text, style=style))
    Console().print(table)


def print_json(content: Mapping[str, Any]) -> None:
    """One object; what JSON cannot say (nan, inf) is null."""
    print_line(json.dumps(_finite(content), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_summary(result: Result) -> None:
    """The summary of a result for people: what matters most first."""
    from breachflow.results.table import printable

    title = printable(result.provenance.get("title", ""))
    rows = [*summary_rows(result.summary), ("file", printable(result.path))]
    if len(result.times):
        rows.append(
            ("snapshots", f"{len(result.times)}, from {result.times[0]:.6g} s to {result.times[-1]:.6g} s")
        )
    print_rows(rows, title)


def summary_json(result: Result) -> dict[str, Any]:
    """Name and plain SI value of everything in the summary."""
    return {name: quantity.value for name, quantity in result.summary.items()}


def summary_rows(summary: Mapping[str, Quantity]) -> list[Row]:
    """Status, what matters most, everything else with its ratio to it, the cost."""
    known = {"converged", *_LEADING, *_LAST}
    others = [name for name in summary if name not in known and not _is_shown_with_value(summary, name)]
    names = [
        *(name for name in _LEADING if name in summary),
        *others,
        *(name for name in _LAST if name in summary),
    ]
    return [*_status(summary), *(_row(summary, name) for name in names)]


def _status(summary: Mapping[str, Quantity]) -> Iterator[Row]:
    if "converged" in summary:
        yield "status", "converged" if summary["converged"].value is True else "NOT CONVERGED"


def _is_shown_with_value(summary: Mapping[str, Quantity], name: str) -> bool:
    return name.endswith(_UNCERTAINTY) and name.removesuffix(_UNCERTAINTY) in summary


def _row(summary: Mapping[str, Quantity], name: str) -> Row:
    from breachflow.results.table import printable

    return printable(name.replace("_", " ")), printable(_text(summary, name))


def _text(summary: Mapping[str, Quantity], name: str) -> str:
    quantity = summary[name]
    if name == "regime":
        return _regime(str(quantity.value))
    if name == "wall_time" and isinstance(quantity.value, float):
        return duration(quantity.value)
    uncertainty = summary.get(name + _UNCERTAINTY)
    spread = "" if uncertainty is None else f" +- {number(uncertainty.value, digits=2)}"
    unit = "" if quantity.unit in ("", "1") else f" {quantity.unit}"
    return f"{number(quantity.value)}{spread}{unit}{_per_day(quantity)}{_ratio(summary, name)}"


def _regime(name: str) -> str:
    from breachflow.analytic.rarefaction import Regime

    sentences = {str(regime): regime.sentence for regime in Regime}
    return f"{name}: {sentences[name]}" if name in sentences else name


def _per_day(quantity: Quantity) -> str:
    """A mass flow also in the units of flight controllers."""
    unit, of_slit = quantity.unit.partition(" per m")[:2]
    if unit != "kg/s" or not isinstance(quantity.value, float):
        return ""
    kilograms = quantity.value * SECONDS_PER_DAY
    return f" = {kilograms:.5g} kg/day = {kilograms / KILOGRAMS_PER_POUND:.5g} lb/day{of_slit}"


def _ratio(summary: Mapping[str, Quantity], name: str) -> str:
    """What was computed over this value, where this is another way to the same quantity (ideal_mass_flow)."""
    for computed in _LEADING:
        if name.endswith(f"_{computed}") and computed in summary and name != computed:
            value, reference = summary[computed].value, summary[name].value
            if isinstance(value, float) and isinstance(reference, float) and reference:
                return f" ({computed.replace('_', ' ')} / this = {value / reference:.4f})"
    return ""


def number(value: float | int | bool | str, digits: int = 6) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> duration(4.26), duration(75.0), duration(8000.0)
    ('4.3 s', '1 min 15 s', '2 h 13 min')
    """
    if not math.isfinite(seconds) or seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def byte_count(count: float) -> str:
    """A number of bytes.

    >>> byte_count(2.5e9), byte_count(120e6)
    ('2.5 GB', '120 MB')
    """
    return f"{count / 1e9:.3g} GB" if count >= 1e9 else f"{max(count / 1e6, 1.0):.0f} MB"


def short_path(path: Path) -> str:
    """Relative to the working directory if it lies in it."""
    from breachflow.case.toml_text import single_line

    resolved, here = path.resolve(), Path.cwd()
    return single_line(str(resolved.relative_to(here) if resolved.is_relative_to(here) else resolved))
