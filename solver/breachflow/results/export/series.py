"""The result of a cabin as columns of equal length: one for each quantity of each compartment, leak, ..."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from breachflow.results.data import Column
from breachflow.results.files.cabin.series import CabinSeries, SeriesVariable

TIME = "time"
EVENT = "event"
"""Axes of the history and of what happened."""


def history_columns(series: CabinSeries) -> dict[str, Column]:
    """Everything over time, (n_times,) each: pressure.base, mole_fraction.base.oxygen, hatch_open.spektr."""
    time = series.axes[TIME]
    found = {TIME: Column(time.values, time.unit, time.description)}
    for name, variable in series.variables.items():
        if variable.axes[:1] == (TIME,):
            found |= dict(_split(name, variable, series))
    return found


def event_columns(series: CabinSeries) -> dict[str, Column]:
    """What happened, (n_events,) each; empty where nothing did."""
    return {
        name: Column(variable.values, variable.unit, variable.description)
        for name, variable in series.variables.items()
        if variable.axes == (EVENT,)
    }


def _split(name: str, variable: SeriesVariable, series: CabinSeries) -> Iterator[tuple[str, Column]]:
    """One column for each place on the further axes of a variable over time."""
    others = [series.names_on(axis) for axis in variable.axes[1:]]
    values = variable.values.reshape(len(variable.values), -1)
    for i, names in enumerate(product(*others)):
        label = ".".join([name, *map(str, names)])
        yield label, Column(values[:, i], variable.unit, variable.description)
