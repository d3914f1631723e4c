"""The case of a risk as a model: each table with its keys. `checks` holds what several must satisfy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from breachflow.case.gas import GasChoice
from breachflow.case.quantities import DURATION, OPENING, PRESSURE, TEMPERATURE
from breachflow.constants import SPECIES, Species
from breachflow.document.document import Document
from breachflow.document.fields import QuantityField
from breachflow.document.paths import PathField
from breachflow.document.table import Misplaced, Table
from breachflow.units import Dimension

VOLUME: Final = QuantityField(Dimension.VOLUME, "75 m3", least="1e-12 m3", most="1e9 m3")

MOST_TIMES: Final = 12
"""Times of one case: columns of the printed table."""

_BOTH_WALLS: Final = Misplaced("both are printed: walls that keep the temperature, and none with heat")


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


class RiskCompartment(Table):
    """One volume of well mixed gas."""

    misplaced: ClassVar = {
        "thermal": _BOTH_WALLS,
        "gas": Misplaced("the case has one gas for all compartments, above the first table"),
    }

    volume: Annotated[float, VOLUME] = Field(description="Volume of the gas.")
    pressure: Annotated[float, PRESSURE] = Field(description="Pressure before the hole.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Temperature before the hole.")


class RiskHatch(Table):
    """An opening between two compartments; an open one makes one volume of them."""

    between: list[str] = Field(
        min_length=2, max_length=2, description="The two compartments, as an array of their names."
    )
    state: Literal["open", "closed"] = Field(description="Whether it is open when the hole is made.")


class RiskLimit(Table):
    """The pressure that must not be passed."""

    pressure: Annotated[float, PRESSURE] = Field(description="The pressure.")
    source: Annotated[str, AfterValidator(_one_line)] = Field(
        default="", max_length=200, description="Who says so."
    )


class Pareto(Table):
    """A power law: P(D > d) = (from/d)^exponent."""

    example = '{ from = "1 mm", exponent = 2.5 }'

    smallest: Annotated[float, OPENING] = Field(alias="from", description="The smallest hole.")
    exponent: float = Field(gt=0.0, le=20.0, description="Exponent of the exceedance.")


class Lognormal(Table):
    """ln D is normal."""

    example = '{ median = "3 mm", sigma = 0.8 }'

    median: Annotated[float, OPENING] = Field(description="Half of the holes are larger.")
    sigma: float = Field(gt=0.0, le=10.0, description="Standard deviation of ln D.")


class Punctures(Table):
    """Holes that one cause makes in one compartment."""

    compartment: str = Field(alias="in", description="Compartment whose wall is penetrated.")
    per_year: float = Field(gt=0.0, le=1e9, description="Penetrations a year that are expected.")
    pareto: Pareto | None = Field(default=None, description="Sizes by a power law.")
    lognormal: Lognormal | None = Field(default=None, description="Sizes by a lognormal distribution.")
    file: Annotated[Path | None, PathField()] = Field(
        default=None, description="CSV of sizes: a column `diameter [mm]` and, if wanted, `weight`."
    )
    discharge_coefficient: float | None = Field(
        default=None, gt=0.0, le=1.0, description="Of the holes; the best estimate of thin ones if absent."
    )


class RiskSetting(Table):
    """What is asked."""

    years: float = Field(gt=0.0, le=1e6, description="Time in orbit, in years.")
    times: list[Annotated[float, DURATION]] = Field(
        min_length=1, max_length=MOST_TIMES, description="Times from the hole to the limit, each a question."
    )


class RiskCase(Document):
    """A whole case of a risk. Every number is in SI units."""

    title: Annotated[str, AfterValidator(_one_line)] = Field(
        default="", max_length=200, description="One line that says what is computed."
    )
    gas: GasChoice = Field(description="Gas of all compartments.")
    compartment: dict[str, RiskCompartment] = Field(min_length=1, description="The volumes of gas, by name.")
    hatch: dict[str, RiskHatch] = Field(default_factory=dict, description="Openings between them, by name.")
    limit: dict[str, RiskLimit] = Field(description="The pressure that must not be passed, by name.")
    holes: dict[str, Punctures] = Field(min_length=1, description="Causes of holes, by name.")
    risk: RiskSetting = Field(description="What is asked.")

    misplaced: ClassVar = {"thermal": _BOTH_WALLS}

    @property
    def species(self) -> Species:
        """The gas as the laws take it."""
        return SPECIES[self.gas] if isinstance(self.gas, str) else self.gas.species

    @property
    def limit_pressure(self) -> float:
        """The pressure that must not be passed, Pa."""
        return next(iter(self.limit.values())).pressure
