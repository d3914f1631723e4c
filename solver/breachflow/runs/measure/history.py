"""The record of a run, one row an iteration."""

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


class History:
    """Rows that grow while the run goes on."""

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []

    def add(self, **values: float) -> None:
        """Append a row."""
        self.rows.append(values)

    def columns(self) -> dict[str, Column]:
        """The record as arrays with units."""
        if not self.rows:
            return {}
        return {
            name: Column(np.array([row[name] for row in self.rows], dtype=_kind(name)), *UNITS[name])
            for name in self.rows[0]
        }


def _kind(name: str) -> type:
    return np.int64 if name in ("level", "iteration") else np.float64
