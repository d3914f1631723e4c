"""How fields are shown: their values, units and colors. A scale that is not linear says so in its label."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from matplotlib.colors import LogNorm, Normalize, PowerNorm

from breachflow.arrays import Floats
from breachflow.report.result.scene import Scene
from breachflow.results.data import Field

TICKS: Final = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)
"""Mach numbers that a color bar with a square-root scale labels."""

TICKED: Final = 1.5
"""Largest Mach number shown above which the color bar has `TICKS`."""

DECADES: Final = 4.0
"""Most decades of pressure that colors tell apart; the lowest color stands for anything below."""

WIDE: Final = 10.0
"""Highest over lowest pressure above which its scale is logarithmic."""

PRESSURES: Final = ((1e3, 1.0, "Pa"), (1e7, 1e-3, "kPa"), (np.inf, 1e-6, "MPa"))
"""Highest pressures, Pa, below which pressures are shown in a unit: pressure, units per Pa, name."""


class Shading(NamedTuple):
    """A field and its colors."""

    values: Floats
    """(n_cells,) in the unit of the label."""
    colors: Normalize
    color_map: str
    label: str
    ticks: tuple[float, ...] | None = None
    """Values that the color bar labels; None: chosen by matplotlib."""
    extend: str = "neither"
    """End of the color bar beyond which there are values."""

    def range_in(self, scene: Scene) -> tuple[float, float]:
        """Lowest and highest value in the window."""
        return _range(scene, self.values)


def pressure_unit(highest: float) -> tuple[float, str]:
    """Units per Pa, and the unit, in which pressures up to the highest, Pa, are shown.

    >>> pressure_unit(101325.0)
    (0.001, 'kPa')
    """
    return next((factor, unit) for end, factor, unit in PRESSURES if highest < end)


def mach_shading(scene: Scene, values: Floats, highest: float = 0.0) -> Shading:
    """Mach numbers, (n_cells,). With a hole, where gas comes from rest, the colors spread slow flow.

    `highest` is the largest value of the scale; 0: that of the values shown.
    """
    low, high = _range(scene, values)
    high = highest or high
    high = high if high > low else low + 1.0
    if scene.hole is None:
        return Shading(values, Normalize(low, high), "viridis", "Mach number")
    ticks = tuple(tick for tick in TICKS if tick <= high) if high > TICKED else None
    label = "Mach number (square-root scale)"
    return Shading(values, PowerNorm(0.5, vmin=0.0, vmax=high), "viridis", label, ticks)


def pressure_shading(scene: Scene, field: Field) -> Shading:
    """Pressures, on a logarithmic scale where they differ much."""
    factor, unit = pressure_unit(_range(scene, np.asarray(field.values))[1])
    values = factor * np.asarray(field.values, dtype=np.float64)
    low, high = _range(scene, values)
    if not high > WIDE * low > 0.0:
        return Shading(values, _linear(low, high), "cividis", f"pressure ({unit})")
    least = max(low, high / 10.0**DECADES)
    label = f"pressure ({unit}, logarithmic scale)"
    extend = "min" if least > low else "neither"
    return Shading(values, LogNorm(least, high, clip=True), "cividis", label, extend=extend)


def temperature_shading(scene: Scene, field: Field) -> Shading:
    """Temperatures, on a linear scale."""
    values = np.asarray(field.values, dtype=np.float64)
    return Shading(values, _linear(*_range(scene, values)), "inferno", f"temperature ({field.unit})")


def _range(scene: Scene, values: Floats) -> tuple[float, float]:
    shown = values[scene.shown(scene.window)]
    return float(np.nanmin(shown)), float(np.nanmax(shown))


def _linear(low: float, high: float) -> Normalize:
    return Normalize(low, high if high > low else low + 1.0)
