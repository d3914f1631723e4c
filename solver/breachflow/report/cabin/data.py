"""The result of a cabin as pictures take it: curves that differ, limits and events, in the units shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.results.files.cabin.contents import DEFAULT_UNIT
from breachflow.results.files.cabin.series import CabinSeries
from breachflow.units import UNITS, Dimension

CLOCKS: Final = ((2.0 * 3600.0, 1.0, "s"), (3.0 * 86400.0, 3600.0, "h"), (np.inf, 86400.0, "days"))
"""Last times, s, below which time is shown in a unit: time, seconds in a unit, name."""

MOST_CURVES: Final = 8
"""Curves of one panel: as many as there are dashes."""

SAME: Final = 1e-6
"""Relative distance up to which two curves are one."""


class Curve(NamedTuple):
    """One line of a panel."""

    label: str
    values: Floats
    """(n_times,)."""


class CabinPicture:
    """A result with its summary."""

    def __init__(self, series: CabinSeries) -> None:
        self.series = series
        self.summary: dict[str, Any] = json.loads(str(series.attributes["summary"]))
        self.title = str(series.attributes.get("title", "")) or "cabin"
        self.unit = str(series.attributes.get("unit", DEFAULT_UNIT))

    @property
    def pascals(self) -> float:
        """Pa in one of the units of pressure."""
        return float(UNITS[Dimension.PRESSURE][self.unit])

    @cached_property
    def clock(self) -> tuple[float, str]:
        """Seconds in the unit of time, and its name."""
        last = float(self.series.axes["time"].values[-1])
        return next((seconds, unit) for end, seconds, unit in CLOCKS if last < end)

    @property
    def times(self) -> Floats:
        """(n_times,) in the unit of time."""
        return np.asarray(self.series.axes["time"].values, dtype=np.float64) / self.clock[0]

    @property
    def time_label(self) -> str:
        """Label of the axis of time."""
        return f"time ({self.clock[1]})"

    def curves(self, variable: str, axis: str, scale: float) -> list[Curve]:
        """The lines of a variable along an axis; those that are alike are one, and unknown ones left out."""
        found = self.series.variables.get(variable)
        if found is None or axis not in self.series.axes:
            return []
        names = [str(name) for name in self.series.axes[axis].values]
        kept: list[tuple[list[str], Floats]] = []
        for name, column in zip(names, np.asarray(found.values, dtype=np.float64).T, strict=True):
            if np.all(np.isnan(column)):
                continue
            like = next((one for one in kept if _alike(one[1], column)), None)
            if like is None:
                kept.append(([name], column))
            else:
                like[0].append(name)
        return [Curve(_joined(labels), values / scale) for labels, values in kept]

    def limits(self, measure: str) -> Mapping[str, float]:
        """Level of each limit of a measure, in the unit of pressure."""
        levels = self.summary.get("limits", {})
        return {
            name: one["value"] / self.pascals for name, one in levels.items() if one["measure"] == measure
        }

    @property
    def events(self) -> list[tuple[float, str]]:
        """Time, in the unit of time, and words of what happened, without crossings and the end."""
        variables = self.series.variables
        rows = zip(
            variables["event_time"].values,
            variables["event_what"].values,
            variables["event_text"].values,
            strict=True,
        )
        left_out = ("limit", "recovered", "already", "end")
        return [(float(time) / self.clock[0], str(text)) for time, what, text in rows if what not in left_out]


def _alike(one: Floats, other: Floats) -> bool:
    return bool(np.allclose(one, other, rtol=SAME, atol=0.0, equal_nan=True))


def _joined(names: list[str]) -> str:
    return " + ".join(names) if len(names) <= 2 else f"{names[0]} + {len(names) - 1} more"
