"""The record of a march in time through a flow that does not settle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.runs.measure.flow_rate import FlowRate

COEFFICIENT: Final = FlowRate._fields.index("discharge_coefficient")
"""Place of the discharge coefficient in a flow rate."""


@dataclass
class Series:
    """Flow rates at regular times, and what the steps carry on; times in units of the reference."""

    rates: Floats = field(default_factory=lambda: np.zeros((0, len(FlowRate._fields))))
    """(n_times, n_rates) flow rates, one step apart."""
    begun: float = 0.0
    """Part of the present step that has been taken."""
    state: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """(n_cells, nvar) conserved states at the last time; empty while the march itself moves the state."""
    before: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """(n_cells, nvar) conserved states one step before."""
    last: float = 0.0
    """Length of the last step; 0 before the first."""
    longest_cfl: float = 0.0
    """Largest CFL number of a cell in that step."""
    returns: int = 0
    """Times that steady iterations went on from the march, since the motion had died out."""

    @property
    def coefficients(self) -> Floats:
        """(n_times,) discharge coefficients."""
        return np.asarray(self.rates[:, COEFFICIENT])
