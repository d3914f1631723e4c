"""Named points whose state is recorded."""

from __future__ import annotations

import numpy as np

from breachflow.mesh.mesh import Floats
from breachflow.results import Column
from breachflow.run.fields import state_fields
from breachflow.run.flow import Flow
from breachflow.run.plan import probe_cells


class ProbeRecord:
    """The state at each probe of a case, in the cell that holds it, at the times of the history."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.cells = probe_cells(flow.case, flow.mesh)
        self.times: list[float] = []
        self.states: list[Floats] = []

    def add(self, time: float, conserved: Floats) -> None:
        """Record all probes."""
        self.times.append(time)
        self.states.append(conserved[list(self.cells.values())])

    def columns(self) -> dict[str, dict[str, Column]]:
        """Per probe: time and the state in SI units."""
        found: dict[str, dict[str, Column]] = {}
        for index, name in enumerate(self.cells):
            rows = np.array([state[index] for state in self.states])
            columns = {"time": Column(np.array(self.times), "s", "physical time (0 in a steady run)")}
            for field_name, field in state_fields(self.flow, rows).items():
                for part, values in _components(field_name, field.values):
                    columns[part] = Column(values, field.unit, field.description)
            found[name] = columns
        return found


def _components(name: str, values: Floats) -> list[tuple[str, Floats]]:
    """A vector as its two components in the plane."""
    return (
        [(name, values)]
        if values.ndim == 1
        else [(f"{name}_{axis}", values[:, i]) for i, axis in enumerate("xy")]
    )
