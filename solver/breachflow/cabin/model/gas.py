"""The gases of a cabin by mass, and the state of the gas in a volume; SI units.

Every species is calorically perfect, c_v = R/(gamma - 1). In a mixture R, c_v and c_p add by mass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from breachflow.constants import SPECIES, Species
from breachflow.theory.gases.mixture import mixture_species

Shares: TypeAlias = tuple[float, ...]
"""Mass of each gas of the case over the whole mass."""

LARGEST_GAMMA = 5.0 / 3.0


class RoomGas(NamedTuple):
    """Gas at rest in a volume."""

    pressure: float
    """Pa."""
    temperature: float
    """K."""
    constant: float
    """Specific gas constant, J/(kg K)."""
    heat: float
    """c_p, J/(kg K)."""
    gamma: float
    shares: Shares

    @property
    def enthalpy(self) -> float:
        """c_p T, J/kg."""
        return self.heat * self.temperature


class Gases(NamedTuple):
    """All gases of a case, each once."""

    species: tuple[Species, ...]
    constants: Shares
    """R of each, J/(kg K)."""
    heats: Shares
    """c_v of each, J/(kg K)."""

    @property
    def names(self) -> list[str]:
        """Name of each gas; a second one of the same name has a number."""
        plain = [gas.name for gas in self.species]
        return [
            name if plain.count(name) == 1 else f"{name}_{plain[: i + 1].count(name)}"
            for i, name in enumerate(plain)
        ]

    def place_of(self, name: str) -> int | None:
        """Place of a named gas; None where the case does not have it."""
        return next((i for i, gas in enumerate(self.species) if gas == SPECIES.get(name)), None)

    def shares_of(self, gas: Species) -> Shares:
        """Mass shares of a gas or a mixture; of a mixture with mole fractions x_s: x_s M_s/sum x M."""
        masses = [0.0] * len(self.species)
        for part, fraction in _parts(gas):
            masses[self.species.index(part)] += fraction * part.molar_mass
        whole = sum(masses)
        return tuple(mass / whole for mass in masses)

    def state(self, shares: Shares, pressure: float, temperature: float) -> RoomGas:
        """The state of gas of these shares."""
        constant = sum(map(float.__mul__, shares, self.constants))
        heat = sum(map(float.__mul__, shares, self.heats))
        gamma = min(1.0 + constant / heat, LARGEST_GAMMA)
        return RoomGas(pressure, temperature, constant, constant + heat, gamma, shares)

    def mole_fractions(self, shares: Shares) -> Shares:
        """x_s = Y_s R_s/sum Y R."""
        parts = [share * constant for share, constant in zip(shares, self.constants, strict=True)]
        whole = sum(parts)
        return tuple(part / whole for part in parts)

    def as_species(self, shares: Shares) -> Species | None:
        """The gas of these shares as one gas; None of a mixture with a gas whose viscosity is not known."""
        there = {
            gas: fraction
            for gas, fraction in zip(self.species, self.mole_fractions(shares), strict=True)
            if fraction > 1e-9
        }
        if len(there) == 1:
            return next(iter(there))
        if any(SPECIES.get(gas.name) != gas for gas in there):
            return None
        whole = sum(there.values())
        return mixture_species({gas.name: fraction / whole for gas, fraction in there.items()})


def gases_of(given: Iterable[Species]) -> Gases:
    """All gases that some gases and mixtures consist of, each once, in the order in which they come.

    >>> gases_of([SPECIES["nitrogen"], mixture_species({"nitrogen": 0.79, "oxygen": 0.21})]).names
    ['nitrogen', 'oxygen']
    """
    species = tuple(dict.fromkeys(part for gas in given for part, _ in _parts(gas)))
    return Gases(
        species,
        tuple(gas.specific_gas_constant for gas in species),
        tuple(gas.specific_gas_constant / (gas.heat_capacity_ratio - 1.0) for gas in species),
    )


def _parts(gas: Species) -> Sequence[tuple[Species, float]]:
    """The gases of a mixture with their mole fractions; a single gas with 1."""
    return [(SPECIES[name], fraction) for name, fraction in gas.parts] if gas.parts else [(gas, 1.0)]
