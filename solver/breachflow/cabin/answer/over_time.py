"""Quantities over time in two results of cabins: the largest difference, where and when it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Ints
from breachflow.results.files.cabin.series import CabinSeries, SeriesVariable


class HistoryChange(NamedTuple):
    """A quantity over time in two results."""

    name: str
    unit: str
    places: tuple[str, ...]
    """Compartment, leak, hatch, supply or gas with the largest difference; empty where there is none."""
    time: float
    """Of the largest difference, s."""
    before: float
    """The values there."""
    after: float
    largest: float
    """Largest difference over the largest magnitude of both; inf where only one of them has a value."""


class _Common(NamedTuple):
    """What two results have in common of a quantity."""

    times: Floats
    """(n_times,) times of both results, twice: once before what happens at a time, once after it."""
    sides: NDArray[np.bool_]
    """(n_times,) whether it is after."""
    names: tuple[list[str], ...]
    """Names on each axis but that of time."""


def compare_histories(before: CabinSeries, after: CabinSeries) -> list[HistoryChange]:
    """Every quantity over time that both have, by linear interpolation at the times of both."""
    return [
        _compared(name, before, after)
        for name, variable in after.variables.items()
        if variable.axes[0] == "time" and name in before.variables and _has_common(name, before, after)
    ]


def _has_common(name: str, before: CabinSeries, after: CabinSeries) -> bool:
    one, other = (series.variables[name].axes for series in (before, after))
    return one == other and all(_names(axis, before, after) for axis in other[1:])


def _names(axis: str, before: CabinSeries, after: CabinSeries) -> list[str]:
    """The names on an axis of both."""
    known = before.names_on(axis)
    return [name for name in after.names_on(axis) if name in known]


def _compared(name: str, before: CabinSeries, after: CabinSeries) -> HistoryChange:
    variable = after.variables[name]
    common = _common(variable, before, after)
    one, other = (_values(series, name, common) for series in (before, after))
    with np.errstate(over="ignore"):  # of numbers that a file may hold
        change = np.where(np.isnan(one) & np.isnan(other), 0.0, np.abs(other - one))
    change = np.where(np.isnan(change), np.inf, change)
    place = np.unravel_index(int(np.argmax(change)), change.shape)
    scale = max(float(np.nanmax(np.abs(values), initial=0.0)) for values in (one, other))
    largest = float(change[place])
    return HistoryChange(
        name,
        variable.unit,
        tuple(names[i] for names, i in zip(common.names, place[1:], strict=True)) if largest else (),
        float(common.times[place[0]]),
        float(one[place]),
        float(other[place]),
        largest / scale if scale else largest,
    )


def _common(variable: SeriesVariable, before: CabinSeries, after: CabinSeries) -> _Common:
    one, other = (series.axes["time"].values for series in (before, after))
    times = np.union1d(one, other)
    times = times[(times >= max(one[0], other[0])) & (times <= min(one[-1], other[-1]))]
    sides = np.tile([False, True], len(times))
    return _Common(
        np.repeat(times, 2), sides, tuple(_names(axis, before, after) for axis in variable.axes[1:])
    )


def _values(series: CabinSeries, name: str, common: _Common) -> Floats:
    """The values of a result at the common times and names, shape (n_times, length of each other axis)."""
    variable = series.variables[name]
    chosen = (
        _places(names, series.names_on(axis))
        for names, axis in zip(common.names, variable.axes[1:], strict=True)
    )
    times = series.axes["time"].values
    values = variable.values[np.ix_(np.arange(len(times)), *chosen)].astype(float)
    before, after = (_at(times, values, common.times, side) for side in ("left", "right"))
    found: Floats = np.where(common.sides.reshape(-1, *[1] * (values.ndim - 1)), after, before)
    return found


def _places(names: Sequence[str], known: Sequence[str]) -> Ints:
    """The places of names, shape (n,)."""
    return np.array([known.index(name) for name in names])


def _at(times: Floats, values: Floats, wanted: Floats, side: Literal["left", "right"]) -> Any:
    """Values by linear interpolation, shape (n_wanted, ...).

    At a time that stands twice those before it (left) or after it (right).
    """
    later = np.clip(np.searchsorted(times, wanted, side), 1, len(times) - 1)
    step, since = times[later] - times[later - 1], wanted - times[later - 1]
    part = np.where(step > 0.0, since / np.where(step > 0.0, step, 1.0), float(side == "right"))
    part = part.reshape(-1, *[1] * (values.ndim - 1))
    between = (1.0 - part) * values[later - 1] + part * values[later]
    return np.where(part == 0.0, values[later - 1], np.where(part == 1.0, values[later], between))
