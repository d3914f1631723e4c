"""Names and units of a sweep's columns for axes, legends and tables."""

from __future__ import annotations

import re
from typing import Final

from breachflow.leak.laws import LAWS
from breachflow.results import LAW
from breachflow.units.display import SHOWN_IN, DisplayUnit

COEFFICIENT: Final = "discharge_coefficient"
COEFFICIENT_LABEL: Final = "discharge coefficient"
EXPECTED: Final = "expected_discharge_coefficient"
EXPECTED_LABEL: Final = "best estimate of all laws"
GAMMA: Final = "\N{GREEK SMALL LETTER GAMMA}"


UNITS: Final = {
    "diameter": DisplayUnit("diameter", 1e3, "mm"),
    "width": DisplayUnit("width", 1e3, "mm"),
    "wall_thickness": DisplayUnit("wall", 1e3, "mm"),
    "rounding": DisplayUnit("edge radius", 1e3, "mm"),
    "chamfer": DisplayUnit("chamfer", 1e3, "mm"),
    "cabin_pressure": DisplayUnit("cabin", 1e-3, "kPa"),
    "space_pressure": DisplayUnit("outside", 1e-3, "kPa"),
    "outside_pressure": DisplayUnit("outside", 1e-3, "kPa"),
    "cabin_temperature": DisplayUnit("cabin", 1.0, "K"),
    "gas": DisplayUnit(""),
    "mesh_resolution": DisplayUnit("mesh"),
    "mesh_gap": DisplayUnit("gap", 1e3, "mm"),
    "mesh_side": DisplayUnit("plate"),
    "mesh_radius": DisplayUnit("plate radius", 1e3, "mm"),
    "pressure_ratio": DisplayUnit("outside / cabin pressure"),
    "thickness_ratio": DisplayUnit("t/d"),
    "heat_capacity_ratio": DisplayUnit(GAMMA),
    "rarefaction_parameter": DisplayUnit("rarefaction delta"),
}
"""Display units by the name of a column; other columns are shown under their own names."""


def display_unit(column: str, unit: str, size: str) -> DisplayUnit:
    """Name and display unit of a column with a given SI unit; `size` is `diameter` or `width`."""
    if column == "thickness_ratio" and size == "width":
        return DisplayUnit("t/w")
    return UNITS.get(column) or DisplayUnit(column.replace("_", " "), *SHOWN_IN.get(unit, (1.0, unit)))


LAW_LABELS: Final = {
    f"{LAW}{law.name.replace('-', '_')}": f"{law.title} ({re.split('[,;:]', law.source)[0]})" for law in LAWS
}
"""Title and source of a law in legends, by its column."""


def law_label(column: str) -> str:
    """Label of a law's column, or of the best estimate, in legends.

    >>> law_label("law_perry"), law_label("expected_discharge_coefficient")
    ('thin round hole, measured (Perry 1949)', 'best estimate of all laws')
    """
    return LAW_LABELS.get(column, EXPECTED_LABEL)
