"""The key `gas`: the name of a gas, a table with the numbers of another one, or a mixture by mole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, WithJsonSchema, create_model, model_validator

from breachflow.case.quantities import MOLAR_MASS, VISCOSITY
from breachflow.constants import SPECIES, Species, custom_species
from breachflow.document.table import Table
from breachflow.errors import OutOfRange
from breachflow.theory.gases.mixture import mixture_species
from breachflow.theory.gases.names import suggested_gas
from breachflow.words import allowed, suggested


def _printed(name: str) -> str:
    if not name.isprintable():
        raise ValueError("must be one line without control characters")
    return name


class CustomGas(Table):
    """A calorically perfect gas given by its numbers."""

    example = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'

    name: Annotated[str, AfterValidator(_printed)] = Field(
        default="custom", min_length=1, max_length=60, description="Name of the gas in what is printed."
    )
    gamma: float = Field(gt=1.0, le=1.67, description="Ratio of heat capacities c_p/c_v; 5/3 at most.")
    molar_mass: Annotated[float, MOLAR_MASS] = Field(description="Molar mass, in g/mol or kg/mol.")
    viscosity: Annotated[float | None, VISCOSITY] = Field(
        default=None,
        description="Viscosity at 300 K, in Pa s, mPa s or uPa s; it changes with temperature by "
        "Sutherland's law with the constant of air, 111 K. Unknown if absent.",
    )

    viscosity_exponent: float | None = Field(
        default=None,
        ge=0.5,
        le=1.5,
        description="The viscosity is proportional to this power of T; Sutherland's law if absent.",
    )
    prandtl: float | None = Field(
        default=None, ge=0.1, le=2.0, description="Prandtl number; Eucken's estimate from gamma if absent."
    )

    @property
    def species(self) -> Species:
        """The gas as the solver and the laws take it."""
        return custom_species(
            self.gamma, self.molar_mass, self.viscosity, self.name, self.viscosity_exponent, self.prandtl
        )


class MixedGas(Table):
    """A mixture of named gases by mole fractions, which add up to 1: one key for each gas."""

    example = "{ nitrogen = 0.79, oxygen = 0.21 }"

    @property
    def fractions(self) -> dict[str, float]:
        """Mole fraction of each gas that the mixture has, in the order of the table of gases."""
        found = {gas: getattr(self, gas) for gas in SPECIES}
        return {gas: share for gas, share in found.items() if share is not None}

    @property
    def species(self) -> Species:
        """The mixture as the solver and the laws take it."""
        return mixture_species(self.fractions)

    @model_validator(mode="after")
    def _adds_up(self) -> MixedGas:
        try:
            mixture_species(self.fractions)
        except OutOfRange as error:
            raise ValueError(str(error)) from error
        return self


def _fraction(gas: str) -> tuple[Any, Any]:
    """The field of a gas in a mixture."""
    return float | None, Field(default=None, gt=0.0, le=1.0, description=f"Mole fraction of {gas}.")


if TYPE_CHECKING:
    GasMixture: TypeAlias = MixedGas
else:
    GasMixture = create_model("GasMixture", __base__=MixedGas, **{gas: _fraction(gas) for gas in SPECIES})


def _known_gas(name: str) -> str:
    if name not in SPECIES:
        others = f"or a table {CustomGas.example} or a mixture {MixedGas.example}"
        raise ValueError(f"unknown gas; {allowed(SPECIES)} {others}{suggested_gas(name)}")
    return name


def _is_of_mixture(key: str) -> bool:
    is_number = key in CustomGas.model_fields or suggested(key, CustomGas.model_fields) != ""
    return key in SPECIES or (not is_number and suggested_gas(key) != "")


def _kind(value: object) -> str:
    """The kind of a value of `gas`: a table with the name of a gas in it, or one like it, is a mixture."""
    if isinstance(value, MixedGas) or (isinstance(value, dict) and any(map(_is_of_mixture, value))):
        return "mixture"
    return "table" if isinstance(value, dict | CustomGas) else "name"


GasChoice: TypeAlias = Annotated[
    Annotated[str, AfterValidator(_known_gas), WithJsonSchema({"enum": list(SPECIES)}), Tag("name")]
    | Annotated[CustomGas, Tag("table")]
    | Annotated[GasMixture, Tag("mixture")],
    Discriminator(_kind),
]
"""The name of a gas, a table of numbers, or mole fractions."""
