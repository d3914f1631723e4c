"""What a run found, from which every quantity of its summary follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import hypot, nan

from breachflow.runs.measure.flow_rate import impossible
from breachflow.runs.measure.mach_disk import NO_DISK, MachDisk
from breachflow.runs.measure.mesh_uncertainty import NOT_ESTIMATED, MeshUncertainty
from breachflow.runs.setup.reference import per_length
from breachflow.runs.solve.iteration import Ending
from breachflow.runs.summary.case_facts import CaseFacts

UNSETTLED = 0.01
"""Relative difference of inlet and hole, or change in time, above which there is no one leak rate yet."""


@dataclass(frozen=True)
class SolvedRun(CaseFacts):
    """A case, how its run ended, and what follows from both; each computed once."""

    ending: Ending
    mesh: MeshUncertainty = NOT_ESTIMATED
    coarser: Ending | None = None
    """How the run ended on the mesh before the last, of a verification run."""
    disk: MachDisk = NO_DISK
    hole_cautions: tuple[str, ...] = ()
    """What is doubtful about the hole of a mesh file."""
    wall_cell: float = nan
    """Thickness of the cells at the walls of the hole over its size; nan in flow without friction."""

    @property
    def per(self) -> str:
        """What follows the unit of a mass flow or a force."""
        return per_length(self.case)

    @property
    def coefficient(self) -> float:
        """Discharge coefficient."""
        return self.ending.flow_rate.discharge_coefficient

    @cached_property
    def spread(self) -> float:
        """Uncertainty of the discharge coefficient: of meshes, and of what still moves; nan if not known."""
        if not self.mesh.uncertainty >= 0.0:
            return nan
        if self.ending.swing is not None:
            return hypot(self.mesh.uncertainty, self.ending.swing.error)
        moving = max(self.ending.fluctuation, self.ending.held_change)
        return max(self.mesh.uncertainty, moving * self.coefficient)

    @property
    def unsettled(self) -> bool:
        """Whether a steady run ended early, while its flow was more than 1 % from a steady one.

        Flows of inlet and hole differ by more, or the flow has changed by more over the last iterations.
        """
        if self.case.orifice is None or self.case.run.mode == "transient" or self.ending.converged:
            return False
        if self.ending.swing is not None:
            return True
        return not max(self.ending.flow_rate.imbalance, self.ending.fluctuation) <= UNSETTLED

    @property
    def changing(self) -> bool:
        """Whether the flow of a transient run changes by more than 1 % in the last tenth of its time.

        So does one that was stopped too early to tell.
        """
        return self.case.run.mode == "transient" and not self.ending.fluctuation <= UNSETTLED

    @property
    def impossible(self) -> str:
        """Why no flow through the hole has this coefficient; empty where one can."""
        return impossible(self.case, self.ending.flow_rate)
