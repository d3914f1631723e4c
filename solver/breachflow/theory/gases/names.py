"""The gas that is meant by another name."""

from __future__ import annotations

from typing import Final

from breachflow.constants import SPECIES
from breachflow.words import suggested

ALIASES: Final = {"water": "steam", "water_vapor": "steam", "co2": "carbon_dioxide"}
"""Other names of gases, for messages; so are the formulas."""


def suggested_gas(name: str) -> str:
    """The end of a message about an unknown gas: the gas of that formula or of a name like it, if any.

    >>> suggested_gas("SF6"), suggested_gas("helum"), suggested_gas("hydrazine")
    ('; did you mean "sulfur_hexafluoride"?', '; did you mean "helium"?', '')
    """
    known = ALIASES | {species.formula.lower(): species.name for species in SPECIES.values()}
    plain = name.strip().lower().replace(" ", "_").replace("-", "")
    return suggested(known.get(plain, plain), SPECIES)
