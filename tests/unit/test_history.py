"""The columns of a history: their units, and rows that lack a number."""

from __future__ import annotations

from math import isnan

import pytest

from breachflow.runs.measure.history import history_columns

ROWS = [{"time": 1.0, "mass_flow": 2.0, "passed_mass": 3.0}, {"time": 2.0, "passed_mass": 4.0}]


@pytest.mark.parametrize("per", ["", " per m"])
def test_flows_and_masses_of_a_plane_are_per_length(per: str) -> None:
    columns = history_columns(ROWS, per)
    units = {name: column.unit for name, column in columns.items()}
    assert units == {"time": "s", "mass_flow": f"kg/s{per}", "passed_mass": f"kg{per}"}
    assert isnan(columns["mass_flow"].values[1])
