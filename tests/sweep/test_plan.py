"""The plan of a sweep: points that share a solution, neighbors of solutions, invalid points."""

from __future__ import annotations

import pytest
from small_sweeps import case_text, swept

from breachflow.case import parse_case
from breachflow.errors import CaseError
from breachflow.results import Quantity
from breachflow.runs.setup.cost.steady import STARTED_FRACTION
from breachflow.runs.setup.meshes import case_mesh
from breachflow.sweeps.columns import SOLVED, PointRow
from breachflow.sweeps.flow.law import law_of
from breachflow.sweeps.flow.similarity import kind_of
from breachflow.sweeps.plan import SweepPlan, make_plan

SIZES = '"orifice.diameter" = ["1 mm", "2 mm", "4 mm"]'
WALLS = '"orifice.wall_thickness" = ["0 mm", "0.1 mm", "0.2 mm", "0.4 mm"]'


def planned(entries: str, **choices: object) -> SweepPlan:
    return make_plan(parse_case(swept(entries, **choices)))


def members(plan: SweepPlan) -> set[tuple[int, ...]]:
    return {flow.points for flow in plan.solutions.values()}


def test_points_of_one_flow_are_found_in_a_grid() -> None:
    """Twelve points; their ratios of thickness to diameter are 0, 0.025, 0.05, 0.1, 0.2 and 0.4."""
    plan = planned(f"{SIZES}\n{WALLS}")
    assert len(plan.points) == 12
    assert members(plan) == {(0, 4, 8), (1, 6, 11), (2, 7), (3,), (5, 10), (9,)}
    for flow in plan.solutions.values():
        assert flow.case is plan.points[flow.points[0]].point.case
        assert {plan.points[number].solution for number in flow.points} == {flow.digest}
    assert len({point.digest for point in plan.points}) == 12
    assert [point.number for point in plan.points] == list(range(12))


@pytest.mark.parametrize(
    "entries",
    [
        f"{SIZES}\n{WALLS}\ngas = ['air', 'helium', 'argon']",
        '"boundary.space.pressure" = { from = "0 kPa", to = "90 kPa", points = 31 }',
        '"boundary.space.pressure" = ["60 kPa", "70 kPa"]\n"boundary.space.temperature" = ["200 K", "300 K"]',
        f'{WALLS}\n"mesh.resolution" = ["coarse", {{ across = 8 }}]\n"numerics.order" = [1, 2]',
        "mode = { latin_hypercube = 40, seed = 3 }\n"
        '"orifice.wall_thickness" = { from = "0 mm", to = "3 mm" }\n'
        '"boundary.space.pressure" = { from = "50 kPa", to = "95 kPa" }',
    ],
)
def test_parents_come_first_and_are_of_the_same_kind(entries: str) -> None:
    plan = planned(entries)
    seen: dict[str, object] = {}
    for digest, flow in plan.solutions.items():
        assert digest == flow.digest
        kind = [kind_of(flow.case), flow.case.species.heat_capacity_ratio]
        for parent in flow.parents:
            assert seen[parent.solution] == kind
        assert sum(parent.weight for parent in flow.parents) == pytest.approx(1.0 if flow.parents else 0.0)
        seen[digest] = kind
    assert sorted(number for points in members(plan) for number in points) == list(range(len(plan.points)))
    assert any(flow.parents for flow in plan.solutions.values())
    for parent, children in plan.children.items():
        assert children == {
            flow.digest
            for flow in plan.solutions.values()
            if parent in [one.solution for one in flow.parents]
        }


def test_gases_of_one_gamma_share_their_flows() -> None:
    plan = planned(f"gas = ['air', 'nitrogen', 'argon', 'helium']\n{WALLS}")
    assert {tuple(number % 4 for number in points) for points in members(plan)} == {
        (wall, wall) for wall in range(4)
    }
    assert {tuple(number // 4 for number in points) for points in members(plan)} == {(0, 1), (2, 3)}


def test_the_same_case_has_the_same_plan() -> None:
    text = swept(f"{SIZES}\n{WALLS}")
    first, second = (make_plan(parse_case(text)) for _ in range(2))
    assert list(first.solutions) == list(second.solutions)
    assert [flow.parents for flow in first.solutions.values()] == [
        flow.parents for flow in second.solutions.values()
    ]
    assert [point.digest for point in first.points] == [point.digest for point in second.points]


def test_values_that_make_no_case_are_bad_points_alone() -> None:
    plan = planned('"orifice.diameter" = ["1 mm", "4 mm"]\n"orifice.wall_thickness" = ["0.1 mm", "21 mm"]')
    assert [point.number for point in plan.invalid] == [1]
    assert plan.invalid[0].point.error == (
        'orifice.wall_thickness = "21 mm": is more than 20 times the diameter; at most 20 mm; '
        'friction rules a longer one: write [flow] model = "laminar", or '
        "`breachflow estimate` computes tubes and cracks"
    )
    assert (plan.invalid[0].digest, plan.invalid[0].solution) == ("", "")
    assert members(plan) == {(0,), (2,), (3,)}


def test_a_sweep_of_bad_points_alone() -> None:
    plan = planned('"boundary.space.pressure" = ["100 kPa", "200 kPa"]')
    assert len(plan.invalid) == 2
    assert plan.solutions == {}
    assert plan.memory(2) is None


def test_cells_and_costs() -> None:
    plan = planned('"boundary.space.pressure" = ["0 kPa", "80 kPa", "85 kPa", "90 kPa"]')
    for flow in plan.solutions.values():
        assert flow.cells == case_mesh(flow.case).n_cells
    cold = [flow.cost for flow in plan.solutions.values() if not flow.parents]
    warm = [flow.cost for flow in plan.solutions.values() if flow.parents]
    assert len(warm) == 2
    assert max(warm) == pytest.approx(STARTED_FRACTION * max(cold))
    assert plan.memory(3) == pytest.approx(3.0 * plan.memory(1))


def test_a_case_without_the_table() -> None:
    with pytest.raises(CaseError, match=r"has no table \[sweep\]"):
        make_plan(parse_case(case_text()))


@pytest.mark.parametrize("wall", ['temperature = "600 K"', 'velocity = ["50 m/s", "0 m/s"]'])
def test_no_law_from_walls_that_no_leak_has(wall: str) -> None:
    """`estimate` takes walls as warm as the gas and at rest: a law of other walls would answer for them."""
    case = parse_case(
        swept(SIZES), overrides=["flow.model=laminar", f'boundary.wall={{kind="slip", {wall}}}']
    )
    converged = {"converged": Quantity(value=True, unit="", description="")}
    rows = [PointRow(point, converged, "", "a", SOLVED, SOLVED) for point in make_plan(case).points]
    law, why = law_of(rows)
    assert law is None
    assert why.startswith("its walls slide or are not as warm as the gas")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[probes]\naxis = ["1 mm", "0 mm"]\n', "[probes] stand at places in meters"),
        (
            '[initial]\npressure = "90 kPa"\ntemperature = "300 K"\n',
            "initial.pressure differs from point to point, in the scales of each",
        ),
    ],
)
def test_why_there_is_no_law(text: str, reason: str) -> None:
    swept_case = swept('"boundary.cabin.pressure" = ["100 kPa", "110 kPa", "120 kPa"]')
    case = parse_case(f"{swept_case}\n{text}")
    converged = {"converged": Quantity(value=True, unit="", description="")}
    rows = [PointRow(point, converged, "", "a", SOLVED, SOLVED) for point in make_plan(case).points]
    law, why = law_of(rows)
    assert law is None
    assert why.startswith(reason)
