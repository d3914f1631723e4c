"""The case of a cabin as a model: each table with its keys. `checks` holds what several must satisfy."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from breachflow.cabin.grammar.actions import CabinOutput, CabinRun, Crew, Event, Limit, Supply
from breachflow.cabin.grammar.leaks import LeakTable
from breachflow.cabin.grammar.quantities import OneLine
from breachflow.cabin.grammar.rooms import Compartment, Hatch, Outside, ThermalChoice
from breachflow.case.gas import GasChoice
from breachflow.case_kinds import CaseKind
from breachflow.constants import SPECIES, Species
from breachflow.document.sweep.rules import SweptDocument
from breachflow.document.sweep.table import Sweep
from breachflow.document.table import Misplaced


class CabinCase(SweptDocument):
    """A whole case of a cabin. Every number is in SI units."""

    misplaced: ClassVar = {
        **dict.fromkeys(("holes", "risk"), Misplaced(CaseKind.RISK.advice)),
        **dict.fromkeys(("suspect", "test", "seal"), Misplaced(CaseKind.LOCATION.advice)),
    }

    title: OneLine = Field(default="", max_length=200, description="One line that says what is computed.")
    gas: GasChoice | None = Field(default=None, description="Gas of all compartments that name none.")
    thermal: ThermalChoice | None = Field(
        default=None,
        description='Thermal model of all compartments that name none: "isothermal", "adiabatic" or a table.',
    )
    outside: Outside = Field(
        default={}, validate_default=True, description="What is outside; absent: vacuum."
    )
    compartment: dict[str, Compartment] = Field(min_length=1, description="The volumes of gas, by name.")
    hatch: dict[str, Hatch] = Field(default_factory=dict, description="Openings between them, by name.")
    leak: dict[str, LeakTable] = Field(default_factory=dict, description="Leaks, by name.")
    supply: dict[str, Supply] = Field(default_factory=dict, description="Gas that is fed, by name.")
    crew: dict[str, Crew] = Field(default_factory=dict, description="People, by name.")
    event: list[Event] = Field(default_factory=list, description="What is done, in any order.")
    limit: dict[str, Limit] = Field(default_factory=dict, description="Values that must not be passed.")
    run: CabinRun = Field(description="How long it is followed.")
    output: CabinOutput = Field(default={}, validate_default=True, description="What is written.")
    sweep: Sweep | None = Field(default=None, description="Keys that take several values in turn.")

    def gas_of(self, compartment: str) -> Species:
        """The gas of a compartment at the start, as its own or the case's key gives it."""
        return species_of(self.compartment[compartment].gas or self.gas)

    def thermal_of(self, compartment: str) -> ThermalChoice:
        """The thermal model of a compartment, its own or that of the case."""
        chosen = self.compartment[compartment].thermal or self.thermal
        assert chosen is not None, "checked when the case is read"
        return chosen

    @property
    def result_path(self) -> Path:
        """The result file, resolved."""
        return self.output.file


def species_of(gas: GasChoice | None) -> Species:
    """A gas as the laws take it."""
    assert gas is not None, "checked when the case is read"
    return SPECIES[gas] if isinstance(gas, str) else gas.species
