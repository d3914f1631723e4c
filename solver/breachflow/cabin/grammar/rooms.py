"""The tables `[outside]`, `[compartment]` and `[hatch]`, and the choice of a thermal model."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from breachflow.cabin.grammar.quantities import AREA, HEAT_CONDUCTANCE, NET_LOSS, VOLUME
from breachflow.case.gas import GasChoice
from breachflow.case.quantities import OPENING, PRESSURE_OR_VACUUM, TEMPERATURE
from breachflow.document.table import Table

HATCH_COEFFICIENT: Final = 0.83
"""Discharge coefficient of a hatch that is an orifice, where the case gives none: a sharp edge, choked."""


class WallHeat(Table):
    """Gas that exchanges heat with walls of one temperature."""

    example = '{ conductance = "300 W/K", wall_temperature = "295 K" }'

    conductance: Annotated[float, HEAT_CONDUCTANCE] = Field(
        description="Heat flow over the difference of temperature of wall and gas."
    )
    wall_temperature: Annotated[float, TEMPERATURE] = Field(description="Temperature of the walls.")


def _kind(value: object) -> str:
    return "walls" if isinstance(value, dict | WallHeat) else "name"


ThermalChoice: TypeAlias = Annotated[
    Annotated[Literal["isothermal", "adiabatic"], Tag("name")] | Annotated[WallHeat, Tag("walls")],
    Discriminator(_kind),
]
"""The name of a limit, or a table of the walls."""


class Outside(Table):
    """What is outside of all compartments."""

    pressure: Annotated[float, PRESSURE_OR_VACUUM] = Field(
        default="0 Pa", validate_default=True, description="Pressure outside; 0 is a vacuum."
    )
    temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature of gas that flows in; required where there is gas."
    )
    gas: GasChoice | None = Field(
        default=None, description="Gas that flows in; that of the first compartment if absent."
    )


class Compartment(Table):
    """One volume of well mixed gas."""

    volume: Annotated[float, VOLUME] = Field(description="Volume of the gas.")
    pressure: Annotated[float, PRESSURE_OR_VACUUM] = Field(description="Pressure at the start; 0 is empty.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Temperature at the start.")
    gas: GasChoice | None = Field(default=None, description="Gas at the start; that of the case if absent.")
    thermal: ThermalChoice | None = Field(
        default=None, description="Thermal model of the gas; that of the case if absent."
    )
    volume_uncertainty: float | None = Field(
        default=None, ge=0.0, lt=1.0, description="Relative, one standard deviation; for the interval alone."
    )
    background: Annotated[float | None, NET_LOSS] = Field(
        default=None, description="Net loss that no leak of the case explains."
    )
    background_uncertainty: Annotated[float | None, NET_LOSS] = Field(
        default=None, description="One standard deviation of the background; for the interval alone."
    )


class Hatch(Table):
    """An opening between two compartments that can be shut."""

    between: list[str] = Field(
        min_length=2, max_length=2, description="The two compartments, as an array of their names."
    )
    state: Literal["open", "closed"] = Field(description="Whether it is open at the start.")
    open_as: Literal["merged", "orifice"] = Field(
        default="merged",
        description="Merged: open, it makes one volume of the two. Orifice: gas flows as through a hole.",
    )
    diameter: Annotated[float | None, OPENING] = Field(default=None, description="Diameter of the opening.")
    area: Annotated[float | None, AREA] = Field(
        default=None, description="Area of the opening, in place of its diameter."
    )
    discharge_coefficient: float = Field(
        default=HATCH_COEFFICIENT, gt=0.0, le=1.0, description="Of an orifice."
    )
