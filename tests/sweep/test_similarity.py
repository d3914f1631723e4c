"""Every key of the schema distinguishes solutions, unless it is declared irrelevant or removed by scaling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from math import inf, sqrt
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from small_sweeps import case_text, small_case, swept, written

from breachflow.case import Case, parse_case
from breachflow.case.similarity import (
    INVISCID,
    LAMINAR,
    NOT_COUNTED,
    flow_model,
    flow_numbers,
    groups_of,
    kind_numbers,
    same_gas,
    scales_of,
)
from breachflow.document.fields import ChoiceField, QuantityField
from breachflow.document.sweep.keys import SweptKey, swept_key
from breachflow.document.table import Table
from breachflow.errors import CaseError
from breachflow.sweeps.flow.similarity import flow_digest
from breachflow.units import Dimension, read_quantity, write_quantity
from edited_package import EditedPackage

CUSTOM_GAS = 'gas={ gamma = 1.4, molar_mass = "29 g/mol", viscosity = "2e-5 Pa s" }'

BASES = {
    "round": ("round", 2.0, 60.0),
    "slit": ("slit", 2.0, 60.0),
    "custom gas": ("round", 2.0, 60.0, CUSTOM_GAS),
    "laminar": ("round", 2.0, 60.0, "flow.model=laminar"),
    "laminar custom gas": ("round", 2.0, 60.0, "flow.model=laminar", CUSTOM_GAS),
    "laminar slip": ("slit", 2.0, 60.0, "flow.model=laminar", 'boundary.wall={ kind = "slip" }'),
    "initial": (
        "round",
        2.0,
        60.0,
        'initial={ pressure="30 kPa", temperature="280 K", regions={ a={ shape="ball", '
        'center=["0 mm", "0 mm"], radius="1 mm", mach=[0.1, 0.0] } } }',
    ),
    "spatial": ("round", 2.0, 60.0, "mesh.template=spatial"),
    "spatial slit": ("slit", 2.0, 60.0, "mesh.template=spatial", "orifice.length=30 mm"),
}

REMOVED_BY_SCALING = {"boundary.cabin.temperature", "gas.molar_mass"}
"""Keys that are scales and in no ratio without friction: each case has one temperature and molar mass."""

LEFT_OUT_BY_THE_MODEL = {"gas.viscosity", "gas.viscosity_exponent", "gas.prandtl"}

NOT_OF_A_TEMPLATE = {"orifice.plane"}
"""Keys with a single valid value where the mesh is a template."""


def names(table: Table, above: str = "") -> Iterator[str]:
    """Every key of a case, in tables and in tables of tables."""
    for name in type(table).model_fields:
        value = getattr(table, name)
        yield above + name
        for inner, entry in (value if isinstance(value, dict) else {"": value}).items():
            if isinstance(entry, Table):
                yield from names(entry, f"{above}{name}.{inner}." if inner else f"{above}{name}.")


def sweepable(case: Case) -> Iterator[SweptKey]:
    for name in names(case):
        try:
            yield swept_key(case, name)
        except ValueError:
            continue


LAMINAR_KEYS = ("gas", "flow.model", "orifice.diameter", "boundary.cabin")
"""Beginnings of the keys whose part in a laminar flow is another one than in an inviscid flow."""

SLIP_KEYS = (
    "boundary.wall.temperature",
    "boundary.wall.accommodation",
    "boundary.wall.thermal_accommodation",
)
"""Keys of a wall with friction; the others have one value, or none without friction."""


SPATIAL_KEYS = ("orifice.angle", "mesh.part")
"""Keys that only the template in space has."""


INITIAL_KEYS = ("initial.pressure", "initial.regions.a.radius")
"""Keys of the gas at the start; the others are of the same kinds."""


def tried(base: str, name: str) -> bool:
    """Whether a key is tried in a base: what an inviscid flow has told is not asked again."""
    if base == "initial":
        return name in INITIAL_KEYS
    if base == "spatial slit":
        return name == "orifice.length"
    if base == "spatial" or name in SPATIAL_KEYS:
        return base == "spatial" and name in SPATIAL_KEYS
    if base == "laminar slip":
        return name in SLIP_KEYS
    return not base.startswith("laminar") or name.startswith(LAMINAR_KEYS)


KEYS = [
    (base, key.name)
    for base, given in BASES.items()
    for key in sweepable(small_case(*given))
    if tried(base, key.name)
]


def candidates(case: Case, key: SweptKey) -> list[str]:
    """Values to try, of which at least two are valid."""
    value: object = case
    for part in key.key:
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    for item in key.field.metadata:
        if isinstance(item, ChoiceField):
            return list(item.names)
        if isinstance(item, QuantityField):
            number = read_quantity(item.example, item.dimension)
            return [write_quantity(number * factor, item.dimension) for factor in (1.0, 0.75)]
    if key.key == ("gas",):
        return ["air", "argon"]
    if named := words(key.field.annotation):
        return named
    if isinstance(value, str):
        return [value, f"another {value}"]
    number = value or 5.0
    assert isinstance(number, int | float)
    return [repr(type(number)(number * factor)) for factor in (1.0, 2.0, 0.5, 0.95, 0.2, 0.15)]


def words(annotation: object) -> list[str]:
    """The choices of every Literal in a type."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return [word for part in get_args(annotation) for word in words(part)]


