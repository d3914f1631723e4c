"""The table `[leak]`: one kind of leak for each law of its flow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from breachflow.cabin.grammar.quantities import AREA, CONDUCTANCE, FLOW, GROWTH, LEVEL, TIME
from breachflow.case.quantities import LENGTH, OPENING, SLIT_LENGTH, TEMPERATURE
from breachflow.document.fields import TimedNumber
from breachflow.document.paths import PathField
from breachflow.document.table import Misplaced, Table
from breachflow.shipped import cases_with_law

SPACE = "space"
"""The name of what is outside, in place of a compartment."""

LARGEST_FACTOR = 1e6
"""On the flow of a leak, in a schedule."""

Schedule: TypeAlias = list[Annotated[tuple[float, float], TimedNumber(TIME, most=LARGEST_FACTOR)]]
"""Times with a factor at each, linear between them."""


class LeakPath(Table):
    """What leaks of any kind have."""

    origin: str = Field(alias="from", description="Compartment that leaks.")
    to: str = Field(default=SPACE, description="Where the gas goes: space, or another compartment.")
    start: Annotated[float | None, TIME] = Field(default=None, description="Time at which the leak opens.")
    end: Annotated[float | None, TIME] = Field(default=None, description="Time at which the leak is gone.")
    uncertainty: float | None = Field(
        default=None, ge=0.0, lt=1.0, description="Of the flow, relative, one standard deviation."
    )


class HoleLeak(LeakPath):
    """A hole: the best estimate of `estimate`, or a given discharge coefficient."""

    misplaced: ClassVar = {
        "depth": Misplaced("a hole has `wall_thickness`; a crack has `depth`", "wall_thickness")
    }

    kind: Literal["hole"]
    diameter: Annotated[float | None, OPENING] = Field(default=None, description="Diameter of a round hole.")
    area: Annotated[float | None, AREA] = Field(default=None, description="Area, in place of a diameter.")
    width: Annotated[float | None, OPENING] = Field(
        default=None, description="Width of a slit, with a length."
    )
    length: Annotated[float | None, SLIT_LENGTH] = Field(default=None, description="Length of a slit.")
    wall_thickness: Annotated[float, LENGTH] = Field(
        default="0 mm", validate_default=True, description="Thickness of the wall; for the best estimate."
    )
    edge_radius: Annotated[float, LENGTH] = Field(
        default="0 mm",
        validate_default=True,
        description="Radius of the upstream edge; for the best estimate.",
    )
    discharge_coefficient: float | None = Field(
        default=None, gt=0.0, le=1.0, description="The best estimate if absent."
    )
    growth: Annotated[float | None, GROWTH] = Field(
        default=None, description="Growth of the diameter, from the start of the leak."
    )
    opening: Schedule | None = Field(
        default=None,
        min_length=1,
        description='Factor on the flow over time, e.g. [["0 s", 0.0], ["10 s", 1.0]].',
    )


class CrackLeak(LeakPath):
    """A crack: the best estimate of `estimate`, in which friction counts."""

    kind: Literal["crack"]
    opening: Annotated[float, OPENING] = Field(description="Width of the crack.")
    length: Annotated[float, SLIT_LENGTH] = Field(description="Length of the crack along the wall.")
    depth: Annotated[float, OPENING] = Field(description="Depth of the crack through the wall.")


class Power(LeakPath):
    """A flow that is known at one pressure and changes with a power of it."""

    kind: Literal["power"]
    flow: Annotated[float, FLOW] = Field(description="Mass flow into a vacuum at `at_pressure`.")
    at_pressure: Annotated[float, LEVEL] = Field(description="Pressure at which the flow is known.")
    exponent: float = Field(ge=0.5, le=2.5, description="Flow ~ pressure to this power: 1 a hole, 2 a crack.")
    at_temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature there; that of the compartment at the start if absent."
    )
    opening: Schedule | None = Field(default=None, min_length=1, description="Factor on the flow over time.")


class Conductance(LeakPath):
    """Pores or a seal in free-molecular flow."""

    kind: Literal["conductance"]
    conductance: Annotated[float, CONDUCTANCE] = Field(
        description="Volume flow over the relative difference of pressure."
    )
    opening: Schedule | None = Field(default=None, min_length=1, description="Factor on the flow over time.")


class Fitted(LeakPath):
    """A hole or a crack with the leak law that a sweep has fitted to computed flows."""

    kind: Literal["table"]
    file: Annotated[Path | None, PathField()] = Field(
        default=None, description="The table.h5 of a sweep with a law."
    )
    law: str | None = Field(
        default=None, description='A shipped sweep with a law, such as "sweep/crack", in place of a file.'
    )
    diameter: Annotated[float | None, OPENING] = Field(default=None, description="Diameter of a round hole.")
    width: Annotated[float | None, OPENING] = Field(
        default=None, description="Width of a slit or opening of a crack, with a length."
    )
    length: Annotated[float | None, SLIT_LENGTH] = Field(
        default=None, description="Length of a slit or crack."
    )
    wall_thickness: Annotated[float, LENGTH] = Field(
        default="0 mm", validate_default=True, description="Thickness of the wall, depth of a crack."
    )
    edge_radius: Annotated[float, LENGTH] = Field(
        default="0 mm", validate_default=True, description="Radius of the upstream edge."
    )
    opening: Schedule | None = Field(default=None, min_length=1, description="Factor on the flow over time.")

    @property
    def path(self) -> Path:
        """The file of the law."""
        path = self.file if self.law is None else cases_with_law()[self.law].law
        assert path is not None, "checked when the case is read"
        return path


LeakTable: TypeAlias = Annotated[
    HoleLeak | CrackLeak | Power | Conductance | Fitted, Field(discriminator="kind")
]
"""A leak of any kind, told apart by `kind`."""
