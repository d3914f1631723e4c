"""Mixtures of gases by mole: one gas with the mixture's numbers; no numpy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from breachflow.constants import (
    SPECIES,
    VISCOSITY_TEMPERATURE,
    CriticalPoint,
    MixtureLaw,
    MixturePart,
    Species,
    ViscosityLaw,
)
from breachflow.errors import OutOfRange
from breachflow.theory.gases.viscosity import interaction_weights, viscosity

SUM_TOLERANCE: Final = 1e-6
"""Largest distance of the sum of the mole fractions from 1."""


def mixture_species(fractions: Mapping[str, float], name: str = "") -> Species:
    """The mixture of named gases by mole fractions; a calorically perfect gas of one kind.

    M = sum x M and c_p = sum x c_p hold for perfect gases. Viscosity: Wilke (1950). Thermal conductivity, and
    with it the Prandtl number: Wassiljewa's equation with the weights of Wilke (Mason and Saxena 1958, Phys.
    Fluids 1, 361). Critical point: mole means (Kay 1936), a rough rule. Raises OutOfRange where a fraction is
    not above 0 or the sum is not 1.

    Nitrogen and oxygen as in air, and helium with xenon, whose Prandtl number is far below the 2/3 of either
    (P. K. Johnson, NASA CR-2006-214394):

    >>> air = mixture_species({"nitrogen": 0.79, "oxygen": 0.21})
    >>> round(air.heat_capacity_ratio, 4), round(air.molar_mass * 1e3, 3), air.name
    (1.3989, 28.85, '0.79 nitrogen + 0.21 oxygen')
    >>> 0.2 < mixture_species({"helium": 0.75, "xenon": 0.25}).prandtl < 0.3
    True
    """
    _require_fractions(fractions)
    gases = [SPECIES[gas] for gas in fractions]
    shares = list(fractions.values())
    return Species(
        name or " + ".join(f"{share:g} {gas}" for gas, share in fractions.items()),
        _heat_capacity_ratio(shares, [gas.heat_capacity_ratio for gas in gases]),
        _mean(shares, [gas.molar_mass for gas in gases]),
        MixtureLaw(tuple(MixturePart(x, g.molar_mass, _law(g)) for x, g in zip(shares, gases, strict=True))),
        _prandtl(shares, gases),
        _critical_point(shares, gases),
        _heat_capacity_ratios(shares, gases),
        parts=tuple(fractions.items()),
    )


def _require_fractions(fractions: Mapping[str, float]) -> None:
    for gas, share in fractions.items():
        if not (math.isfinite(share) and 0.0 < share <= 1.0):
            raise OutOfRange(f"{gas} = {share:g}: a mole fraction is above 0 and at most 1")
    total = sum(fractions.values())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise OutOfRange(f"the mole fractions add up to {total:.7g}, not 1")


def _mean(shares: list[float], values: list[float]) -> float:
    return sum(x * value for x, value in zip(shares, values, strict=True))


def _heat_capacity_ratio(shares: list[float], gammas: list[float]) -> float:
    """gamma = c_p/(c_p - R) with c_p/R = sum x gamma/(gamma - 1); lists (n,)."""
    heat = _mean(shares, [gamma / (gamma - 1.0) for gamma in gammas])
    return heat / (heat - 1.0)


def _heat_capacity_ratios(shares: list[float], gases: list[Species]) -> tuple[float, ...]:
    """gamma at `HEAT_TEMPERATURES`; empty where no gas changes its gamma."""
    longest = max(len(gas.heat_capacity_ratios) for gas in gases)
    rows = [gas.heat_capacity_ratios or (gas.heat_capacity_ratio,) * longest for gas in gases]
    return tuple(_heat_capacity_ratio(shares, list(column)) for column in zip(*rows, strict=True))


def _law(gas: Species) -> ViscosityLaw:
    """The viscosity law of a named gas: every one has one."""
    assert isinstance(gas.viscosity, ViscosityLaw)
    return gas.viscosity


def _prandtl(shares: list[float], gases: list[Species]) -> float:
    """c_p mu/k at 300 K, all per mole: k_i = c_p,i mu_i/(M_i Pr_i)."""
    masses = [gas.molar_mass for gas in gases]
    viscosities = [viscosity(_law(gas), VISCOSITY_TEMPERATURE) for gas in gases]
    heats = [gas.heat_capacity_ratio / (gas.heat_capacity_ratio - 1.0) for gas in gases]
    weights = interaction_weights(shares, masses, viscosities)
    parts = list(zip(shares, gases, viscosities, heats, weights, strict=True))
    mixed = sum(x * mu / weight for x, _, mu, _, weight in parts)
    conductivity = sum(x * c * mu / (g.molar_mass * (g.prandtl or 1.0) * w) for x, g, mu, c, w in parts)
    return _mean(shares, heats) * mixed / (_mean(shares, masses) * conductivity)


def _critical_point(shares: list[float], gases: list[Species]) -> CriticalPoint | None:
    points = [gas.critical for gas in gases if gas.critical is not None]
    if len(points) < len(gases):
        return None

    def mean(value: Callable[[CriticalPoint], float]) -> float:
        return _mean(shares, [value(point) for point in points])

    return CriticalPoint(
        mean(lambda point: point.temperature),
        mean(lambda point: point.pressure),
        mean(lambda point: point.acentric_factor),
    )