@cache
def two_cases(base: str, name: str) -> list[Case]:
    """Two valid cases that differ in one key; fewer if the key has fewer valid values."""
    plain = small_case(*BASES[base])
    found = []
    for value in candidates(plain, swept_key(plain, name)):
        try:
            found.append(small_case(*BASES[base], f"{name}={value}"))
        except CaseError:
            continue
    return found[:2]


def test_the_walk_finds_the_keys() -> None:
    known = {name for _, name in KEYS}
    assert {"orifice.diameter", "orifice.width", "gas", "gas.gamma", "mesh.resolution"} <= known
    assert {
        "boundary.cabin.pressure",
        "boundary.space.temperature",
        "numerics.flux",
        "run.residual_drop",
    } <= known
    assert len(known) >= 25


@pytest.mark.parametrize(("base", "name"), KEYS)
def test_two_values_of_a_key_are_two_flows(base: str, name: str) -> None:
    cases = two_cases(base, name)
    if name in NOT_OF_A_TEMPLATE:
        assert len(cases) < 2
        return
    assert len(cases) == 2
    assert len({case.completed_text for case in cases}) == 2
    without_effect = {".".join(key) for key in NOT_COUNTED}
    if base.startswith("spatial"):
        without_effect.remove("orifice.length")
    if not base.startswith("laminar"):
        without_effect |= REMOVED_BY_SCALING | LEFT_OUT_BY_THE_MODEL
    assert len({flow_digest(case) for case in cases}) == (1 if name in without_effect else 2)


def test_what_is_declared_not_to_count_is_in_the_schema() -> None:
    known = {name for given in BASES.values() for name in names(small_case(*given))}
    assert {".".join(key) for key in NOT_COUNTED} <= known


NEW_KEYS = [
    ("orifice.py",
     '    diameter: Annotated[float, OPENING] = Field(description="Diameter of the hole.")',
     '    taper: Annotated[float, LENGTH] = Field(default=0.0, description="Loss of diameter.")'),
    ("schema.py",
     '    """How the equations are solved; the defaults serve every ordinary case."""',
     '    cell_order: Literal["rows", "columns"] = Field(default="rows", description="Order of cells.")'),
    ("boundaries.py",
     '    """Gas at a given pressure outside."""',
     '    humidity: float = Field(default=0.0, ge=0.0, description="Humidity of the gas outside.")'),
]  # fmt: skip
"""New keys, a length of the hole, a word and a number: file, a line of it, and the key that follows it."""


