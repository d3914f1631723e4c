"""The history of a run: one row an iteration, or one every so often in time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from breachflow.results import Column

UNITS: Mapping[str, tuple[str, str]] = {
    "level": ("1", "mesh of the grid sequence, 1 = coarsest"),
    "iteration": ("1", "iteration since the start of the run"),
    "time": ("s", "physical time"),
    "residual": ("1", "norm of the mass residual over its first value on this mesh"),
    "mass_flow": ("kg/s", "mass flow through the hole"),
    "inlet_mass_flow": ("kg/s", "mass flow out of the cabin"),
    "discharge_coefficient": ("1", "mass flow over the ideal isentropic mass flow"),
    "cfl": ("1", "longest pseudo-time step over the explicit one"),
}


def history_columns(rows: list[dict[str, float]]) -> dict[str, Column]:
    """The rows of a history, which all have the same names, as columns (n_rows,) with units."""
    if not rows:
        return {}
    return {
        name: Column(np.array([row[name] for row in rows], dtype=_kind(name)), *UNITS[name])
        for name in rows[0]
    }


def _kind(name: str) -> type:
    return np.int64 if name in ("level", "iteration") else np.float64
