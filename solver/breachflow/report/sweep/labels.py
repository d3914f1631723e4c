"""Names and units of a sweep's columns for axes, legends and tables."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from breachflow.leak.laws import LAWS
from breachflow.results import LAW
from breachflow.units import Dimension, UnitError, read_quantity, si_unit

COEFFICIENT: Final = "discharge_coefficient"
COEFFICIENT_LABEL: Final = "discharge coefficient"
EXPECTED: Final = "expected_discharge_coefficient"
EXPECTED_LABEL: Final = "best estimate of all laws"
GAMMA: Final = "\N{GREEK SMALL LETTER GAMMA}"


class DisplayUnit(NamedTuple):
    """Name of a quantity, and the unit in which it is shown."""

    name: str
    factor: float = 1.0
    """Units per SI unit."""
    unit: str = ""
    """Empty for a pure number or a word."""
    zero: float = 0.0
    """Value in SI that is shown as 0."""

    def shown(self, value: Any) -> Any:
        """A number or an array in SI, in this unit.

        >>> DisplayUnit("outside", 1.0, "degC", 273.15).shown(293.15)
        20.0
        """
        return self.factor * (value - self.zero)

    def text(self, value: float | str) -> str:
        """A value in SI, or a word, with its name.

        >>> DisplayUnit("wall", 1e3, "mm").text(0.002), DisplayUnit("t/d").text(0.5)
        ('wall 2 mm', 't/d = 0.5')
        """
        if isinstance(value, str):
            return f"{self.name} {value.replace('_', ' ')}".strip()
        number = f"{self.shown(float(value)) + 0.0:.4g}"
        return f"{self.name} {number} {self.unit}" if self.unit else f"{self.name} = {number}"

    @property
    def label(self) -> str:
        """Label of an axis or heading of a column."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


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

_SHOWN_IN: Final = {"m": (1e3, "mm"), "Pa": (1e-3, "kPa"), "1": (1.0, "")}
"""Factor and unit in which a column is shown, by its unit."""


def display_unit(column: str, unit: str, size: str) -> DisplayUnit:
    """Name and display unit of a column with a given SI unit; `size` is `diameter` or `width`."""
    if column == "thickness_ratio" and size == "width":
        return DisplayUnit("t/w")
    return UNITS.get(column) or DisplayUnit(column.replace("_", " "), *_SHOWN_IN.get(unit, (1.0, unit)))


def written_unit(plain: DisplayUnit, si: str, text: object) -> DisplayUnit:
    """The display unit of a column whose values the case writes like `text`; `plain` where that has no unit.

    >>> written_unit(DisplayUnit("wall", 1e3, "mm"), "m", "0.5 in").text(0.0254)
    'wall 1 in'
    """
    unit = str(text).strip().partition(" ")[2].strip()
    dimension = next((one for one in Dimension if si_unit(one) == si), None)
    if dimension is None or not unit:
        return plain
    try:
        zero, thousand = (read_quantity(f"{number} {unit}", dimension) for number in (0, 1000))
    except UnitError:
        return plain
    return DisplayUnit(plain.name, 1000.0 / (thousand - zero), unit, zero)


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
