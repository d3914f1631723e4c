"""What the flow of a case depends on: the dimensionless value of every key, derived from the schema.

Cases whose keys have the same dimensionless values have the same flow, for any size of the hole and any
pressure (E. Buckingham, Phys. Rev. 4 (1914) 345); in laminar flow, of equal Reynolds number too. The scales
are those of the case itself: the opening, the pressure and the temperature in the cabin, and the molar mass
of the gas. A key counts unless `NOT_COUNTED` or the model of the flow says that it does not: a new key keeps
flows apart as soon as it is in the schema. A gas counts by the numbers that the solver takes.

`flow_model` is the only place that says what the equations leave out. Sweeps ask it which points share a
solution, runs whether a neighbor's solution is a fit start, summaries which cautions the answer needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import degrees, inf, nan, sqrt
from typing import Annotated, Final, NamedTuple, TypeAlias

from breachflow.case.boundaries import (
    BoundaryCondition,
    Frictionless,
    FrictionWall,
    Outlet,
    Slip,
    Vacuum,
    Wall,
)
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.orifice import Orifice, OutlineOrifice
from breachflow.case.quantities import MOLAR_MASS, VISCOSITY
from breachflow.case.schema import Case
from breachflow.document.faults import DottedKey
from breachflow.document.fields import dimension_of
from breachflow.document.table import Table
from breachflow.outlines.field import Loops
from breachflow.theory.gases.friction import friction_law
from breachflow.theory.rarefied.rarefaction import rarefaction_parameter
from breachflow.units import Dimension

Number: TypeAlias = str | int | float | bool | tuple[float, ...] | Loops | None
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

        >>> [model.depends_on(Dimension.VISCOSITY) for model in (INVISCID, LAMINAR)]
        [False, True]
        """
        return dimension not in self.left_out


INVISCID: Final = FlowModel(
    "inviscid flow of a calorically perfect gas", left_out=frozenset({Dimension.VISCOSITY})
)
"""Flow depends on ratios of lengths, pressures, temperatures and heat capacities."""

LAMINAR: Final = FlowModel("laminar flow of a calorically perfect gas", left_out=frozenset())
"""It also depends on the Reynolds number, the law of the viscosity and the Prandtl number."""


def flow_model(case: Case) -> FlowModel:
    """The model of the equations of a case."""
    return LAMINAR if case.flow.is_viscous else INVISCID


def has_friction(case: Case) -> bool:
    """Whether the flow of a case depends on the viscosity of its gas."""
    return flow_model(case).depends_on(Dimension.VISCOSITY)


class GasNumbers(Table):
    """A gas by the numbers that the equations take."""

    gamma: float
    molar_mass: Annotated[float, MOLAR_MASS]
    viscosity: Annotated[float | None, VISCOSITY] = None
    """In the cabin; None, like all that follow, where the flow has no friction."""
    viscosity_exponent: float | None = None
    sutherland: float | None = None
    """Sutherland's constant over the temperature in the cabin."""
    prandtl: float | None = None


NOT_COUNTED: Final[dict[DottedKey, str]] = {
    ("title",): "it names the case",
    ("gas", "name"): "it names the gas",
    ("output",): "it says what is written",
    ("hull",): "it says about which point the moment is taken",
    ("sweep",): "each of its points is a case",
    ("run", "wall_clock"): "it limits the time that a run takes",
    ("run", "end_time"): "only transient runs have it",
    ("run", "time_step"): "only transient runs have it",
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
    rarefaction: float = inf
    """delta = p0 a/(mu v0), a the radius or the width; infinite in a flow without friction."""
    slant: float = 0.0
    """Angle between the bore and the normal of the wall, degrees."""
    width_ratio: float = 0.0
    """Width over length of a slit in space; 0 of a slit without ends and of a round hole."""


def groups_of(case: Case) -> Groups:
    """The groups of a case with a hole; the pressure ratio is nan if the case states no pressure outside."""
    cabin, outside = case.reservoir, case.outside_pressure
    ratio = nan if cabin is None or outside is None else outside / cabin.pressure
    thickness = case.hole.wall_thickness / case.hole.diameter
    delta = rarefaction_of(case) if has_friction(case) else inf
    return Groups(
        rounded(ratio), rounded(thickness), case.species.heat_capacity_ratio, rounded(delta),
        rounded(degrees(case.hole.angle or 0.0)), rounded(_width_ratio(case)),
    )  # fmt: skip


def _width_ratio(case: Case) -> float:
    """Width over length of a slit in space; 0 elsewhere: flow in the plane has no ends."""
    length = case.hole.length if case.mesh.plane == "spatial" else None
    return 0.0 if length is None else case.hole.diameter / length


def rarefaction_of(case: Case) -> float:
    """delta = p0 a/(mu v0) of a case with a hole, a the radius or the width, v0 = sqrt(2 R T0).

    nan where nothing tells the viscosity or the state of the gas.
    """
    cabin, gas, hole = case.reservoir, case.species, case.hole
    law = None if cabin is None else friction_law(gas, cabin.temperature)
    if cabin is None or law is None:
        return nan
    length = hole.diameter * (1.0 if hole.shape == "slit" else 0.5)
    return rarefaction_parameter(
        length, law.viscosity, cabin.pressure, cabin.temperature, gas.specific_gas_constant
    )


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
    scales, model = scales_of(case), flow_model(case)
    return {
        ".".join(key): _scaled(value, dimension, scales)
        for key, value, dimension in _values(_spelled_out(case), (), _not_counted(case))
        if dimension is None or model.depends_on(dimension)
    }


def kind_numbers(case: Case) -> dict[str, Number]:
    """The `flow_numbers` that are not `Groups`: the common numbers of all flows of one kind."""
    numbers = flow_numbers(case)
    outside = next((name for name, entry in case.boundary.items() if entry is case.outside), "")
    of_hole = ("orifice.wall_thickness", "orifice.angle", "orifice.length")
    for key in (f"boundary.{outside}.pressure", *of_hole, "gas.gamma", "gas.viscosity"):
        numbers.pop(key, None)
    return numbers


def same_gas(case: Case, other: Case) -> bool:
    """Whether two cases with a hole and a reservoir have gases of the same gamma, with or without friction.

    Flows that differ in their friction alone are neighbors: one is a fit start for the other.
    """
    return case.species.heat_capacity_ratio == other.species.heat_capacity_ratio and flow_model(
        case
    ) == flow_model(other)


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
        Dimension.AREA: length**2,
        Dimension.DENSITY: pressure / velocity**2,
        Dimension.MASS: pressure * length**3 / velocity**2,
        Dimension.PRESSURE_RATE: pressure * velocity / length,
        Dimension.VOLUME_FLOW: length**2 * velocity,
        Dimension.HEAT_CONDUCTANCE: pressure * length**2 * velocity / temperature,
        Dimension.GROWTH_RATE: velocity,
        Dimension.ANGLE: 1.0,
    }


