"""Limiters: the factor in [0, 1] by which a cell's gradient is reduced toward one of its faces.

A limiter compares the jump `central` between two neighbors with the jump `upwind` that the cell's own
gradient predicts on the opposite side. One file each. Adding one: a file `name.py` with a function
`limiter_name(product, squares, threshold)` that returns numerator and denominator of the factor, so that a
vector of faces divides once for any limiter. `product` is the scalar product of the two jumps, `squares`
the sum of their squares, `threshold` the square of a jump too small to limit; without the last, steady runs
stall at extrema.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from breachflow.registry import module_names

NAMES: Final = module_names(__path__)
"""Names of the limiters, as cases write them."""

Limiter: Final[type[IntEnum]] = IntEnum("Limiter", [name.upper() for name in NAMES], start=0)  # type: ignore[misc]
"""Codes of the limiters, by which compiled code chooses."""
