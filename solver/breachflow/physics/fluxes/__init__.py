"""Numerical fluxes of the Euler equations through a face, from the states on its two sides.

One file each. Adding one: a file `name.py` with a function `flux_name(left, right, normal, gas)` that returns
the flux per unit area. Write it without branches (selections only): the vector unit works on eight faces at
once. Nothing else is needed: cases, help, schema and tests take the names from the files.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from breachflow.registry import module_names

NAMES: Final = module_names(__path__)
"""Names of the numerical fluxes, as cases write them."""

NumericalFlux: Final[type[IntEnum]] = IntEnum("NumericalFlux", [name.upper() for name in NAMES], start=0)  # type: ignore[misc]
"""Codes of the numerical fluxes, by which compiled code chooses."""
