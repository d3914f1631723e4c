"""Physical constants and the table of gases, each with its source."""

from __future__ import annotations

from typing import Final, NamedTuple

GAS_CONSTANT: Final = 8.31446261815324
"""Molar gas constant, J/(mol K), exact (SI 2019; CODATA 2018)."""

SECONDS_PER_DAY: Final = 86400.0

KILOGRAMS_PER_POUND: Final = 0.45359237
"""Avoirdupois pound, kg, exact (international yard and pound agreement, 1959)."""


class Sutherland(NamedTuple):
    """Viscosity law mu = mu_ref (T/T_ref)^1.5 (T_ref + S)/(T + S); Sutherland 1893."""

    viscosity: float
    """mu_ref, Pa s."""
    temperature: float
    """T_ref, K."""
    constant: float
    """S, K."""


class Species(NamedTuple):
    """A calorically perfect gas."""

    name: str
    heat_capacity_ratio: float
    """gamma = c_p/c_v at 300 K."""
    molar_mass: float
    """kg/mol."""
    sutherland: Sutherland | None
    """None where no viscosity is known (a custom gas without one)."""

    @property
    def specific_gas_constant(self) -> float:
        """R = R_u/M, J/(kg K)."""
        return GAS_CONSTANT / self.molar_mass


# Molar masses: IUPAC 2021 standard atomic weights; dry air: US Standard Atmosphere 1976.
# Heat-capacity ratios: ideal-gas values near 300 K (NIST Chemistry WebBook), monatomic 5/3.
# Sutherland constants: White, Viscous Fluid Flow (3rd ed. 2006), Table 1-2, within 2-4 % over the
# ranges given there; helium: same form, fitted to the NIST values at 273 K and 600 K.
SPECIES: Final[dict[str, Species]] = {
    species.name: species
    for species in (
        Species("air", 1.4, 28.9644e-3, Sutherland(1.716e-5, 273.0, 111.0)),
        Species("nitrogen", 1.4, 28.0134e-3, Sutherland(1.663e-5, 273.0, 107.0)),
        Species("oxygen", 1.395, 31.9988e-3, Sutherland(1.919e-5, 273.0, 139.0)),
        Species("helium", 5.0 / 3.0, 4.002602e-3, Sutherland(1.87e-5, 273.0, 79.4)),
        Species("argon", 5.0 / 3.0, 39.948e-3, Sutherland(2.125e-5, 273.0, 144.0)),
        Species("carbon_dioxide", 1.289, 44.0095e-3, Sutherland(1.370e-5, 273.0, 222.0)),
        Species("hydrogen", 1.405, 2.01588e-3, Sutherland(8.411e-6, 273.0, 97.0)),
    )
}

VISCOSITY_TEMPERATURE: Final = 300.0
"""K; a gas that is given by its numbers has the viscosity given for it at this temperature."""

SUTHERLAND_CONSTANT: Final = 111.0
"""K; of air, taken for such a gas too: one viscosity does not tell the constant."""


def custom_species(gamma: float, molar_mass: float, viscosity: float | None = None) -> Species:
    """A gas given by its numbers: gamma, molar mass in kg/mol, and its viscosity at 300 K in Pa s if known.

    A gamma written as 1.6667 is 5/3.

    >>> custom_species(1.6667, 4.0026e-3).heat_capacity_ratio == 5.0 / 3.0
    True
    """
    law = None if viscosity is None else Sutherland(viscosity, VISCOSITY_TEMPERATURE, SUTHERLAND_CONSTANT)
    return Species("custom", min(gamma, 5.0 / 3.0), molar_mass, law)
