"""The table [sweep]: its values, their order, and the equality of a point with a case written by hand."""

from __future__ import annotations

import math
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.case import Case, SweepAxis, json_schema, parse_case, sweep_axes, sweep_points
from breachflow.document.sweep.table import Sweep
from breachflow.document.toml_text import toml_string, toml_value
from breachflow.errors import CaseError
from breachflow.units import Dimension, read_quantity, write_quantity
from example_counts import up_to

BASE = """\
title = "base"
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1.6 mm"

[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "outlet", pressure = "20 kPa" }

[output]
file = "out/base.vtkhdf"

[sweep]
"""

JET = """\
gas = { gamma = 1.4, molar_mass = "28.97 g/mol" }
orifice = { shape = "slit", width = "2 mm" }
mesh.template = "jet"
[boundary]
exit = { kind = "inflow", pressure = "50 kPa", temperature = "250 K", velocity = ["320 m/s", "0 m/s"] }
space = { kind = "vacuum" }
[sweep]
"""

LENGTH, PRESSURE = Dimension.LENGTH, Dimension.PRESSURE
DIAMETER = '"orifice.diameter"'
OUTSIDE = '"boundary.space.pressure"'


def swept(text: str, *overrides: str, base: str = BASE) -> Case:
    return parse_case(base + text + "\n", overrides=overrides)


def values_of(text: str, base: str = BASE) -> list[tuple[Any, ...]]:
    return [point.values for point in sweep_points(swept(text, base=base))]


def axis_of(text: str, base: str = BASE) -> SweepAxis:
    (axis,) = sweep_axes(swept(text, base=base))
    return axis


def without_sweep(case: Case) -> dict[str, Any]:
    return case.model_dump() | {"sweep": None}


def override(key: str, value: object) -> str:
    return f"{key}={toml_value(value)}"


# grids


def test_a_grid_is_the_product_and_its_last_key_varies_fastest() -> None:
    text = f'{DIAMETER} = ["1 mm", "0.5 in"]\ngas = ["helium", "air"]\n"run.max_iterations" = [10, 20]'
    case = swept(text)
    assert [point.values for point in sweep_points(case)] == [
        ("1 mm", "helium", 10),
        ("1 mm", "helium", 20),
        ("1 mm", "air", 10),
        ("1 mm", "air", 20),
        ("12.7 mm", "helium", 10),
        ("12.7 mm", "helium", 20),
        ("12.7 mm", "air", 10),
        ("12.7 mm", "air", 20),
    ]
    assert [point.number for point in sweep_points(case)] == list(range(8))
    assert sweep_axes(case) == [
        SweepAxis("orifice.diameter", (0.001, 0.0127), "m", "Diameter of the hole."),
        SweepAxis(
            "gas",
            ("helium", "air"),
            "",
            "Name of a gas, a table with gamma and molar_mass, or mole fractions.",
        ),
        SweepAxis(
            "run.max_iterations",
            (10, 20),
            "1",
            "Steady: most nonlinear steps on a mesh; at most 100 if it only prepares the next.",
        ),
    ]


def test_the_cases_of_a_grid() -> None:
    case = swept(f'{DIAMETER} = ["1 mm", "3 mm"]\n{OUTSIDE} = ["0 Pa", "50 kPa"]')
    cases = [point.case for point in sweep_points(case)]
    assert [each and each.hole.diameter for each in cases] == [0.001, 0.001, 0.003, 0.003]
    assert [each and each.outside_pressure for each in cases] == [0.0, 50000.0, 0.0, 50000.0]
    assert [each and each.sweep for each in cases] == [None] * 4
    assert {each and each.result_path for each in cases} == {case.result_path}
    assert (case.hole.diameter, case.outside_pressure) == (0.002, 20000.0)


# paired lists and latin hypercubes


def test_paired_lists_go_side_by_side() -> None:
    text = f'mode = "paired"\n{DIAMETER} = {{ from = "1 mm", to = "3 mm", points = 3 }}\n'
    text += f'{OUTSIDE} = ["0 Pa", "10 kPa", "0 Pa"]'
    assert values_of(text) == [("1 mm", "0 Pa"), ("2 mm", "10 kPa"), ("3 mm", "0 Pa")]
    diameter, outside = sweep_axes(swept(text))
    assert (diameter.values, outside.values) == ((0.001, 0.002, 0.003), (0.0, 10000.0, 0.0))