def test_new_keys_keep_flows_apart(edited_package: EditedPackage, tmp_path: Path) -> None:
    for file, line, key in NEW_KEYS:
        edited_package.insert_after(f"solver/breachflow/case/{file}", line, key)
    case = written(tmp_path, swept('"orifice.taper" = ["0 mm", "0.1 mm", "0.2 mm"]'))
    more = (
        '--set=sweep."numerics.cell_order"=["rows", "columns"]',
        '--set=sweep."boundary.space.humidity"=[0.1, 0.2]',
    )
    for overrides, flows in (((), 3), (more, 12)):
        plan = json.loads(edited_package.breachflow("sweep", case, "--dry-run", "--json", *overrides))
        assert (plan["points"], plan["flows"]) == (flows, flows)


# ---- the numbers ----


def test_numbers_are_over_the_scales_of_the_case() -> None:
    case = small_case("round", 1.6, 30.0, "orifice.chamfer=0.5 mm", "boundary.space.temperature=250 K")
    numbers = flow_numbers(case)
    assert numbers["orifice.diameter"] == 1.0
    assert numbers["orifice.wall_thickness"] == 0.8
    assert numbers["orifice.chamfer"] == 0.25
    assert numbers["boundary.cabin.pressure"] == numbers["boundary.cabin.temperature"] == 1.0
    assert numbers["boundary.space.pressure"] == 0.3
    assert numbers["boundary.space.temperature"] == pytest.approx(250.0 / 293.15, rel=1e-11)
    assert numbers["gas.gamma"] == 1.4
    assert numbers["gas.molar_mass"] == 1.0
    assert numbers["numerics.flux"] == "hllc"
    groups = {"boundary.space.pressure", "orifice.wall_thickness", "orifice.angle", "gas.gamma"}
    assert numbers.keys() - kind_numbers(case).keys() == groups


def test_every_dimension_has_a_scale_in_units_of_the_case() -> None:
    """The scales of derived quantities follow from p = rho R T and u = sqrt(R T)."""
    case = small_case("round", 1.6, 30.0)
    scales = scales_of(case)
    assert scales.keys() == set(Dimension)
    length, pressure, velocity = (
        scales[one] for one in (Dimension.LENGTH, Dimension.PRESSURE, Dimension.VELOCITY)
    )
    assert (length, pressure, scales[Dimension.TEMPERATURE]) == (2e-3, 1e5, 293.15)
    gas_constant = 8.31446261815324 / scales[Dimension.MOLAR_MASS]
    density = pressure / (gas_constant * scales[Dimension.TEMPERATURE])
    assert velocity == pytest.approx(sqrt(pressure / density), rel=1e-14)
    assert scales[Dimension.TIME] * velocity == pytest.approx(length, rel=1e-14)
    assert scales[Dimension.VISCOSITY] == pytest.approx(density * velocity * length, rel=1e-14)
    assert scales[Dimension.MASS_FLOW] == pytest.approx(density * velocity * length**2, rel=1e-14)
    assert scales[Dimension.VOLUME] == length**3
    assert scales[Dimension.ANGLE] == 1.0


def test_the_model_is_that_of_the_case() -> None:
    plain, laminar = small_case("round", 0.4, 60.0), small_case("round", 0.4, 60.0, "flow.model=laminar")
    assert flow_model(plain) is INVISCID
    assert flow_model(laminar) is LAMINAR
    assert [one for one in Dimension if not INVISCID.depends_on(one)] == [Dimension.VISCOSITY]
    assert all(LAMINAR.depends_on(one) for one in Dimension)


def laminar(*overrides: str) -> Case:
    """Air at 1 bar and 293.15 K through a hole of 2 mm in a wall of 0.4 mm, into 60 kPa."""
    return small_case("round", 0.4, 60.0, "flow.model=laminar", *overrides)


