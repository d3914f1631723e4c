"""The unit in which a quantity is shown: that in which the case writes it, where it does."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from breachflow.units.read import UnitError, read_quantity, si_unit
from breachflow.units.table import Dimension

SHOWN_IN: Final = {"m": (1e3, "mm"), "Pa": (1e-3, "kPa"), "1": (1.0, "")}
"""Factor and unit in which a quantity is shown that the case does not write, by its SI unit."""


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


_TIMES: Final = ((600.0, 1.0, "s"), (7200.0, 60.0, "min"), (360000.0, 3600.0, "h"))
"""Longest time, s, that is shown in a unit, its seconds, and its name; longer ones are shown in days."""


def time_unit(name: str, longest: float) -> DisplayUnit:
    """The unit that suits times up to a longest one, s.

    >>> time_unit("reserve time", 9000.0).text(4500.0)
    'reserve time 1.25 h'
    """
    for limit, seconds, unit in _TIMES:
        if not longest >= limit:
            return DisplayUnit(name, 1.0 / seconds, unit)
    return DisplayUnit(name, 1.0 / 86400.0, "days")


def in_mmhg(name: str) -> DisplayUnit:
    """A pressure of a cabin, in the unit in which people read it.

    >>> in_mmhg("base").text(101325.0)
    'base 760 mmHg'
    """
    return DisplayUnit(name, 1.0 / read_quantity("1 mmHg", Dimension.PRESSURE), "mmHg")


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