def test_a_latin_hypercube_has_one_value_in_every_stratum() -> None:
    count = 16
    text = (
        f'mode = {{ latin_hypercube = {count}, seed = 3 }}\n{DIAMETER} = {{ from = "1 mm", to = "16 mm" }}\n'
    )
    text += '"run.residual_drop" = { from = 1e-3, to = 1e-7, spacing = "log" }'
    diameter, drop = sweep_axes(swept(text))
    steps = sorted(math.floor((value - 0.001) / 0.015 * count) for value in diameter.values)
    decades = sorted(math.floor((-3 - math.log10(value)) / 4 * count) for value in drop.values)
    assert steps == decades == list(range(count))
    assert [point.values for point in sweep_points(swept(text))] == [
        (write_quantity(first, LENGTH), second)
        for first, second in zip(diameter.values, drop.values, strict=True)
    ]


def test_the_seed_of_a_latin_hypercube_decides() -> None:
    text = f'mode = {{ latin_hypercube = 4, seed = %d }}\n{DIAMETER} = {{ from = "1 mm", to = "2 mm" }}'
    assert values_of(text % 1) == values_of(text % 1)
    assert values_of(text % 1) != values_of(text % 2)


# values


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ('{ from = "0.1 mm", to = "10 mm", points = 3, spacing = "log" }', (1e-4, 1e-3, 1e-2)),
        ('{ from = "10 mm", to = "1 um", points = 5, spacing = "log" }', (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
        ('{ from = "1 mm", to = "10 mm", points = 10 }', tuple(n / 1000 for n in range(1, 11))),
        ('{ from = "0.3 mm", to = "0.1 mm", points = 3 }', (0.0003, 0.0002, 0.0001)),
        ('{ from = "1 in", to = "4 in", points = 4 }', (0.0254, 0.0508, 0.0762, 0.1016)),
    ],
)
def test_what_is_exact_in_decimals_is_exact_in_a_range(values: str, held: tuple[float, ...]) -> None:
    assert axis_of(f"{DIAMETER} = {values}").values == held


def test_whole_numbers_stay_whole() -> None:
    linear = axis_of('"run.max_iterations" = { from = 100, to = 400, points = 4 }')
    geometric = axis_of('"run.max_iterations" = { from = 10, to = 80, points = 4, spacing = "log" }')
    assert (linear.values, geometric.values) == ((100, 200, 300, 400), (10, 20, 40, 80))
    assert {type(value) for value in linear.values + geometric.values} == {int}


def test_the_ends_keep_their_last_bit() -> None:
    axis = axis_of(
        '"boundary.cabin.pressure" = { from = "14.7 psia", to = "0.7 torr", points = 7, spacing = "log" }'
    )
    assert axis.values[0] == read_quantity("14.7 psia", PRESSURE)
    assert axis.values[-1] == read_quantity("0.7 torr", PRESSURE)
    assert axis.unit == "Pa"


def test_names_and_tables() -> None:
    table = '{ gamma = 1.3, molar_mass = "0.03 kg/mol", viscosity = "18 uPa s" }'
    axis = axis_of(f"gas = [{table}, 'air']")
    assert axis.values == ("gamma 1.3, 30 g/mol, 0.000018 Pa s", "air")
    assert axis.unit == ""
    assert values_of(f"gas = [{table}]") == [
        ({"gamma": 1.3, "molar_mass": "30 g/mol", "viscosity": "0.000018 Pa s"},)
    ]
    axis = axis_of('"mesh.resolution" = ["coarse", { across = 40 }]')
    assert (axis.values, axis.unit) == (("coarse", "across 40"), "")


def test_the_keys_of_a_gas_and_a_pair_of_velocities() -> None:
    text = '"gas.gamma" = [1.2, 1.4]\n"boundary.exit.velocity" = [["0.4 km/s", "0 m/s"]]'
    gamma, velocity = sweep_axes(swept(text, base=JET))
    assert (gamma.values, gamma.unit) == ((1.2, 1.4), "1")
    assert (velocity.values, velocity.unit) == (("400 m/s, 0 m/s",), "")
    point = sweep_points(swept(text, base=JET))[0]
    assert point.values == (1.2, ["400 m/s", "0 m/s"])
    assert point.case is not None
    given = {"gamma": 1.2, "molar_mass": 0.02897}
    assert point.case.gas.model_dump(exclude_defaults=True) == given
    assert point.case.boundary["exit"].model_dump()["velocity"] == (400.0, 0.0)


