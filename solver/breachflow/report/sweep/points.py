"""The points of a sweep's table as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Bools, Floats
from breachflow.errors import ResultError
from breachflow.report.sweep.labels import EXPECTED, LAW_LABELS, display_unit
from breachflow.results.table import SweepTable, axis_name
from breachflow.sweeps.cabin.kind import COMPUTED
from breachflow.units.display import DisplayUnit, written_unit

if TYPE_CHECKING:
    from breachflow.leak.fitted.law import LeakLaw
    from breachflow.results.measured import MeasuredData

SIZES: Final = ("diameter", "width")

GROUPS: Final = ("pressure_ratio", "thickness_ratio", "heat_capacity_ratio")
"""Dimensionless groups that the discharge coefficient of an inviscid flow depends on."""

RAREFACTION: Final = "rarefaction_parameter"
"""The group that a laminar flow depends on too."""

_INPUTS: Final = {
    **{name: f"orifice.{name}" for name in (*SIZES, "wall_thickness")},
    **{name: f"boundary.{name.replace('_', '.')}" for name in ("cabin_pressure", "cabin_temperature")},
    "outside_pressure": "boundary.outside.pressure",
    "gas": "gas",
}
"""Keys that may have been swept, by column; for tables that do not name their swept keys."""

QUOTIENTS: Final = {
    "pressure_ratio": ("outside_pressure", "cabin_pressure"),
    "thickness_ratio": ("wall_thickness", "diameter"),
}
"""Columns whose quotient a group is."""

_LENGTH: Final = "orifice.length"
"""Key that does not change the coefficient of a slit, but for one in space."""

_IN_GROUPS: Final = (
    "orifice.diameter", "orifice.width", _LENGTH, "orifice.wall_thickness", "boundary.", "gas",
)  # fmt: skip
"""Beginnings of the keys that change the discharge coefficient through the groups alone."""

_DIGITS: Final = 9
"""Significant digits in which equal numbers agree."""


class SweptGroup(NamedTuple):
    """A swept column, and the value over which it is one of the groups, in SI units."""

    column: str
    divisor: float


@dataclass(frozen=True)
class Points:
    """The points of a table; every column has the shape (n_points,)."""

    table: SweepTable
    data: MeasuredData | None = None
    """Measured data to show beside the points; `measured.measured_beside` completes them."""

    def __len__(self) -> int:
        return int(np.prod(self.table.shape, dtype=np.int64))

    def has(self, column: str) -> bool:
        """Whether the table has a column."""
        return column in self.table.units

    @property
    def title(self) -> str:
        """Title of the case."""
        return str(self.table.attributes.get("title", ""))

    def numbers(self, column: str) -> Floats:
        """(n_points,) a column of numbers, in SI; NaN where infinite or without such a column."""
        if not self.has(column):
            return np.full(len(self), np.nan)
        found = np.asarray(self.table.column(column), dtype=np.float64).ravel()
        return np.where(np.isinf(found), np.nan, found)

    def texts(self, column: str) -> list[str]:
        """A column of words; empty words where the table has no such column."""
        if not self.has(column):
            return [""] * len(self)
        return [str(value) for value in self.table.column(column).ravel()]

    def values(self, column: str) -> list[Any]:
        """A column of words, or of numbers rounded such that rounding errors do not distinguish them."""
        if self.has(column) and self.table.column(column).dtype.kind in "UOS":
            return self.texts(column)
        return [float(f"{value:.{_DIGITS}g}") for value in self.numbers(column)]

    @property
    def computed(self) -> Bools:
        """(n_points,) whether a point has an answer."""
        if self.table.is_of_cabins:
            return np.array([status == COMPUTED for status in self.texts("status")], dtype=np.bool_)
        return np.isfinite(self.numbers("discharge_coefficient"))

    @property
    def converged(self) -> Bools:
        """(n_points,) whether the run of a point converged."""
        if not self.has("converged"):
            return self.computed
        return np.asarray(self.table.column("converged"), dtype=np.bool_).ravel()

    @property
    def failed(self) -> list[int]:
        """Rows of the points whose run ended with an error."""
        return [row for row, status in enumerate(self.texts("status")) if status == "failed"]

    @property
    def size(self) -> str:
        """Column of the opening: `diameter` or `width`."""
        return next((name for name in SIZES if self.has(name)), SIZES[0])

    @property
    def is_laminar(self) -> bool:
        """Whether friction acts on the flows."""
        return "laminar" in self.texts("flow_model")

    @property
    def groups(self) -> tuple[str, ...]:
        """Dimensionless groups that the discharge coefficient depends on."""
        return (*GROUPS, RAREFACTION) if self.is_laminar else GROUPS

    @property
    def per(self) -> str:
        """Suffix of the unit of mass flows: " per m" for a slit without length, else empty."""
        unit = self.table.units.get("mass_flow", "")
        return unit.removeprefix("kg/s") if unit.startswith("kg/s") else ""

    @property
    def keys(self) -> dict[str, str]:
        """Keys in the case by swept column."""
        grid = {axis.name: axis.key for axis in self.table.axes if axis.key}
        return grid or _keys_in_case(self.table) or _INPUTS

    @property
    def swept(self) -> list[str]:
        """Swept columns that differ between points."""
        return [name for name in self.keys if self.has(name) and len(set(self.values(name))) > 1]

    @cached_property
    def _written(self) -> dict[str, object]:
        """The first value of each swept key as the case writes it, by column."""
        first = self.table.first_written
        return {column: first[key] for column, key in self.keys.items() if key in first}

    @cached_property
    def law(self) -> LeakLaw | None:
        """The law fitted to the table, None without one. Raises ResultError where it cannot be used."""
        from breachflow.leak.fitted.law import LeakLaw

        return LeakLaw.from_mapping(self.table.law) if self.table.law is not None else None

    @cached_property
    def usable_law(self) -> LeakLaw | None:
        """The law fitted to the table; None without one or where it cannot be used."""
        try:
            return self.law
        except ResultError:
            return None

    @property
    def laws(self) -> list[str]:
        """Columns of discharge coefficients by laws: the best estimate, then each law."""
        return [name for name in (EXPECTED, *LAW_LABELS) if self.has(name)]

    def share_size_and_cabin(self, rows: NDArray[np.int64]) -> bool:
        """Whether points have one opening and one cabin: some laws depend on both beside the groups."""
        names = (self.size, "cabin_pressure", "cabin_temperature", "gas")
        columns = [np.array(self.values(name))[rows] for name in names if self.has(name)]
        return all(len(set(column.tolist())) == 1 for column in columns)

    def varies(self, column: str) -> bool:
        """Whether a column differs between points with an answer."""
        values = self.values(column) if self.has(column) else []
        found = {value for value, computed in zip(values, self.computed, strict=False) if computed}
        return len({value for value in found if value == value}) > 1

    def behind(self, group: str) -> SweptGroup | None:
        """The swept column that a group follows, being this column over a fixed one; None without one."""
        above, below = QUOTIENTS.get(group, ("", ""))
        below = self.size if below in SIZES else below
        divisors = set(self.numbers(below)[self.computed].tolist())
        column = next((name for name in self.swept if self._has_numbers_of(name, above)), None)
        divisor = divisors.pop() if len(divisors) == 1 else 0.0
        return SweptGroup(column, divisor) if column is not None and divisor > 0.0 else None

    def _has_numbers_of(self, column: str, other: str) -> bool:
        """Whether two columns have the same numbers."""
        if not self.has(other) or self.table.column(column).dtype.kind in "UOS":
            return False
        return np.allclose(self.numbers(column), self.numbers(other), rtol=1e-9, equal_nan=True)

    def unit(self, column: str) -> DisplayUnit:
        """Name and display unit of a column: that in which the case writes it, where it is swept."""
        si = self.table.units.get(column, "")
        plain = display_unit(column, si, self.size)
        if self.table.is_of_cabins:
            plain = plain._replace(name=self.table.label_of(column))
        return written_unit(plain, si, self._written.get(column, ""))

    def described(self, row: int, columns: Iterable[str]) -> str:
        """The values of a point in some columns, with names and units; groups as what was swept."""
        behind = {name: self.behind(name) for name in columns}
        swept = [found.column if found else name for name, found in behind.items()]
        return ", ".join(self.unit(name).text(self.values(name)[row]) for name in swept)

    def distinguishing(self, along: str) -> list[str]:
        """Columns that change the coefficient beside the group `along`, where they differ."""
        return [name for name in (*self.groups, *self._others) if name != along and self.varies(name)]

    @property
    def other_numbers(self) -> list[str]:
        """Columns of swept numbers that change the coefficient beside the groups."""
        return [
            name
            for name in self._others
            if self.varies(name) and self.table.column(name).dtype.kind not in "UOSb"
        ]

    @property
    def _others(self) -> list[str]:
        """Swept columns that change the coefficient by another way than the groups."""
        counts = {_LENGTH} if self.has("width_ratio") else set()
        return [name for name, key in self.keys.items() if key in counts or not key.startswith(_IN_GROUPS)]


def _keys_in_case(table: SweepTable) -> dict[str, str]:
    """Keys that the table's case sweeps, by column; empty where this version cannot read the case."""
    return {axis_name(key): key for key in table.first_written}
