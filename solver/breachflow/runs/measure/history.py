"""The history of a run: one row for each iteration, or at regular times of a transient run."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
from typing import Final

import numpy as np

from breachflow.results import Column
from breachflow.results.quantities import QUANTITIES, quantity_named
from breachflow.runs.measure.flow_rate import FlowRate

MARCHED: Final = "march_time"
"""Column that only rows of a march in time have."""

OWN_COLUMNS: Mapping[str, tuple[str, str]] = {
    "level": ("1", "mesh of the grid sequence, 1 = coarsest"),
    "iteration": ("1", "iteration since the start of the run"),
    "time": ("s", "physical time"),
    "passed_mass": ("kg", "mass that has passed the hole, or left without one, since the start"),
    "fed_mass": ("kg", "mass that the boundaries have fed since the start"),
    "residual": ("1", "norm of the mass residual over its first value on this mesh"),
    MARCHED: ("s", "time in the march through a flow that swings; nan in steady iterations"),
    "cfl": ("1", "longest pseudo-time step over the explicit one"),
}
"""Unit and meaning of the columns that are no quantities of a summary."""


def history_values(flow_rate: FlowRate) -> dict[str, float]:
    """The quantities of a flow rate that the history records; without a hole there is no coefficient."""
    values = {one.name: float(getattr(flow_rate, one.name)) for one in QUANTITIES if one.in_history}
    return {name: value for name, value in values.items() if not isnan(value)}


def history_columns(rows: list[dict[str, float]], per: str) -> dict[str, Column]:
    """The rows of a history as columns (n_rows,) with units; nan where a row has no such number.

    `per` follows the units of flows and masses: " per m" where nothing states a length.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {
        name: Column(
            np.array([row.get(name, nan) for row in rows], dtype=_kind(name)), *_unit_and_meaning(name, per)
        )
        for name in names
    }


def steady_rows(rows: list[dict[str, float]]) -> int:
    """The number of rows that are steady iterations, and no steps in time of a march."""
    return sum(MARCHED not in row for row in rows)


def _unit_and_meaning(name: str, per: str) -> tuple[str, str]:
    if name in OWN_COLUMNS:
        unit, meaning = OWN_COLUMNS[name]
        return unit + (per if unit == "kg" else ""), meaning
    quantity = quantity_named(name)
    return quantity.unit + (per if quantity.per_length else ""), quantity.meaning


def _kind(name: str) -> type:
    return np.int64 if name in ("level", "iteration") else np.float64