def test_names_of_boundaries_in_quotes() -> None:
    base = BASE.replace("space =", '"far away" =').replace("[output]", "[mesh]\nfile = 'a.msh'\n[output]")
    base = base.replace("'a.msh'", "'a.msh'\ngeometry = 'axisymmetric'")
    case = swept("\"boundary.'far away'.pressure\" = ['1 Pa']", base=base)
    assert sweep_axes(case)[0].key == 'boundary."far away".pressure'
    assert [point.case and point.case.outside_pressure for point in sweep_points(case)] == [1.0]


# the case as a whole


def test_a_sweep_does_not_change_the_case_it_stands_in() -> None:
    case = swept(f'{DIAMETER} = ["1 mm"]')
    assert isinstance(case.sweep, Sweep)
    assert parse_case(BASE.removesuffix("[sweep]\n")).model_dump() == without_sweep(case)
    assert case.completed_text.endswith(f'\n[sweep]\nmode = "grid"\n{DIAMETER} = ["1 mm"]\n')


@pytest.mark.parametrize(
    "text",
    [
        f'{DIAMETER} = {{ from = "0.1 mm", to = "50 mm", points = 25, spacing = "log" }}',
        'mode = "paired"\n"orifice.diameter" = ["1 m", "1 in"]\n'
        'gas = ["air", { gamma = 1.30, molar_mass = "3e1 g/mol" }]',
        f'mode = {{ latin_hypercube = 4, seed = 0 }}\n{OUTSIDE} = {{ from = "-0 Pa", to = "1e-3 atm" }}',
        '"mesh.cabin_extent" = [6, 7.5, 1e2]\n"mesh.resolution" = ["fine", { across = 8 }]',
    ],
)
def test_a_completed_sweep_reads_back_to_the_same(text: str) -> None:
    case = swept(text)
    again = parse_case(case.completed_text)
    assert again.model_dump() == case.model_dump()
    assert again.completed_text == case.completed_text
    assert [point.values for point in sweep_points(again)] == [point.values for point in sweep_points(case)]


def test_overrides_of_the_case_and_of_the_sweep() -> None:
    case = swept(
        f'{DIAMETER} = ["1 mm", "2 mm"]',
        "orifice.wall_thickness=0 mm",
        'sweep."orifice.diameter"={ from = "3 mm", to = "9 mm", points = 3 }',
        'sweep.gas=["argon"]',
        "orifice.diameter=7 mm",
    )
    points = sweep_points(case)
    assert [point.values for point in points] == [("3 mm", "argon"), ("6 mm", "argon"), ("9 mm", "argon")]
    assert [point.case and point.case.hole.wall_thickness for point in points] == [0.0, 0.0, 0.0]
    assert case.hole.diameter == 0.007


def test_equal_values_give_the_same_text() -> None:
    point, other = (
        sweep_points(swept(f"{DIAMETER} = ['{first}', '{second}']"))[index].case
        for first, second, index in (("1 mm", "0.5 in", 1), ("12700 um", "1 m", 0))
    )
    assert point is not None
    assert other is not None
    assert point.completed_text == other.completed_text
    assert 'diameter = "12.7 mm"' in point.completed_text
    assert "[sweep]" not in point.completed_text


def test_a_point_knows_where_its_case_lies_and_can_be_sent_to_a_process(tmp_path: Path) -> None:
    path = tmp_path / "hole.toml"
    case = parse_case(BASE + f'{DIAMETER} = ["1 mm"]', path=path)
    point = sweep_points(case)[0].case
    assert point is not None
    assert (point.path, point.folder, point.text) == (path, tmp_path, case.text)
    again = pickle.loads(pickle.dumps(point))
    assert again == point
    assert again.completed_text == point.completed_text


def test_the_json_schema_of_a_sweep() -> None:
    tables = json_schema()["$defs"]
    assert tables["Range"]["required"] == ["from", "to"]
    assert tables["Range"]["properties"]["points"]["maximum"] == 10000
    assert tables["LatinHypercube"]["required"] == ["latin_hypercube", "seed"]
    assert tables["Sweep"]["properties"]["mode"]["else"] == {"enum": ["grid", "paired"], "type": "string"}
    assert tables["Sweep"]["additionalProperties"]["then"] == {"$ref": "#/$defs/Range"}


# properties

UNITS = st.sampled_from(["m", "mm", "um", "in"])
NUMBERS = st.decimals("0.0001", "90", places=4).map(str)
LENGTHS = st.builds("{} {}".format, NUMBERS, UNITS)
COUNTS = st.integers(2, 40)
SPACINGS = st.sampled_from(["linear", "log"])


def length(text: str) -> float:
    return read_quantity(text, LENGTH)


