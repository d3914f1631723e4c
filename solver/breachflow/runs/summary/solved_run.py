"""What a run found, from which every quantity of its summary follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import nan

from breachflow.case.schema import Case
from breachflow.leak.throat import IdealThroat, ideal_throat
from breachflow.results import Quantity
from breachflow.runs.measure.flow_rate import ideal_mass_flow_of, impossible
from breachflow.runs.measure.mach_disk import NO_DISK, MachDisk
from breachflow.runs.measure.mesh_uncertainty import NOT_ESTIMATED, MeshUncertainty
from breachflow.runs.setup.reference import is_axisymmetric, reference_of
from breachflow.runs.solve.iteration import Ending
from breachflow.runs.summary.comparison import comparison_summary

OUTSIDE_UNKNOWN = "no boundary tells what is outside"
"""Why numbers that depend on the pressure outside are not known."""

UNSETTLED = 0.01
"""Relative difference of inlet and hole above which neither is the leak rate."""


@dataclass(frozen=True)
class SolvedRun:
    """A case, how its run ended, and what follows from both; each computed once."""

    case: Case
    ending: Ending
    mesh: MeshUncertainty = NOT_ESTIMATED
    coarser: Ending | None = None
    """How the run ended on the mesh before the last, of a verification run."""
    disk: MachDisk = NO_DISK

    @property
    def per(self) -> str:
        """What follows the unit of a mass flow or a force: " per m" where nothing states a length."""
        if self.case.orifice is not None:
            return self.case.orifice.per
        return "" if is_axisymmetric(self.case) else " per m"

    @property
    def coefficient(self) -> float:
        """Discharge coefficient."""
        return self.ending.flow_rate.discharge_coefficient

    @cached_property
    def spread(self) -> float:
        """Uncertainty of the discharge coefficient: of the meshes or of the last iterations; or nan."""
        if not self.mesh.uncertainty >= 0.0:
            return nan
        return max(self.mesh.uncertainty, self.ending.fluctuation * self.coefficient)

    @property
    def unsettled(self) -> bool:
        """Whether the run ended early, with flows through inlet and hole that differ by more than 1 %.

        A transient run fills and empties the gas between them, and has its flow at each time.
        """
        if self.case.orifice is None or self.ending.converged or self.case.run.mode == "transient":
            return False
        return not self.ending.flow_rate.imbalance <= UNSETTLED

    @property
    def impossible(self) -> str:
        """Why no flow through the hole has this coefficient; empty where one can."""
        return impossible(self.case, self.ending.flow_rate)

    @cached_property
    def ideal(self) -> float:
        """Ideal isentropic mass flow, kg/s (per m of a slit without length)."""
        return ideal_mass_flow_of(self.case)

    @cached_property
    def throat(self) -> IdealThroat | None:
        """The ideal throat; None where no boundary tells the pressure outside."""
        outside, inside = self.case.outside_pressure, reference_of(self.case)
        if outside is None:
            return None
        return ideal_throat(self.case.species, inside.pressure, inside.temperature, outside)

    @cached_property
    def throat_unknown(self) -> str:
        """Why the Reynolds and Knudsen numbers are not known; empty where they are."""
        if self.throat is None:
            return OUTSIDE_UNKNOWN
        if self.throat.viscosity_unknown and self.case.species.sutherland is None:
            return "the gas has no viscosity: give one in [gas]"
        return self.throat.viscosity_unknown

    @cached_property
    def comparison(self) -> dict[str, Quantity]:
        """The best estimate and all laws that hold, as quantities."""
        return comparison_summary(self.case)
