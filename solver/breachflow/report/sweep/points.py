"""The table of a sweep as pictures and pages need it: points in a row, sorted into lines, named in words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import OutOfRange, ResultError
from breachflow.leak.laws import LAWS
from breachflow.results import LAW
from breachflow.results.table import SweepTable

if TYPE_CHECKING:
    from breachflow.leak.fitted.law import LeakLaw

SIZES: Final = ("diameter", "width")

_INPUTS: Final = {
    **{name: f"orifice.{name}" for name in (*SIZES, "wall_thickness")},
    **{name: f"boundary.{name.replace('_', '.')}" for name in ("cabin_pressure", "cabin_temperature")},
    "outside_pressure": "boundary.outside.pressure",
    "gas": "gas",
}
"""By the name of a column, the key that may be swept, where the table does not tell."""

GROUPS: Final = ("pressure_ratio", "thickness_ratio", "heat_capacity_ratio")
"""What the coefficient depends on, where neither mesh nor edge is swept."""

_BEHIND_GROUPS: Final = (
    "orifice.diameter", "orifice.width", "orifice.length", "orifice.wall_thickness", "boundary.", "gas",
)  # fmt: skip
"""How the keys begin that act on the coefficient through the groups alone."""

GAMMA: Final = "\N{GREEK SMALL LETTER GAMMA}"
EXPECTED: Final = "expected_discharge_coefficient"

_DIGITS: Final = 9
"""Numbers that agree to so many digits are the same."""


class DisplayUnit(NamedTuple):
    """How a quantity is told: its name, what its SI value is multiplied with, and in what unit it then is."""

    name: str
    factor: float = 1.0
    unit: str = ""

    def text(self, value: Any) -> str:
        """A value with its name."""
        if isinstance(value, str):
            return f"{self.name} {value}".strip()
        number = f"{self.factor * float(value) + 0.0:.4g}"
        return f"{self.name} {number} {self.unit}" if self.unit else f"{self.name} = {number}"

    @property
    def label(self) -> str:
        """For an axis."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


WORDS: Final = {
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
    "pressure_ratio": DisplayUnit("outside / cabin pressure"),
    "thickness_ratio": DisplayUnit("t/d"),
    "heat_capacity_ratio": DisplayUnit(GAMMA),
}
_TOLD_IN: Final = {"m": (1e3, "mm"), "Pa": (1e-3, "kPa"), "1": (1.0, "")}
"""By the unit of a column, what it is told in."""


class PointLine(NamedTuple):
    """Points that differ along one axis alone."""

    label: str
    rows: NDArray[np.int64]
    joined: bool = True
    """Whether one point leads to the next."""


class PointLines(NamedTuple):
    """The lines of a picture."""

    shown: list[PointLine]
    left_out: int