@settings(derandomize=True, max_examples=150)
@given(LENGTHS, LENGTHS, COUNTS, SPACINGS)
def test_ranges(first: str, last: str, count: int, spacing: str) -> None:
    """Number, ends (exact) and order of the values of a range; the others by the formulas, to rounding."""
    start, end = length(first), length(last)
    if abs(start - end) < 1e-9 * start:
        return
    axis = axis_of(
        f'{DIAMETER} = {{ from = "{first}", to = "{last}", points = {count}, spacing = "{spacing}" }}'
    )
    assert (axis.values[0], axis.values[-1], len(axis.values)) == (start, end, count)
    assert sorted(axis.values, reverse=start > end) == list(axis.values)
    fractions = [step / (count - 1) for step in range(count)]
    expected = [start + (end - start) * fraction for fraction in fractions]
    if spacing == "log":
        expected = [start * (end / start) ** fraction for fraction in fractions]
    assert axis.values == pytest.approx(expected, rel=1e-13, abs=1e-15 * max(start, end))


KEYS = {
    "orifice.diameter": LENGTHS,
    "orifice.wall_thickness": LENGTHS,
    "boundary.space.pressure": st.builds("{} {}".format, NUMBERS, st.sampled_from(["Pa", "kPa", "psia"])),
    "boundary.cabin.temperature": st.builds("{} {}".format, NUMBERS, st.sampled_from(["K", "degC"])),
    "gas": st.sampled_from(["air", "helium", {"gamma": 1.3, "molar_mass": "30 g/mol"}]),
    "mesh.resolution": st.sampled_from(["coarse", "fine", {"across": 12}, {"across": 13}]),
    "mesh.cabin_extent": st.integers(1, 30) | st.floats(1, 30),
    "numerics.limiter": st.sampled_from(["van_leer", "none"]),
    "run.max_iterations": st.integers(0, 50),
}


@st.composite
def lists(draw: st.DrawFn) -> dict[str, list[Any]]:
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=2, unique=True))
    return {key: draw(st.lists(KEYS[key], min_size=1, max_size=3, unique_by=same(key))) for key in keys}


def same(key: str) -> Any:
    """The form in which two values of a key are compared."""
    dimensions = {"orifice": LENGTH, "boundary": PRESSURE}
    if "temperature" in key:
        return lambda value: read_quantity(value, Dimension.TEMPERATURE)
    dimension = dimensions.get(key.split(".")[0])
    return (lambda value: read_quantity(value, dimension)) if dimension else repr_of_number


def repr_of_number(value: object) -> str:
    return repr(float(value) if isinstance(value, int) else value)


@settings(derandomize=True, max_examples=up_to(60))
@given(lists())
def test_a_point_is_the_case_of_its_overrides(entries: dict[str, list[Any]]) -> None:
    """Number and order of points; a valid point equals the case by --set, which fails for an invalid one."""
    text = "\n".join(f"{toml_string(key)} = {toml_value(values)}" for key, values in entries.items())
    case, points = swept(text), sweep_points(swept(text))
    assert len(points) == math.prod(len(values) for values in entries.values())
    for point in points:
        index, places = point.number, {}
        for key, values in reversed(entries.items()):
            index, places[key] = index // len(values), values[index % len(values)]
        check_point(case, point.case, point.error, places)
        check_point(case, point.case, point.error, dict(zip(entries, point.values, strict=True)))


def check_point(base: Case, case: Case | None, error: str, values: dict[str, Any]) -> None:
    overrides = [override(key, value) for key, value in values.items()]
    if case is None:
        with pytest.raises(CaseError):
            parse_case(base.text, overrides=overrides)
        assert error.isprintable()
        return
    expected = parse_case(base.text, overrides=overrides)
    assert without_sweep(expected) == case.model_dump()
    assert (case.text, case.output, error) == (base.text, base.output, "")
    assert parse_case(case.completed_text).completed_text == case.completed_text


def test_values_replaced_in_the_case_of_a_point_are_added_to_its_own() -> None:
    point = sweep_points(swept(f'{DIAMETER} = ["1 mm", "3 mm"]'))[1].case
    assert point is not None
    other = point.replace("gas", "helium")
    assert (other.hole.diameter, other.gas, other.sweep) == (0.003, "helium", None)
    assert other.replace("gas", "air").model_dump() == point.model_dump()


def test_the_model_of_a_point_follows_from_its_gas() -> None:
    without = '{ gamma = 1.4, molar_mass = "29 g/mol" }'
    points = sweep_points(parse_case(BASE + f'gas = ["helium", {without}]\n'))
    assert [point.case.flow.model for point in points if point.case] == ["laminar", "inviscid"]
