"""Quantities with units: read, written, and mass flows as leaks are measured. No heavy import.

A general units package does not serve here: it reads "14,7 psi" as 147 psi and "20 C" as a charge.
"""

from __future__ import annotations

from breachflow.units.leak_rates import (
    LEAK_RATE_UNITS,
    SHOWN_UNITS,
    STANDARD_TEMPERATURE,
    THROUGHPUT_UNITS,
    leak_rate,
    leak_rate_text,
    read_leak_rate,
)
from breachflow.units.read import (
    UnitError,
    one_of,
    quantity_pattern,
    read_quantity,
    si_unit,
    time_text,
    write_quantity,
)
from breachflow.units.table import PASCALS_PER_MMHG, UNITS, Dimension, LengthUnit

__all__ = [
    "LEAK_RATE_UNITS",
    "PASCALS_PER_MMHG",
    "SHOWN_UNITS",
    "STANDARD_TEMPERATURE",
    "THROUGHPUT_UNITS",
    "UNITS",
    "Dimension",
    "LengthUnit",
    "UnitError",
    "leak_rate",
    "leak_rate_text",
    "one_of",
    "quantity_pattern",
    "read_leak_rate",
    "read_quantity",
    "si_unit",
    "time_text",
    "write_quantity",
]