@dataclass(frozen=True)
class Points:
    """The points of a table, one after the other."""

    table: SweepTable

    def __len__(self) -> int:
        return int(np.prod(self.table.shape, dtype=np.int64))

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self.table.units

    @property
    def title(self) -> str:
        return str(self.table.attributes.get("title", ""))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column; not a number throughout if there is none."""
        if not self.has(name):
            return np.full(len(self), np.nan)
        return np.asarray(self.table.column(name), dtype=np.float64).ravel()

    def texts(self, name: str) -> list[str]:
        """A column of words; empty ones if there is none."""
        if not self.has(name):
            return [""] * len(self)
        return [str(value) for value in self.table.column(name).ravel()]

    def values(self, name: str) -> list[Any]:
        """A column of either kind, each value such that equal ones compare equal."""
        if self.has(name) and self.table.column(name).dtype.kind in "UOS":
            return self.texts(name)
        return [float(f"{value:.{_DIGITS}g}") for value in self.numbers(name)]

    @property
    def computed(self) -> NDArray[np.bool_]:
        """Points with an answer."""
        return np.isfinite(self.numbers("discharge_coefficient"))

    @property
    def converged(self) -> NDArray[np.bool_]:
        if not self.has("converged"):
            return self.computed
        return np.asarray(self.table.column("converged"), dtype=np.bool_).ravel()

    @property
    def failed(self) -> list[int]:
        """Points that have no answer because something went wrong."""
        return [row for row, status in enumerate(self.texts("status")) if status == "failed"]

    @property
    def size(self) -> str:
        """`diameter` or `width`."""
        return next((name for name in SIZES if self.has(name)), SIZES[0])

    @property
    def per(self) -> str:
        """What flows are for: a meter of slit without length."""
        unit = self.table.units.get("mass_flow", "")
        return unit.removeprefix("kg/s") if unit.startswith("kg/s") else ""

    @property
    def keys(self) -> dict[str, str]:
        """The columns that were swept, with their keys in the case."""
        grid = {axis.name: axis.key for axis in self.table.axes if axis.key}
        return grid or _keys_of(str(self.table.attributes.get("case", ""))) or _INPUTS

    @property
    def swept(self) -> list[str]:
        """What varies from point to point, as it was given."""
        return [name for name in self.keys if self.has(name) and len(set(self.values(name))) > 1]

    @cached_property
    def law(self) -> LeakLaw | None:
        """The law that was fitted to the table; None without one. ResultError if it cannot be used."""
        from breachflow.leak.fitted.law import LeakLaw

        return LeakLaw.from_mapping(self.table.law) if self.table.law is not None else None

    @cached_property
    def usable_law(self) -> LeakLaw | None:
        """The same; None also where it cannot be used."""
        try:
            return self.law
        except ResultError:
            return None

    @property
    def laws(self) -> list[str]:
        """The columns of closed forms, the best estimate of all first."""
        names = [f"{LAW}{law.name.replace('-', '_')}" for law in LAWS]
        return [name for name in (EXPECTED, *names) if self.has(name)]

    def alike(self, rows: NDArray[np.int64]) -> bool:
        """Whether points have the same size of hole and the same cabin, on which some closed forms depend."""
        names = (self.size, "cabin_pressure", "cabin_temperature", "gas")
        columns = [np.array(self.values(name))[rows] for name in names if self.has(name)]
        return all(len(set(column.tolist())) == 1 for column in columns)

    def varies(self, name: str) -> bool:
        """Whether points with an answer differ in it."""
        values = self.values(name) if self.has(name) else []
        found = {value for value, computed in zip(values, self.computed, strict=False) if computed}
        return len({value for value in found if value == value}) > 1

    def unit(self, name: str) -> DisplayUnit:
        """How a column is told."""
        if name == "thickness_ratio" and self.size == "width":
            return DisplayUnit("t/w")
        unit = self.table.units.get(name, "")
        return WORDS.get(name) or DisplayUnit(name.replace("_", " "), *_TOLD_IN.get(unit, (1.0, unit)))

    def told(self, row: int, names: Iterable[str]) -> str:
        """What is special about a point, in words."""
        return ", ".join(self.unit(name).text(self.values(name)[row]) for name in names)

    def beside_groups(self, along: str) -> list[str]:
        """What tells one line of coefficients from another, along one of the groups."""
        others = [name for name, key in self.keys.items() if not key.startswith(_BEHIND_GROUPS)]
        return [name for name in (*GROUPS, *others) if name != along and self.varies(name)]


def _keys_of(case: str) -> dict[str, str]:
    """The swept keys of a completed case, by the names of their columns; none if it has none."""
    from breachflow.sweeps.columns import axis_name

    try:
        entries = tomllib.loads(case).get("sweep", {})
    except ValueError:
        return {}
    return {axis_name(key): key for key in entries}


def law_title(column: str) -> str:
    """What a column of a closed form is called in a legend.

    >>> law_title("law_perry"), law_title("expected_discharge_coefficient")
    ('thin round hole, measured (Perry 1949)', 'best estimate of all laws')
    """
    for law in LAWS:
        if column == f"{LAW}{law.name.replace('-', '_')}":
            source = law.source.split(",")[0].split(";")[0].split(":")[0]
            return f"{law.title} ({source})"
    return "best estimate of all laws"


def lines_along(
    points: Points, along: str, by: list[str], most: int, places: Sequence[float] | None = None
) -> PointLines:
    """The points with an answer as lines along a column, one for each combination of others.

    Points of the same place on the same line are the same flow, and shown once. Where hardly two points
    make a line, as in a random sample, all are one cloud. `places` says where the points are along what is
    no column of numbers.
    """
    groups = [_in_order(found) for found in _grouped(points, along, by, places).values()]
    if len(groups) > 1 and sum(map(len, groups)) < 2 * len(groups):
        return PointLines([PointLine("points", np.sort(np.concatenate(groups)), joined=False)], 0)
    chosen = np.unique(np.linspace(0, len(groups) - 1, min(most, len(groups))).round().astype(int))
    shown = [PointLine(points.told(int(groups[i][0]), by) or "computed", groups[i]) for i in chosen]
    return PointLines(shown, len(groups) - len(shown))


def _grouped(
    points: Points, along: str, by: list[str], places: Sequence[float] | None
) -> dict[Any, dict[float, int]]:
    """By the values of `by` in ascending order, the first row of each place along the axis."""
    x = points.values(along) if places is None else places
    keys = list(zip(*(points.values(name) for name in by), strict=True)) if by else [()] * len(points)
    found: dict[Any, dict[float, int]] = {}
    for row in np.flatnonzero(points.computed).tolist():
        if x[row] == x[row]:
            found.setdefault(keys[row], {}).setdefault(x[row], row)
    return dict(sorted(found.items(), key=lambda item: _mixed(item[0])))


def _mixed(key: tuple[Any, ...]) -> tuple[tuple[bool, Any], ...]:
    """Texts and numbers that sort together."""
    return tuple((isinstance(part, str), part) for part in key)


def _in_order(places: dict[float, int]) -> NDArray[np.int64]:
    return np.array([places[x] for x in sorted(places)], dtype=np.int64)


class FittedCurve(NamedTuple):
    """The law fitted to a table, along one of the groups."""

    x: NDArray[np.float64]
    value: NDArray[np.float64]
    uncertainty: NDArray[np.float64]


def law_curve(points: Points, along: str, row: int, x: NDArray[np.float64]) -> FittedCurve | None:
    """The fitted law at the other groups of a point; None where there is none, or all is out of its range."""
    if points.usable_law is None:
        return None
    place = {name: float(points.numbers(name)[row]) for name in GROUPS}
    found = []
    for value in x.tolist():
        place[along] = value
        with suppress(OutOfRange):
            found.append((value, *points.usable_law.discharge_coefficient(*place.values())))
    return FittedCurve(*np.array(found).T) if len(found) > 1 else None
