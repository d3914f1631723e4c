"""Pressure, temperature and Mach number at the probes of a transient run over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.result.facts import facts_of
from breachflow.report.result.shading import pressure_unit
from breachflow.report.result.times import time_unit
from breachflow.report.style import COLORS, DASHES, drawable, new_figure, note
from breachflow.results import Result
from breachflow.words import counted

PLACE: Final = 6

MOST: Final = len(COLORS)
"""Probes that the picture shows."""

QUANTITIES: Final[dict[str, Callable[[float], tuple[float, str]]]] = {
    "pressure": pressure_unit,
    "temperature": lambda _: (1.0, "K"),
    "mach": lambda _: (1.0, ""),
}
"""Columns of a probe that have a panel, each with its unit for a highest value: units per SI unit, name."""

NAMES: Final = {"mach": "Mach number"}


class ProbeRecord(NamedTuple):
    """A probe over time."""

    name: str
    times: Floats
    """(n_rows,) s."""
    columns: dict[str, Floats]
    """(n_rows,) each, in SI units."""


def draw(result: Result) -> Drawing | None:
    """The picture; None without probes, or of a steady run, whose probes have one state."""
    records = _records(result)
    shown = [name for name in QUANTITIES if all(name in record.columns for record in records)]
    if not records or not shown:
        return None
    title = str(result.provenance.get("title", ""))
    figure = new_figure(9.0, 1.3 + 1.7 * len(shown), title, facts_of(result), legend=True)
    panels = figure.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    factor, unit = time_unit(max(float(record.times[-1]) for record in records))
    for axes, name in zip(panels, shown, strict=True):
        _draw_quantity(axes, records[:MOST], name, factor)
    panels[-1].set_xlabel(f"time ({unit})")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper")
    left_out = records[MOST:]
    note(figure, [f"{counted(len(left_out), 'probe')} left out: see the result."] if left_out else [])
    return Drawing("Probes", _description(records[:MOST], shown), figure)


def _records(result: Result) -> list[ProbeRecord]:
    found = []
    for name, columns in result.probes.items():
        values = {key: np.asarray(column.values, dtype=np.float64) for key, column in columns.items()}
        if len(values.get("time", ())) > 1:
            found.append(ProbeRecord(name, values.pop("time"), values))
    return found


def _draw_quantity(axes: Axes, records: list[ProbeRecord], name: str, factor: float) -> None:
    highest = max(float(np.nanmax(record.columns[name])) for record in records)
    scale, unit = QUANTITIES[name](highest)
    for record, color, dash in zip(records, COLORS, DASHES, strict=False):
        looks: dict[str, Any] = {"color": color, "linestyle": dash, "label": drawable(record.name, 30)}
        axes.plot(factor * record.times, scale * record.columns[name], **looks)
    axes.set_ylabel(f"{NAMES.get(name, name)}{f' ({unit})' if unit else ''}")


def _description(records: list[ProbeRecord], shown: list[str]) -> str:
    said = []
    for record in records:
        ends = (_last(record, name) for name in shown)
        said.append(f"{drawable(record.name, 30)}: {', '.join(ends)}")
    return f"At the end, {'; '.join(said)}."


def _last(record: ProbeRecord, name: str) -> str:
    value = float(record.columns[name][-1])
    scale, unit = QUANTITIES[name](value)
    return f"{NAMES.get(name, name)} {scale * value:.4g} {unit}".strip()
