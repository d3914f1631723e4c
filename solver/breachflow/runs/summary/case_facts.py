"""What is known of a case before it is solved: ideal stream, closed forms, regime."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import nan

from breachflow.case.schema import Case
from breachflow.case.similarity import rarefaction_of
from breachflow.leak.throat import IdealThroat, ideal_throat
from breachflow.results import Quantity
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.runs.measure.flow_rate import ideal_mass_flow_of
from breachflow.runs.setup.reference import reference_of
from breachflow.runs.summary.comparison import comparison_summary
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.rarefied.rarefaction import Regime, regime

OUTSIDE_UNKNOWN = "no boundary tells what is outside"
"""Why numbers that depend on the pressure outside are not known."""


@dataclass(frozen=True)
class CaseFacts:
    """A case, and what follows from it without a solution; each computed once."""

    case: Case

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
        if self.throat.viscosity_unknown and self.case.species.viscosity is None:
            return "the gas has no viscosity: give one in [gas]"
        return self.throat.viscosity_unknown

    @cached_property
    def comparison(self) -> dict[str, Quantity]:
        """The best estimate and all laws that hold, as quantities."""
        return comparison_summary(self.case)

    @property
    def expected(self) -> Coefficient:
        """The discharge coefficient that the closed forms expect; nan where none holds."""
        if EXPECTED not in self.comparison:
            return Coefficient(nan, nan)
        return Coefficient(*(float(self.comparison[EXPECTED + end].value) for end in ("", UNCERTAINTY)))

    @property
    def knudsen(self) -> float:
        """Mean free path in the ideal throat over the size of the hole; nan where it is not known."""
        return nan if self.throat is None else self.throat.knudsen(self.case.hole.diameter)

    @cached_property
    def rarefaction(self) -> float:
        """Rarefaction parameter of the gas at rest in the cabin; nan where it is not known."""
        return rarefaction_of(self.case)

    @property
    def regime(self) -> Regime | None:
        """The flow regime by the Knudsen number; None where that is not known."""
        return regime(self.knudsen) if self.knudsen >= 0.0 else None

    def reynolds(self, mass_flow: float) -> float:
        """Reynolds number of a flow through the hole, kg/s, in the ideal throat; nan if not known."""
        hole = self.case.hole
        return nan if self.throat is None else self.throat.reynolds(mass_flow / hole.area, hole.diameter)
