"""What the flow of a case depends on: the dimensionless value of every key, derived from the schema.

Cases whose keys have the same dimensionless values have the same flow, for any size of the hole and any
pressure (E. Buckingham, Phys. Rev. 4 (1914) 345). The scales are those of the case itself: the opening,
the pressure and the temperature in the cabin, and the molar mass of the gas. A key counts unless
`NOT_COUNTED` or `FLOW_MODEL` says that it does not: a new key keeps flows apart as soon as it is in the
schema.

`FLOW_MODEL` is the only place that says what the equations leave out. Sweeps ask it which points share a
solution, runs whether a neighbor's solution is a fit start, summaries which cautions the answer needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import nan, sqrt
from typing import Final, NamedTuple, TypeAlias

from breachflow.case.boundaries import Outlet, Vacuum
from breachflow.case.gas import CustomGas
from breachflow.case.schema import Case
from breachflow.constants import VISCOSITY_TEMPERATURE
from breachflow.document.faults import DottedKey
from breachflow.document.fields import dimension_of
from breachflow.document.table import Table
from breachflow.theory.gases.viscosity import viscosity
from breachflow.units import Dimension

Number: TypeAlias = str | int | float | bool | tuple[float, ...] | None
"""A word, a pure number, or a quantity over its scale."""

DIGITS: Final = 12
"""Significant digits of a scaled quantity: 1.6 mm / 2 mm and 0.8 mm / 1 mm differ in the last of 16."""


class FlowModel(NamedTuple):
    """The equations of a run, by what they leave out."""

    name: str
    left_out: frozenset[Dimension]
    """Dimensions of the properties of the gas that no flow of this model depends on."""

    def depends_on(self, dimension: Dimension) -> bool:
        """Whether quantities of a dimension act on the flow.

        >>> FLOW_MODEL.depends_on(Dimension.VISCOSITY)
        False
        """
        return dimension not in self.left_out


FLOW_MODEL: Final = FlowModel(
    "inviscid flow of a calorically perfect gas", left_out=frozenset({Dimension.VISCOSITY})
)
"""The model of every run: flow depends on ratios of lengths, pressures, temperatures and heat capacities."""

NOT_COUNTED: Final[dict[DottedKey, str]] = {
    ("title",): "it names the case",
    ("gas", "name"): "it names the gas",
    ("output",): "it says what is written",
    ("sweep",): "each of its points is a case",
    ("run", "wall_clock"): "it limits the time that a run takes",
    ("run", "end_time"): "only transient runs have it",
    ("numerics", "cfl"): "only transient runs use it",
    ("orifice", "length"): "the flow through a slit is planar: the length multiplies totals",
}
"""Keys and tables on which the steady flow through a hole of the template does not depend, and why."""


class Groups(NamedTuple):
    """The dimensionless groups by which flows of one kind differ."""

    pressure_ratio: float
    """Pressure outside over that in the cabin."""
    thickness_ratio: float
    """Wall thickness over diameter or width."""
    heat_capacity_ratio: float
    """gamma = c_p/c_v."""


def groups_of(case: Case) -> Groups:
    """The groups of a case with a hole; the pressure ratio is nan if the case states no pressure outside."""
    cabin, outside = case.reservoir, case.outside_pressure
    ratio = nan if cabin is None or outside is None else outside / cabin.pressure
    thickness = case.hole.wall_thickness / case.hole.diameter
    return Groups(rounded(ratio), rounded(thickness), case.species.heat_capacity_ratio)


def has_scaled_flow(case: Case) -> bool:
    """Whether the flow of a case is that of any other case with the same dimensionless values.

    It is so for steady flow through the template's hole. A mesh file and probes have positions in meters.
    """
    return case.mesh.is_scalable and case.run.mode == "steady" and not case.probes


def flow_numbers(case: Case) -> dict[str, Number]:
    """Dimensionless values that the flow of a case depends on, by key ("orifice.wall_thickness").

    The case has a hole and a reservoir. Two spellings of one choice have the same numbers: a gas counts by
    its numbers, a vacuum as an outlet at 0 Pa, and an absent temperature outside as that of the cabin.
    """
    scales = scales_of(case)
    return {
        ".".join(key): _scaled(value, dimension, scales)
        for key, value, dimension in _values(_spelled_out(case), ())
        if dimension is None or FLOW_MODEL.depends_on(dimension)
    }


def kind_numbers(case: Case) -> dict[str, Number]:
    """The `flow_numbers` that are not `Groups`: the common numbers of all flows of one kind."""
    numbers = flow_numbers(case)
    outside = next((name for name, entry in case.boundary.items() if entry is case.outside), "")
    for key in (f"boundary.{outside}.pressure", "orifice.wall_thickness", "gas.gamma"):
        numbers.pop(key, None)
    return numbers


def same_gas(case: Case, other: Case) -> bool:
    """Whether two cases with a hole and a reservoir have gases of the same dimensionless numbers."""
    return _gas_numbers(case) == _gas_numbers(other)


def scales_of(case: Case) -> dict[Dimension, float]:
    """The case's own units in SI units, by dimension; the case has a hole and a reservoir."""
    assert case.reservoir is not None
    length, pressure = case.hole.diameter, case.reservoir.pressure
    temperature, gas = case.reservoir.temperature, case.species
    velocity = sqrt(gas.specific_gas_constant * temperature)
    return {
        Dimension.LENGTH: length,
        Dimension.PRESSURE: pressure,
        Dimension.TEMPERATURE: temperature,
        Dimension.MOLAR_MASS: gas.molar_mass,
        Dimension.VELOCITY: velocity,
        Dimension.TIME: length / velocity,
        Dimension.VISCOSITY: pressure * length / velocity,
        Dimension.MASS_FLOW: pressure * length**2 / velocity,
        Dimension.VOLUME: length**3,
        Dimension.ANGLE: 1.0,
    }