def test_laminar_flows_of_one_reynolds_number_are_one_flow() -> None:
    """At one temperature the Reynolds number is that of pressure times size."""
    halves = ("orifice.diameter=1 mm", "orifice.wall_thickness=0.2 mm")
    doubled = ("boundary.cabin.pressure=200 kPa", "boundary.space.pressure=120 kPa")
    small, dense = laminar(*halves), laminar(*doubled)
    same = laminar(*halves, *doubled)
    assert len({flow_digest(case) for case in (laminar(), small, dense, same)}) == 3
    assert flow_digest(same) == flow_digest(laminar())
    assert groups_of(small).rarefaction == pytest.approx(0.5 * groups_of(laminar()).rarefaction, rel=1e-11)
    assert kind_numbers(small) == kind_numbers(dense) == kind_numbers(laminar())


def test_rarefaction_of_laminar_flow() -> None:
    """delta = p0 a/(mu sqrt(2 R T0)) of air, mu 1.818e-5 Pa s at 293.15 K; inviscid: infinite."""
    velocity = sqrt(2.0 * 8.31446261815324 / 28.9644e-3 * 293.15)
    assert groups_of(laminar()).rarefaction == pytest.approx(1e5 * 1e-3 / (1.818e-5 * velocity), rel=2e-3)
    assert groups_of(small_case("round", 0.4, 60.0)).rarefaction == inf
    slit = small_case("slit", 0.4, 60.0, "flow.model=laminar")
    assert groups_of(slit).rarefaction == pytest.approx(2.0 * groups_of(laminar()).rarefaction, rel=1e-11)


def test_two_spellings_of_one_wall() -> None:
    """The wall that a case does not name is diffuse, at the temperature of the cabin; one alone counts."""
    slip, warm = 'boundary.wall={ kind = "slip"', ', temperature = "293.15 K" }'
    same = ('boundary.wall={ kind = "wall" }', slip + " }", slip + warm)
    assert {flow_digest(laminar(wall)) for wall in same} == {flow_digest(laminar())}
    others = (slip + ", accommodation = 0.9 }", 'boundary.wall={ kind = "no_slip" }',
              'boundary.wall={ kind = "frictionless" }', slip + ', heat = "adiabatic" }')  # fmt: skip
    assert len({flow_digest(laminar(wall)) for wall in (*others, slip + " }")}) == 5
    plain = small_case("round", 0.4, 60.0)
    smooth = small_case("round", 0.4, 60.0, 'boundary.wall={ kind = "frictionless" }')
    assert flow_digest(smooth) == flow_digest(plain)


def test_laminar_gases_differ_by_their_viscosity() -> None:
    """Air and nitrogen have one gamma; their flows differ, and each is a fit start for the other."""
    air, nitrogen = laminar(), laminar("gas=nitrogen")
    assert flow_digest(air) != flow_digest(nitrogen)
    assert same_gas(air, nitrogen)
    assert not same_gas(air, small_case("round", 0.4, 60.0))


def test_gases_flow_alike_that_have_one_gamma() -> None:
    air, nitrogen, argon, helium = (
        small_case("round", 0.4, 60.0, f"gas={name}") for name in ("air", "nitrogen", "argon", "helium")
    )
    custom = small_case("slit", 0.0, 0.0, CUSTOM_GAS)
    assert same_gas(air, nitrogen)
    assert same_gas(air, custom)
    assert same_gas(argon, helium)
    assert not same_gas(air, argon)


def test_a_vacuum_is_an_outlet_at_no_pressure_and_the_temperature_of_the_cabin() -> None:
    text = case_text("round", 0.4)
    vacuum = parse_case(text.replace('kind = "outlet", pressure = "0.0 kPa"', 'kind = "vacuum"'))
    numbers = flow_numbers(vacuum)
    assert (numbers["boundary.space.pressure"], numbers["boundary.space.temperature"]) == (0.0, 1.0)
    assert numbers == flow_numbers(parse_case(text))
