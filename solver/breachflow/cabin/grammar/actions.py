"""The tables `[supply]`, `[crew]`, `[[event]]`, `[limit]`, `[run]` and `[output]`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from breachflow.cabin.grammar.quantities import (
    END,
    FLOW,
    INTERVAL,
    LEVEL,
    MASS,
    NET_LOSS,
    RATE,
    TIME,
    OneLine,
)
from breachflow.case.gas import GasChoice
from breachflow.case.quantities import TEMPERATURE
from breachflow.document.paths import PathField
from breachflow.document.table import Table

DEFAULT_RESULT: Final = "cabin.h5"


class Supply(Table):
    """Gas that is fed into a compartment."""

    to: str = Field(description="Compartment that is fed.")
    gas: GasChoice = Field(description="Gas that is fed.")
    flow: Annotated[float, FLOW] = Field(description="Mass flow while it feeds.")
    temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature of the gas fed; not needed in an isothermal compartment."
    )
    contents: Annotated[float | None, MASS] = Field(
        default=None, description="Mass that it can give; without end if absent."
    )
    on_below: Annotated[float | None, LEVEL] = Field(
        default=None, description="Regulator: pressure below which it begins to feed."
    )
    off_above: Annotated[float | None, LEVEL] = Field(
        default=None, description="Regulator: pressure above which it ends feeding."
    )
    start: Annotated[float | None, TIME] = Field(
        default=None, description="Time before which it does not feed."
    )
    end: Annotated[float | None, TIME] = Field(default=None, description="Time after which it does not feed.")


class Crew(Table):
    """People who breathe in a compartment."""

    room: str = Field(alias="in", description="Compartment in which they are.")
    members: int = Field(ge=1, le=1000, description="Number of people.")
    oxygen: Annotated[float, NET_LOSS] = Field(
        default="0.84 kg/day", validate_default=True, description="Oxygen that each takes in."
    )
    carbon_dioxide: Annotated[float, NET_LOSS] = Field(
        default="1.0 kg/day", validate_default=True, description="Carbon dioxide that each gives off."
    )
    scrubbed: bool = Field(default=False, description="Whether the carbon dioxide is removed as it is made.")


class EventCondition(Table):
    """What must come true in a compartment."""

    compartment: str = Field(description="Compartment whose gas is watched.")
    pressure_below: Annotated[float | None, LEVEL] = Field(default=None, description="Pressure.")
    pressure_above: Annotated[float | None, LEVEL] = Field(default=None, description="Pressure.")
    oxygen_pressure_below: Annotated[float | None, LEVEL] = Field(
        default=None, description="Partial pressure of oxygen."
    )
    carbon_dioxide_pressure_above: Annotated[float | None, LEVEL] = Field(
        default=None, description="Partial pressure of carbon dioxide."
    )


class Event(Table):
    """Something that is done once: at a time, or when a condition comes true."""

    at: Annotated[float | None, TIME] = Field(default=None, description="Time.")
    when: EventCondition | None = Field(default=None, description="Condition, in place of a time.")
    after: Annotated[float, TIME] = Field(
        default="0 s", validate_default=True, description="Time from the condition to the act."
    )
    close: str | None = Field(default=None, description="Hatch that is shut.")
    open: str | None = Field(default=None, description="Hatch that is opened.")
    patch: str | None = Field(default=None, description="Leak that is patched.")
    stop: str | None = Field(default=None, description="Supply that is stopped.")
    start: str | None = Field(default=None, description="Supply that is started.")
    move_crew: str | None = Field(default=None, description="Crew that moves.")
    to: float | str | None = Field(
        default=None, description="Of patch: factor left of the flow (0 if absent). Of move_crew: where to."
    )


class Limit(Table):
    """A value that must not be passed, and whose first crossing is told."""

    pressure: Annotated[float | None, LEVEL] = Field(default=None, description="Pressure.")
    oxygen_pressure: Annotated[float | None, LEVEL] = Field(
        default=None, description="Partial pressure of oxygen."
    )
    carbon_dioxide_pressure: Annotated[float | None, LEVEL] = Field(
        default=None, description="Partial pressure of carbon dioxide."
    )
    pressure_rate: Annotated[float | None, RATE] = Field(
        default=None, description="Rate at which the pressure falls."
    )
    hatch_difference: Annotated[float | None, LEVEL] = Field(
        default=None, description="Difference of pressure across a shut hatch."
    )
    places: list[str] | None = Field(
        default=None,
        alias="in",
        min_length=1,
        description="Compartments, or hatches of a difference; all if absent.",
    )
    direction: Literal["falling", "rising"] | None = Field(
        default=None, description="Falling, but for carbon dioxide, rates and differences."
    )
    source: OneLine | None = Field(default=None, max_length=300, description="Who says so.")


class CabinRun(Table):
    """How long it is followed, and how finely."""

    end_time: Annotated[float, END] = Field(description="Time at the end.")
    sample: Annotated[float | None, INTERVAL] = Field(
        default=None, description="Time between two samples; 200 samples in all if absent."
    )
    stop_at: str | None = Field(default=None, description="Limit whose first crossing ends the run.")
    tolerance: float = Field(
        default=1e-9, ge=1e-12, le=1e-5, description="Relative error of one step in masses and energies."
    )


class CabinOutput(Table):
    """What is written."""

    file: Annotated[Path, PathField()] = Field(
        default=DEFAULT_RESULT,
        validate_default=True,
        description="Result file, relative to the case's folder; .h5 or .nc.",
    )