def _spelled_out(case: Case) -> Case:
    """The case with each choice written in one way, and with the walls that its template sets."""
    boundary = {
        name: _spelled_boundary(case, boundary_of(case, name))
        for name in dict.fromkeys((*case.mesh.patches, *case.boundary))
    }
    return case.model_copy(
        update={"gas": _gas_numbers(case), "boundary": boundary, "orifice": _spelled_hole(case.hole)}
    )


def _spelled_hole(hole: Orifice) -> Orifice:
    """The hole with an outline in equal-area diameters, from its middle."""
    if not isinstance(hole, OutlineOrifice):
        return hole
    center = hole.form.center
    form = hole.form.moved((-center[0], -center[1]), 1.0 / hole.diameter)
    loops = tuple(tuple((_place(x), _place(y)) for x, y in loop) for loop in form.loops)
    return hole.model_copy(update={"outline": loops, "unit": "m", "scale": 1.0})


def _place(coordinate: float) -> float:
    """A coordinate in equal-area diameters without what rounding leaves of it."""
    return round(coordinate, DIGITS - 1) + 0.0


def _gas_numbers(case: Case) -> GasNumbers:
    gas, cabin = case.species, case.reservoir
    numbers = GasNumbers.model_construct(gamma=gas.heat_capacity_ratio, molar_mass=gas.molar_mass)
    law = friction_law(gas, cabin.temperature) if cabin is not None and has_friction(case) else None
    if law is None:
        return numbers
    friction = {"viscosity_exponent": law.exponent, "sutherland": law.sutherland, "prandtl": law.prandtl}
    shape = {name: rounded(number) for name, number in friction.items()}
    return numbers.model_copy(update={"viscosity": law.viscosity, **shape})


def _spelled_boundary(case: Case, entry: BoundaryCondition) -> BoundaryCondition:
    """A boundary in the one way in which it is written here."""
    if isinstance(entry, Outlet | Vacuum):
        return _outlet(case, entry)
    if not has_friction(case):
        return Wall.model_construct(kind="wall") if isinstance(entry, Frictionless) else entry
    if isinstance(entry, Wall):
        entry = Slip.model_construct(kind="slip")
    if isinstance(entry, FrictionWall) and entry.temperature is None and entry.heat is None:
        assert case.reservoir is not None
        return entry.model_copy(update={"temperature": case.reservoir.temperature})
    return entry


def _outlet(case: Case, entry: Outlet | Vacuum) -> Outlet:
    """The outside as an outlet with pressure and temperature."""
    assert case.reservoir is not None
    if isinstance(entry, Vacuum):
        return Outlet.model_construct(kind="outlet", pressure=0.0, temperature=case.reservoir.temperature)
    return entry.model_copy(update={"temperature": entry.temperature or case.reservoir.temperature})


def _not_counted(case: Case) -> frozenset[DottedKey]:
    """The keys that do not count; in space the length of a slit does."""
    of_planes = {("orifice", "length")} if case.mesh.plane == "spatial" else set()
    return frozenset(NOT_COUNTED) - of_planes


def _values(
    table: Table, above: DottedKey, left_out: frozenset[DottedKey]
) -> Iterator[tuple[DottedKey, object, Dimension | None]]:
    """Every key of a table and of the tables in it that counts, with its value and its dimension."""
    for name, dimension in _fields(type(table)):
        key, value = (*above, name), getattr(table, name)
        if key in left_out:
            continue
        for inner, entry in value.items() if isinstance(value, dict) else (("", value),):
            place = (*key, inner) if inner else key
            if isinstance(entry, Table):
                yield from _values(entry, place, left_out)
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
