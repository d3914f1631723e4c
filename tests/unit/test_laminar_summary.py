"""What is said of laminar flow: its walls, its cautions, and answers scaled to other units."""

from __future__ import annotations

from math import inf, nan, sqrt

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.case.similarity import rarefaction_of
from breachflow.runs.measure.walls import wall_cell_thickness, wall_exchange
from breachflow.runs.run import compute
from breachflow.runs.setup.meshes import case_mesh
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.summary.cautions import model_cautions
from breachflow.runs.summary.expected import expected_summary
from breachflow.runs.summary.model import flux_effect, layer_caution
from breachflow.runs.summary.rescale import scaled_summary

ADVICE = 'To have friction, write [flow] model = "laminar"'

TEXT = """
gas = "air"
flow = {{ model = "{model}" }}
orifice = {{ shape = "round", diameter = "{diameter} mm", wall_thickness = "{thickness} mm" }}
mesh = {{ resolution = {{ across = 12 }} }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "{pressure} kPa", temperature = "300 K" }}
space = {{ kind = "outlet", pressure = "{outside} kPa" }}
"""


def case_of(
    thickness: float = 0.0,
    ratio: float = 0.0,
    diameter: float = 2.0,
    pressure: float = 100.0,
    model: str = "laminar",
    overrides: tuple[str, ...] = (),
) -> Case:
    """A hole of a diameter in mm, in a wall of some diameters; pressures in kPa."""
    return parse_case(
        TEXT.format(
            model=model,
            diameter=diameter,
            thickness=thickness * diameter,
            pressure=pressure,
            outside=ratio * pressure,
        ),
        overrides=overrides,
    )


def words(case: Case, reynolds: float) -> str:
    return " | ".join(one.text for one in model_cautions(case, reynolds) if one.text)


# ---------------------------------------------------------------- walls


def test_shear_and_heat_are_summed_over_the_walls() -> None:
    """Pressure, a shear stress of 0.2 downstream and a heat flux of 0.5 into the gas, by face."""
    problem = make_problem(case := case_of(thickness=1.0), case_mesh(case))
    faces, flux = problem.layout.faces, np.full((len(problem.layout.faces.area), 4), 7.0)
    wall, along = problem.mesh.patches["wall"], problem.passage.direction
    normal, area = faces.normal[wall], faces.area[wall, None]
    shear = 0.2 * (along - (normal @ along)[:, None] * normal)
    flux[wall] = np.hstack([0.0 * area, area * (3.0 * normal + shear), -0.5 * area])
    found = wall_exchange(problem, flux, along)
    scale = problem.reference.pressure * problem.area_scale()
    assert found.friction == pytest.approx(scale * float(np.sum(area * shear @ along[:, None])), rel=1e-12)
    # The flow is measured where the bore begins, and only its wall lies along the hole.
    assert found.behind == pytest.approx(found.friction, rel=1e-12)
    assert found.heat == pytest.approx(
        0.5 * float(area.sum()) * scale * problem.reference.velocity, rel=1e-12
    )


def test_without_friction_walls_have_no_shear() -> None:
    problem = make_problem(case := case_of(model="inviscid"), case_mesh(case))
    still = np.zeros((len(problem.layout.faces.area), 4))
    found = wall_exchange(problem, still, problem.passage.direction)
    assert np.isnan([found.friction, found.heat]).all()
    assert found.behind == 0.0
    assert np.isnan(wall_cell_thickness(problem))


def test_cells_at_the_wall_of_the_hole() -> None:
    """Spacing 0.35 of an even one, 1/24 of the diameter, on a bore where lines are straight."""
    problem = make_problem(case := case_of(thickness=4.0), case_mesh(case))
    assert wall_cell_thickness(problem) == pytest.approx(0.35 / 24, rel=0.1)


# ---------------------------------------------------------------- scaled answers


def test_an_answer_is_scaled_to_another_size_of_the_same_reynolds_number() -> None:
    """Half the hole at twice the pressure: half the flow, half the force, half the heat, in one solution.

    The two runs differ by rounding alone, which Newton's method leaves below its goal of 1e-6.
    """
    case, other = case_of(1.0, diameter=0.1), case_of(1.0, diameter=0.05, pressure=200.0)
    solved, direct = (compute(one, threads=1).summary for one in (case, other))
    scaled = scaled_summary(other, solved)
    for name in ("mass_flow", "thrust", "wall_friction", "wall_heat", "reynolds", "rarefaction_parameter"):
        assert scaled[name].value == pytest.approx(direct[name].value, rel=1e-5), name
    assert scaled["mass_flow"].value == pytest.approx(0.5 * solved["mass_flow"].value, rel=1e-9)
    assert 0.0 < solved["wall_friction"].value < 0.1 * solved["thrust"].value
    assert (scaled["flow_model"].value, scaled["flow_model"].description) == (
        "laminar", "friction and heat conduction, slip walls at 300 K",
    )  # fmt: skip