def _gas_numbers(case: Case) -> dict[str, Number]:
    return {key: value for key, value in flow_numbers(case).items() if key.startswith("gas.")}


def _spelled_out(case: Case) -> Case:
    """The case with each choice written in one way."""
    boundary = {
        name: _outlet(case, entry) if isinstance(entry, Outlet | Vacuum) else entry
        for name, entry in case.boundary.items()
    }
    return case.model_copy(update={"gas": _gas_table(case), "boundary": boundary})


def _gas_table(case: Case) -> CustomGas:
    """A gas by its numbers; a flow that depends on the viscosity also needs the law of the viscosity."""
    gas = case.species
    if isinstance(case.gas, CustomGas):
        return case.gas.model_copy(update={"gamma": gas.heat_capacity_ratio})
    known = viscosity(gas.viscosity, VISCOSITY_TEMPERATURE) if gas.viscosity else None
    return CustomGas.model_construct(
        gamma=gas.heat_capacity_ratio, molar_mass=gas.molar_mass, viscosity=known
    )


def _outlet(case: Case, entry: Outlet | Vacuum) -> Outlet:
    """The outside as an outlet with pressure and temperature."""
    assert case.reservoir is not None
    if isinstance(entry, Vacuum):
        return Outlet.model_construct(kind="outlet", pressure=0.0, temperature=case.reservoir.temperature)
    return entry.model_copy(update={"temperature": entry.temperature or case.reservoir.temperature})


def _values(table: Table, above: DottedKey) -> Iterator[tuple[DottedKey, object, Dimension | None]]:
    """Every key of a table and of the tables in it that counts, with its value and its dimension."""
    for name, dimension in _fields(type(table)):
        key, value = (*above, name), getattr(table, name)
        if key in NOT_COUNTED:
            continue
        for inner, entry in value.items() if isinstance(value, dict) else (("", value),):
            place = (*key, inner) if inner else key
            if isinstance(entry, Table):
                yield from _values(entry, place)
            else:
                yield place, entry, dimension


@cache
def _fields(model: type[Table]) -> list[tuple[str, Dimension | None]]:
    """The keys of a table and their dimensions; None of words and pure numbers."""
    return [(name, dimension_of(field)) for name, field in model.model_fields.items()]


def _scaled(value: object, dimension: Dimension | None, scales: dict[Dimension, float]) -> Number:
    """A quantity over its scale; any other value as it is."""
    if dimension is not None and isinstance(value, float):
        return rounded(value / scales[dimension])
    if dimension is not None and isinstance(value, tuple):
        return tuple(rounded(part / scales[dimension]) for part in value)
    return value if isinstance(value, int | float | tuple | None) else str(value)


def rounded(value: float) -> float:
    """The value to `DIGITS` significant digits."""
    return float(f"{value:.{DIGITS - 1}e}")
