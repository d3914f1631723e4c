"""Meshes that were made apart from each other: their shape, their order, which cells hold which, a run."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import CaseError, MeshError
from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.geometry.holding import holding_cells
from breachflow.mesh.ordering import downstream
from breachflow.mesh.sequence import mesh_sequence
from breachflow.runs.run import compute
from breachflow.runs.setup.meshes import case_meshes, plan
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.setup.states import conserved_rows, primitive_rows
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.first_order import ALONE_CFL
from breachflow.runs.solve.iteration import Iteration, Stage
from breachflow.runs.solve.prolongation import prolonged
from breachflow.sweeps.plan import make_plan

ROUNDING = 1e-12

TEMPLATE = """
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1 mm"
[mesh]
resolution = "coarse"
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
"""

FILES = """
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1 mm"
[mesh]
file = ["0.msh", "1.msh", "2.msh"]
geometry = "axisymmetric"
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
wall = { kind = "wall" }
axis = { kind = "axis" }
"""


@pytest.fixture(scope="module")
def template() -> Case:
    return parse_case(TEMPLATE)


@pytest.fixture(scope="module")
def case(template: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The three meshes of the template as files, of which none knows the others."""
    folder = tmp_path_factory.mktemp("sequence")
    for level, mesh in enumerate(case_meshes(template)):
        write_mesh(mesh, folder / f"{level}.msh")
    write_mesh(case_meshes(template.replace("orifice.diameter", "2.05 mm"))[0], folder / "wider.msh")
    return parse_case(FILES, path=folder / "case.toml")


def test_a_nested_sequence_is_found_to_halve_its_cells(case: Case) -> None:
    # Cells at the edge of the box count in one mesh and not in the next: 2 % of some hundred cells.
    assert case_meshes(case).refinements == pytest.approx((2.0, 2.0), rel=0.02)
    assert "size of the cells near the hole, each mesh over the next: 1.98 and 2" in " ".join(
        plan(case).notes
    )


def test_the_cells_that_hold_children_are_their_parents(template: Case) -> None:
    meshes = case_meshes(template)
    for level in (1, 2):
        middles = make_problem(template, meshes[level]).metric.centroid * 1e-3
        assert np.mean(holding_cells(meshes[level - 1], middles) == meshes.parent_cells(level)) > 0.99


def test_a_sequence_gives_the_coefficient_and_the_band_of_the_template(template: Case, case: Case) -> None:
    ours, theirs = (compute(one).summary for one in (case, template))
    assert ours["converged"].value is True
    # Both stop where the mass flow is settled to 1e-6, on coarser meshes to 1e-5.
    coefficient, band = "discharge_coefficient", "discharge_coefficient_uncertainty"
    assert ours[coefficient].value == pytest.approx(theirs[coefficient].value, rel=5e-6)
    assert ours[band].value == pytest.approx(theirs[band].value, rel=0.05)


@pytest.mark.parametrize("alone", [True, False])
def test_steps_of_the_start_on_a_single_file_follow_the_residual(case: Case, alone: bool) -> None:
    """Before each step the CFL number is limited, after it may double; in a sequence it is not limited."""
    case = case.replace("mesh.file", "0.msh") if alone else case
    meshes, iteration, ratios = case_meshes(case), Iteration(), []
    context = RunContext(case, 1, len(meshes), watch=lambda _: None, stop=lambda: None)
    for _ in solve(meshes, context, iteration):
        if iteration.stage is not Stage.FIRST_ORDER:
            break
        assert iteration.pseudo_time is not None
        residuals = iteration.residuals
        ratios.append(iteration.pseudo_time.max_cfl * residuals.size / residuals.first)
    assert (max(ratios) <= 2.0 * ALONE_CFL * (1.0 + ROUNDING)) == alone


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["1.msh", "0.msh"], r"0.msh: has .* cells near the hole, and .*1.msh before it .*: list the"),
        (["wider.msh", "1.msh"], r"wider.msh: '.*' goes through .* m away from .*1.msh: .* one shape"),
        (["0.msh", "none.msh"], "none.msh: there is no such file"),
    ],
)  # fmt: skip
def test_what_is_no_sequence_is_refused(case: Case, files: list[str], message: str) -> None:
    with pytest.raises(MeshError, match=message):
        case_meshes(case.replace("mesh.file", files))


def test_meshes_with_different_names_are_no_sequence(case: Case) -> None:
    coarse, fine, _ = case_meshes(case)
    patches = {name.replace("space", "exit"): faces for name, faces in coarse.patches.items()}
    with pytest.raises(MeshError, match=r"a: has the patches .*'exit'.*, and b has .*'space'.*one shape"):
        mesh_sequence({"a": type(coarse)(**{**vars(coarse), "patches": patches}), "b": fine}, None)


def test_every_cell_comes_after_one_nearer_to_the_source(case: Case) -> None:
    mesh = case_meshes(case)[-1]  # read from a file, and therefore in this order
    assert np.array_equal(downstream(mesh, ["cabin"]), np.arange(mesh.n_cells))
    before = np.zeros(mesh.n_cells, dtype=bool)
    pairs = mesh.face_cells[mesh.face_cells[:, 1] >= 0]
    before[pairs.max(axis=1)] = True
    first = mesh.face_cells[mesh.patches["cabin"], 0]
    assert set(np.flatnonzero(~before)) <= set(first.tolist())


def test_the_start_on_a_finer_mesh_has_the_gradients_of_the_coarse_one(template: Case) -> None:
    meshes = case_meshes(template)
    coarse, fine = (make_problem(template, meshes[level]) for level in (1, 2))

    def linear(centers: np.ndarray) -> np.ndarray:
        density = 10.0 + 0.5 * centers[:, 0] - 0.25 * centers[:, 1]
        return np.column_stack([density, centers, density])

    start = prolonged(
        coarse, fine, meshes.parent_cells(2), conserved_rows(linear(coarse.metric.centroid), 1.4)
    )
    error = np.abs(primitive_rows(start, 1.4) - linear(fine.metric.centroid))
    # Only next to a boundary do bounds cut a linear field: half of the coarse cells have no such neighbor.
    assert np.median(error) < 1e-12


def test_files_are_swept_and_their_cells_are_known(case: Case) -> None:
    text = FILES + '[sweep]\n"mesh.file" = ["0.msh", ["0.msh", "1.msh"], "gone.msh"]\n'
    planned = make_plan(parse_case(text, path=case.folder / "sweep.toml"))
    assert planned.axes[0].values == ("0.msh", "0.msh + 1.msh", "gone.msh")
    flows = list(planned.solutions.values())
    assert [flow.cells for flow in flows] == [120, 480, 0]  # those of the template's meshes
    assert flows[0].cost > 0.0
    assert ["there is no such file" in reason for _, reason in planned.refused()] == [True]


def test_a_list_of_files_is_read_and_written_back(case: Case) -> None:
    assert 'file = ["0.msh", "1.msh", "2.msh"]' in case.completed_text
    assert 'file = "0.msh"' in case.replace("mesh.file", ["0.msh"]).completed_text
    for files, reason in (
        ([], "is empty; give at least one path"),
        (["0.msh", "0.msh"], 'names "0.msh" twice; remove one'),
        (["0.msh", 3], "3: must be a path in quotes"),
        (["0.msh", "/etc/passwd"], '"/etc/passwd": lies outside'),
    ):
        with pytest.raises(CaseError, match=reason):
            case.replace("mesh.file", files)
