"""The key `gas`: the name of a gas, or a table with the numbers of another one."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, WithJsonSchema

from breachflow.case.quantities import MOLAR_MASS, VISCOSITY
from breachflow.constants import SPECIES, Species, custom_species
from breachflow.document.table import Table
from breachflow.words import allowed, suggested


class CustomGas(Table):
    """A calorically perfect gas given by its numbers."""

    example = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'

    gamma: float = Field(gt=1.0, le=1.6667, description="Ratio of heat capacities c_p/c_v; 5/3 at most.")
    molar_mass: Annotated[float, MOLAR_MASS] = Field(description="Molar mass, in g/mol or kg/mol.")
    viscosity: Annotated[float | None, VISCOSITY] = Field(
        default=None,
        description="Viscosity at 300 K, in Pa s, mPa s or uPa s; it changes with temperature by "
        "Sutherland's law with the constant of air, 111 K. Unknown if absent.",
    )

    @property
    def species(self) -> Species:
        """The gas as the solver and the laws take it."""
        return custom_species(self.gamma, self.molar_mass, self.viscosity)


def _known_gas(name: str) -> str:
    if name not in SPECIES:
        others = f"or a table {CustomGas.example}"
        raise ValueError(f"unknown gas; {allowed(SPECIES)} {others}{suggested(name, SPECIES)}")
    return name


GasChoice: TypeAlias = Annotated[
    Annotated[str, AfterValidator(_known_gas), WithJsonSchema({"enum": list(SPECIES)}), Tag("name")]
    | Annotated[CustomGas, Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, dict | CustomGas) else "name"),
]
"""The name of a gas, or a table of numbers."""