# ---------------------------------------------------------------- cautions


@pytest.mark.parametrize(
    ("case", "reynolds", "text"),
    [
        (case_of(1.0, 0.9), 11_000.0, "Laminar flow does not meet the bore again"),
        (case_of(0.5, 0.9), 4100.0, "Reynolds number 4.1e+03 in a bore 0.5 diameters long"),
        (case_of(1.0), 25_000.0, "pass 0.839 ± 2 % into a vacuum, where laminar flow passes 0.820"),
        (
            case_of(1.0, overrides=("orifice.chamfer=0.3 mm",)),
            25_000.0,
            "passes 0.820; a chamfered round hole was not measured",
        ),
        (case_of(12.0), 25_000.0, "whose friction takes more than that of laminar flow"),
        (case_of(diameter=5e-3), 100.0, "delta = 32.6: laminar flow with slip is about 2.1 % low"),
        (case_of(diameter=2e-3), 100.0, "`breachflow estimate` is the better source here"),
        (case_of(overrides=("numerics.flux=rusanov",)), 100.0, "the flux rusanov smears the layers"),
        (case_of(0.8, model="inviscid"), 25_000.0, "changes this inviscid answer by about 1.7 %"),
        (case_of(0.8, 0.8, model="inviscid"), 25_000.0, "changes this inviscid answer by about 21 %"),
        (case_of(3.0, model="inviscid"), 25_000.0, f"a real hole. {ADVICE}"),
        (case_of(model="inviscid"), 900.0, f"not thin against the hole. {ADVICE}"),
    ],
)  # fmt: skip
def test_cautions_name_what_the_model_lacks(case: Case, reynolds: float, text: str) -> None:
    assert text in words(case, reynolds)


@pytest.mark.parametrize(
    ("case", "reynolds"),
    [
        (case_of(1.0, 0.9), 3900.0),
        (case_of(0.4, 0.9), 11_000.0),
        (case_of(0.4), 25_000.0),
        (case_of(1.0, overrides=("boundary.wall={ kind = 'frictionless' }",)), 25_000.0),
        (case_of(1.0, 0.9), nan),
        (case_of(0.05, model="inviscid"), 25_000.0),
    ],
)  # fmt: skip
def test_no_caution_where_the_model_holds(case: Case, reynolds: float) -> None:
    assert words(case, reynolds) == ""


def test_a_gas_without_viscosity_gets_no_advice_that_it_cannot_follow() -> None:
    gas = 'gas={ gamma = 1.4, molar_mass = "29 g/mol" }'
    found = words(case_of(0.8, model="inviscid", overrides=(gas,)), nan)
    assert "about 1.7 %" in found
    assert "laminar" not in found


def test_cells_thicker_than_the_layer_are_told() -> None:
    """A layer of d/sqrt(Re) = 1 %: five times that is 5 %."""
    case = case_of()
    assert layer_caution(case, 1e4, 0.049).text == layer_caution(case, 1e4, nan).text == ""
    found = layer_caution(case, 1e4, 0.08)
    assert "8 times as thick" in found.text
    assert found.effect == pytest.approx(2.0 / sqrt(1e4))


def test_the_flux_matters_more_in_thicker_walls_and_against_gas() -> None:
    assert flux_effect(0.8, 0.0) == 0.017
    assert flux_effect(0.8, 0.8) == flux_effect(50.0, 0.8) == 0.214
    walls, ratios = np.linspace(0.0, 3.0, 31), np.linspace(0.0, 1.0, 21)
    table = np.array([[flux_effect(wall, ratio) for ratio in ratios] for wall in walls])
    assert (np.diff(table, axis=0) >= 0.0).all()
    assert (np.diff(table, axis=1) >= 0.0).all()


def test_the_regime_speaks_of_the_model_and_the_wall() -> None:
    crack = case_of(100.0, diameter=0.02)
    assert rarefaction_of(crack) == pytest.approx(130.0, rel=0.05)
    meanings = [
        expected_summary(case)["regime"].description
        for case in (crack, case_of(), case_of(model="inviscid"), case_of(diameter=5e-3))
    ]
    assert (
        meanings[0]
        == "a dense gas; in this wall, 100 diameters thick, friction fills the bore and rules the flow"
    )
    assert meanings[1].startswith("a dense gas; friction acts in layers that fill about 0.6")
    assert meanings[2] == "a dense gas, and a wall too thin for friction: the inviscid answer holds"
    assert meanings[3] == "gas slips at the wall, as this laminar flow does"
    assert (
        rarefaction_of(
            case_of(overrides=('gas={ gamma = 1.4, molar_mass = "29 g/mol", viscosity = "1e-5 Pa s" }',))
        )
        < inf
    )
