"""The case of a leak to be located as a model: compartments and hatches as of a cabin, suspicion, tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import Field

from breachflow.cabin.grammar.quantities import FLOW, NET_LOSS, OneLine
from breachflow.cabin.grammar.rooms import Compartment, Hatch, ThermalChoice
from breachflow.cabin.grammar.schema import species_of
from breachflow.case.gas import GasChoice
from breachflow.case.quantities import DURATION, PRESSURE
from breachflow.case_kinds import CaseKind
from breachflow.constants import Species
from breachflow.document.document import Document
from breachflow.document.fields import MeasuredField, QuantityField
from breachflow.document.paths import PathField
from breachflow.document.table import Misplaced, Table
from breachflow.units import Dimension

SLOPE: Final = MeasuredField(Dimension.PRESSURE_RATE, "-0.13 +- 0.05 mmHg/h")
KNOWN: Final = MeasuredField(Dimension.PRESSURE_RATE, "0 +- 0.02 mmHg/h")
LOSS: Final = MeasuredField(Dimension.MASS_FLOW, "1.53 +- 0.02 kg/day")
SPREAD: Final = QuantityField(Dimension.PRESSURE, "0.05 mmHg", least="0 Pa", most="1e6 MPa")
HANDLING: Final = QuantityField(Dimension.TIME, "0.5 h", least="0 s", most="365 day")

MOST_COMPARTMENTS: Final = 40
"""Compartments of one case: there are some thousand places of two leaks then."""


class RecordNoise(Table):
    """The noise of a pressure record."""

    example = '{ correlated = "0.05 mmHg", time = "1 h", resolution = "0.1 mmHg", every = "1 min" }'

    correlated: Annotated[float, SPREAD] = Field(
        default="0 Pa", validate_default=True, description="Standard deviation of noise that lasts."
    )
    time: Annotated[float | None, DURATION] = Field(default=None, description="How long it lasts.")
    resolution: Annotated[float, SPREAD] = Field(
        default="0 Pa", validate_default=True, description="Step in which the gauge reads."
    )
    every: Annotated[float, DURATION] = Field(
        default="1 min", validate_default=True, description="Time between two readings."
    )
    wander: Annotated[float, SPREAD] = Field(
        default="0 Pa", validate_default=True, description="Standard deviation of a random walk in an hour."
    )


class Suspect(Table):
    """What is known of the leak before the tests."""

    rate: Annotated[float, FLOW] = Field(description="Mass flow of the whole leak.")
    rate_uncertainty: Annotated[float, NET_LOSS] = Field(description="Its standard deviation.")
    weight: dict[str, float] | None = Field(
        default=None, description="How much each compartment is suspected; by its volume if absent."
    )
    two_leaks: float = Field(
        default=0.1, ge=0.0, lt=1.0, description="Probability of two leaks before the tests."
    )
    hatch_rule: Annotated[float | None, PRESSURE] = Field(
        default=None, description="Largest difference across a shut hatch that must be opened again."
    )
    handling: Annotated[float, HANDLING] = Field(
        default="0.5 h", validate_default=True, description="Time to shut a hatch, to read and to open it."
    )
    noise: RecordNoise | None = Field(
        default=None, description="Noise of the records to come; no hatch is proposed without it."
    )


class HatchTest(Table):
    """Hatches that were shut, and how the pressure of each side fell."""

    closed: list[str] = Field(min_length=1, description="Hatches that were shut, beside those that are.")
    slope: dict[str, Annotated[tuple[float, float], SLOPE]] = Field(
        default_factory=dict,
        description="Slope of the pressure of each side, by a compartment in it; below 0 as it falls.",
    )
    record: dict[str, Annotated[Path, PathField()]] = Field(
        default_factory=dict,
        description="Record of the pressure of a side, a CSV file, in place of its slope.",
    )
    first: OneLine | None = Field(
        default=None, alias="from", max_length=60, description="First time of the records that counts."
    )
    last: OneLine | None = Field(
        default=None, alias="to", max_length=60, description="Last time of the records that counts."
    )
    known: dict[str, Annotated[tuple[float, float], KNOWN]] = Field(
        default_factory=dict, description="Slope that something else than the leak makes, likewise."
    )
    note: OneLine | None = Field(default=None, max_length=300, description="When, and by whom.")


class SealLevel(Table):
    """A pressure behind a shut hatch, and the net loss there."""

    pressure: Annotated[float, PRESSURE] = Field(description="Pressure behind the hatch.")
    loss: Annotated[tuple[float, float] | None, LOSS] = Field(
        default=None, description="Net mass flow out of what is behind the hatch."
    )
    slope: Annotated[tuple[float, float] | None, SLOPE] = Field(
        default=None, description="Slope of the pressure, in place of the loss."
    )


class LeakingSeal(Table):
    """A shut hatch whose seal may leak, by what is behind it at several pressures."""

    inside: str = Field(description="A compartment behind the hatch.")
    outside_pressure: Annotated[float, PRESSURE] = Field(
        description="Pressure before the hatch, at which both leaks are stated."
    )
    hull_exponent: float = Field(ge=0.5, le=2.5, description="Exponent of the hull's leak: 1 hole, 2 crack.")
    seal_exponent: float = Field(ge=0.5, le=2.5, description="Exponent of the seal's leak.")
    level: list[SealLevel] = Field(min_length=1, max_length=100, description="Pressures and losses.")


class LocateCase(Document):
    """A whole case of a leak to be located. Every number is in SI units."""

    misplaced: ClassVar = {
        **dict.fromkeys(("holes", "risk"), Misplaced(CaseKind.RISK.advice)),
        **dict.fromkeys(
            ("leak", "supply", "crew", "event", "run", "limit"), Misplaced(CaseKind.CABIN.advice)
        ),
    }

    title: OneLine = Field(default="", max_length=200, description="One line that says what is sought.")
    gas: GasChoice | None = Field(default=None, description="Gas of all compartments that name none.")
    thermal: ThermalChoice | None = Field(
        default=None, description="As in a cabin; the gas is taken to keep its temperature."
    )
    compartment: dict[str, Compartment] = Field(
        min_length=1, max_length=MOST_COMPARTMENTS, description="The volumes of gas, by name."
    )
    hatch: dict[str, Hatch] = Field(default_factory=dict, description="Openings between them, by name.")
    suspect: Suspect = Field(description="What is known of the leak before the tests.")
    test: list[HatchTest] = Field(default_factory=list, description="What was done and seen, in order.")
    seal: dict[str, LeakingSeal] = Field(
        default_factory=dict, description="Shut hatches whose seals may leak, by the name of the hatch."
    )

    def gas_of(self, compartment: str) -> Species:
        """The gas of a compartment, as its own or the case's key gives it."""
        return species_of(self.compartment[compartment].gas or self.gas)
