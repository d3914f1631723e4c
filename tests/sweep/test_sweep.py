"""A sweep and its table: every row equals a run of its case, nothing is computed twice, nothing is lost."""

from __future__ import annotations

import csv
import itertools
import os
from math import pi
from pathlib import Path

import numpy as np
import pytest
from small_sweeps import (
    OTHER_START,
    SIZES_AND_WALLS,
    Here,
    Told,
    run_sweep,
    swept,
    table_bytes,
    written,
)

import breachflow
from breachflow.case import load_case, parse_case, sweep_points
from breachflow.errors import CaseError, ResultError, UsageError
from breachflow.results import read_result
from breachflow.results.files.tables import read_table
from breachflow.results.table import SweepTable
from breachflow.runs.run import compute
from breachflow.sweeps.driver import ATTEMPTS, SweepResources, sweep
from breachflow.sweeps.ledger import Claim, Ledger
from breachflow.sweeps.plan import make_plan
from breachflow.sweeps.result import SweepResult
from breachflow.sweeps.workers.local import LostTask
from breachflow.sweeps.workers.task import Task, TaskResult, solve

DIAMETERS, WALLS = [1e-3, 2e-3, 4e-3], [0.0, 1e-4, 2e-4, 4e-4]

SCALED_FROM = [[-1, -1, -1, -1], [0, -1, 1, 2], [0, -1, 5, 1]]
STARTED_FROM = [[-1, -1, 1, -1], [-1, 1, -1, 1], [-1, 5, 1, -1]]
"""`started_from` of each point; of a scaled point, that of its solution."""

RUN_NUMBERS = (
    "discharge_coefficient", "mass_flow", "ideal_mass_flow", "thrust", "thrust_coefficient", "reynolds",
    "knudsen", "expected_discharge_coefficient", "cells", "pressure_ratio",
    "discharge_coefficient_uncertainty",
)  # fmt: skip


@pytest.fixture(scope="module")
def table(grid: Path) -> SweepTable:
    return read_table(grid / "leak.sweep" / "table.h5")


# ---- the table of a grid ----


def test_axes_are_the_swept_keys(table: SweepTable) -> None:
    first, second = table.axes
    assert (first.name, first.key, first.unit, list(first.values)) == (
        "diameter", "orifice.diameter", "m", DIAMETERS,
    )  # fmt: skip
    assert (second.name, second.key, second.unit, list(second.values)) == (
        "wall_thickness", "orifice.wall_thickness", "m", WALLS,
    )  # fmt: skip
    assert table.shape == (3, 4)
    assert table.column("point").tolist() == np.arange(12).reshape(3, 4).tolist()
    assert {"diameter", "wall_thickness"}.isdisjoint(table.variables)


def test_what_the_table_says_of_itself(table: SweepTable, grid: Path) -> None:
    assert table.attributes["title"] == "leak"
    assert table.attributes["case"] == load_case(grid / "leak.toml").completed_text
    assert table.attributes["program"] == f"breachflow {breachflow.__version__}"
    assert len(str(table.attributes["source_digest"])) == 16
    assert table.law is not None


def test_points_of_one_flow_are_scaled(table: SweepTable) -> None:
    assert table.column("scaled_from").tolist() == SCALED_FROM
    assert set(table.column("status").ravel()) == {"converged"}
    assert table.column("converged").all()
    solved = table.column("scaled_from") == -1
    assert len(set(table.column("result").ravel())) == np.count_nonzero(solved) == 6
    for scaled, own in zip(*np.where(~solved), strict=True):
        source = np.unravel_index(table.column("scaled_from")[scaled, own], table.shape)
        for name in ("discharge_coefficient", "thrust_coefficient", "thickness_ratio", "cells", "result"):
            assert table.column(name)[scaled, own] == table.column(name)[source]


def test_the_nearest_flow_that_each_started_from(table: SweepTable) -> None:
    assert table.column("started_from").tolist() == STARTED_FROM


def test_every_row_is_the_run_of_its_case(table: SweepTable, grid: Path, one_thread: None) -> None:
    for point in sweep_points(load_case(grid / "leak.toml")):
        assert point.case is not None
        place = np.unravel_index(point.number, table.shape)
        row = {name: table.column(name)[place] for name in table.units}
        own = compute(point.case, threads=1).summary
        exact = row["scaled_from"] == row["started_from"] == -1
        for name in RUN_NUMBERS:
            near = own[name].value if exact else pytest.approx(own[name].value, rel=_loose(name))
            assert (point.number, name, row[name]) == (point.number, name, near)
        assert row["regime"] == own["regime"].value
        assert table.units["mass_flow"] == own["mass_flow"].unit == "kg/s"


def _loose(name: str) -> float:
    """Tolerance of an uncertainty, which is half the small difference of the coefficients on two meshes."""
    return 1e2 * OTHER_START if name.endswith("uncertainty") else OTHER_START


def test_the_same_flow_in_everybody_s_units(table: SweepTable) -> None:
    column = table.column
    flow, coefficient = column("mass_flow"), column("discharge_coefficient")
    constant = 8.31446261815324 / 28.9644e-3
    for name, unit, expected in (
        ("mass_flow_g_per_s", "g/s", 1e3 * flow),
        ("mass_flow_kg_per_day", "kg/day", 86400.0 * flow),
        ("mass_flow_lb_per_day", "lb/day", 86400.0 * flow / 0.45359237),
        ("throughput", "Pa m3/s", flow * constant * 293.15),
        ("standard_volume_flow", "cm3/min", 60e6 * flow * constant * 273.15 / 101325.0),
        ("discharge_coefficient", "1", flow / column("ideal_mass_flow")),
        ("thrust_coefficient", "1", column("thrust") / (1e5 * 0.25 * pi * column("diameter") ** 2)),
        ("thickness_ratio", "1", column("wall_thickness") / column("diameter")),
        ("ratio_to_expected", "1", coefficient / column("expected_discharge_coefficient")),
        ("ratio_to_law_thin_vacuum", "1", coefficient / column("law_thin_vacuum")),
    ):
        assert table.units[name] == unit
        assert column(name) == pytest.approx(expected, rel=1e-9, nan_ok=True)
    assert (column("cabin_pressure") == 1e5).all()
    assert (column("cabin_temperature") == 293.15).all()
    assert (column("outside_pressure") == 0.0).all()
    assert set(column("gas").ravel()) == {"air"}


def test_the_files_of_the_solutions(table: SweepTable, grid: Path) -> None:
    for name, coefficient in zip(
        table.column("result").ravel(), table.column("discharge_coefficient").ravel(), strict=True
    ):
        assert read_result(grid / "leak.sweep" / name).discharge_coefficient == coefficient
    assert len(list((grid / "leak.sweep" / "points").iterdir())) == 6


def test_the_csv_file_has_a_row_for_each_point(table: SweepTable, grid: Path) -> None:
    with (grid / "leak.sweep" / "table.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:3] == ["diameter [m]", "wall_thickness [m]", "point"]
    assert "mass_flow [kg/s]" in header
    assert "discharge_coefficient" in header
    assert [tuple(map(float, row[:2])) for row in rows] == list(itertools.product(DIAMETERS, WALLS))
    for title, cells in zip(header, zip(*rows, strict=True), strict=True):
        values = table.column(title.split(" [")[0]).ravel()
        if values.dtype.kind == "f":
            found = [float(cell) if cell else np.nan for cell in cells]
            assert np.array_equal(found, values, equal_nan=True)
        else:
            known = {"True": "true", "False": "false"}
            assert [known.get(str(value), str(value)) for value in values] == list(cells)


def test_other_programs_read_both(grid: Path, table: SweepTable) -> None:
    import pandas
    import xarray

    with xarray.open_dataset(grid / "leak.sweep" / "table.h5", engine="h5netcdf") as data:
        assert dict(data.sizes) | {"diameter": 3, "wall_thickness": 4} == dict(data.sizes)
        assert data["diameter"].attrs["units"] == "m"
        assert data["mass_flow"].dims == ("diameter", "wall_thickness")
        assert data["mass_flow"].attrs["units"] == "kg/s"
        picked = data["discharge_coefficient"].sel(diameter=2e-3, wall_thickness=2e-4)
        assert float(picked) == table.column("discharge_coefficient")[1, 2]
        assert str(data["status"].values[0, 0]) == "converged"
        assert data["converged"].dtype == bool
    frame = pandas.read_csv(grid / "leak.sweep" / "table.csv")
    assert len(frame) == 12
    assert frame["mass_flow [kg/s]"].to_numpy() == pytest.approx(table.column("mass_flow").ravel(), rel=1e-15)


# ---- nothing is computed twice ----


def test_a_second_call_solves_nothing(again: Path, here: Here) -> None:
    before = table_bytes(again / "leak.sweep")
    told = Told()
    result = run_sweep(again / "leak.toml", watch=told)
    assert (here.starts, here.tasks) == (0, [])
    assert table_bytes(again / "leak.sweep") == before
    assert result.complete
    assert result.counts == {"converged": 12}
    assert (result.solved, result.failures, result.stopped) == (6, {}, "")
    assert [(one.points, one.done) for one in told.all] == [(12, 12)]


def test_new_values_solve_only_what_is_new(again: Path, here: Here) -> None:
    """With 0.8 mm added, the ratio 0.8 alone is new; a wall of 0.4 mm in 1 mm is already solved."""
    text = (again / "leak.toml").read_text().replace('"0.4 mm"]', '"0.8 mm", "0.4 mm"]')
    (again / "leak.toml").write_text(text)
    before = read_table(again / "leak.sweep" / "table.h5")
    result = run_sweep(again / "leak.toml")
    assert len(here.tasks) == 1
    assert '"800 um"' in here.tasks[0].text
    assert result.counts == {"converged": 15}
    after = result.table
    assert after.shape == (3, 5)
    kept = [0, 1, 2, 4]
    for name in ("discharge_coefficient", "mass_flow", "residual_drop", "result"):
        assert np.array_equal(after.column(name)[:, kept], before.column(name))
    assert after.column("scaled_from")[:, 3].tolist() == [-1, 4, 2]


def test_other_cases_share_the_answers_of_a_ledger(again: Path, here: Here) -> None:
    """Another title, other sizes, a warmer cabin: all solutions are in the ledger, from another sweep."""
    before = read_table(again / "leak.sweep" / "table.h5")
    text = swept('"orifice.wall_thickness" = ["0 mm", "1 mm", "2 mm"]', title="others")
    text = text.replace('diameter = "2 mm"', 'diameter = "10 mm"').replace("293.15 K", "310 K")
    result = run_sweep(written(again, text, "others.toml"), output=again / "leak.sweep")
    assert here.tasks == []
    table = result.table
    assert table.shape == (3,)
    assert table.column("scaled_from").tolist() == [-2, -2, -2]
    coefficients = before.column("discharge_coefficient")
    assert table.column("discharge_coefficient").tolist() == [coefficients[0, i] for i in (0, 1, 2)]
    assert table.column("mass_flow") == pytest.approx(
        before.column("mass_flow")[0, :3] * 100.0 * np.sqrt(293.15 / 310.0), rel=1e-12
    )
    run_sweep(again / "leak.toml")
    assert here.tasks == []
    assert np.array_equal(
        read_table(again / "leak.sweep" / "table.h5").column("mass_flow"), before.column("mass_flow")
    )


def test_the_longest_time_is_no_other_case(again: Path, here: Here) -> None:
    result = run_sweep(again / "leak.toml", ["run.wall_clock=1 h"])
    assert here.tasks == []
    assert result.table.column("scaled_from").tolist() == SCALED_FROM


@pytest.mark.parametrize("damage", ["lost", "damaged"])
def test_a_lost_solution_costs_its_children_the_start_only(again: Path, here: Here, damage: str) -> None:
    for file in (again / "leak.sweep" / "points").iterdir():
        file.unlink() if damage == "lost" else file.write_bytes(file.read_bytes()[:5000])
    result = run_sweep(again / "leak.toml", ['sweep."orifice.wall_thickness"=["0 mm", "0.1 mm", "0.15 mm"]'])
    assert len(here.tasks) == 3
    assert result.complete
    (first, *_) = here.tasks
    assert first.neighbors == ()


# ---- points without an answer ----


def test_bad_values_are_rows_with_their_error(tmp_path: Path, here: Here) -> None:
    entries = (
        '"orifice.diameter" = ["1 mm", "4 mm"]\n"orifice.wall_thickness" = ["0.1 mm", "21 mm", "0.2 mm"]'
    )
    result = run_sweep(written(tmp_path, swept(entries)))
    assert result.counts == {"converged": 5, "failed": 1}
    error = (
        'orifice.wall_thickness = "21 mm": is more than 20 times the diameter; at most 20 mm; '
        'friction rules a longer one: write [flow] model = "laminar", or '
        "`breachflow estimate` computes tubes and cracks"
    )
    assert result.failures == {1: error}
    assert not result.complete
    table = result.table
    assert table.column("error")[0].tolist() == ["", error, ""]
    assert table.column("status")[0, 1] == "failed"
    assert not table.column("converged")[0, 1]
    assert np.isnan(table.column("mass_flow")[0, 1])
    assert (table.column("cells")[0, 1], table.column("gas")[0, 1]) == (0, "")
    assert np.isfinite(np.delete(table.column("mass_flow").ravel(), 1)).all()


def test_points_that_do_not_converge_are_told(tmp_path: Path, here: Here) -> None:
    told = Told()
    entries = '"run.max_iterations" = [2, 400]\n"orifice.wall_thickness" = ["0 mm", "0.4 mm"]'
    result = run_sweep(written(tmp_path, swept(entries)), watch=told)
    assert result.counts == {"converged": 2, "not converged": 2}
    table = result.table
    assert [axis.name for axis in table.axes] == ["run_max_iterations", "wall_thickness"]
    assert table.axes[0].values.tolist() == [2, 400]
    assert table.column("status").tolist() == [["not converged"] * 2, ["converged"] * 2]
    assert table.column("converged").tolist() == [[False] * 2, [True] * 2]
    assert np.isfinite(table.column("mass_flow")).all()
    assert sorted(told.notes) == ["point 0: NOT CONVERGED", "point 1: NOT CONVERGED"]
    here.tasks.clear()
    assert run_sweep(tmp_path / "leak.toml").counts == result.counts
    assert here.tasks == []


def test_nothing_starts_from_what_did_not_converge(tmp_path: Path, here: Here) -> None:
    walls = '"orifice.wall_thickness" = ["0.2 mm", "0.22 mm", "0.24 mm"]'
    run_sweep(written(tmp_path, swept(walls, "[run]\nmax_iterations = 2")))
    assert [task.neighbors for task in here.tasks] == [(), (), ()]


@pytest.mark.parametrize(
    ("lasting", "error"), [(True, "the density fell below zero"), (False, "there is not enough memory")]
)
def test_what_will_fail_again_is_not_tried_again(
    tmp_path: Path, here: Here, lasting: bool, error: str
) -> None:
    path, failed = written(tmp_path, swept(SIZES_AND_WALLS)), Told()
    here.before = lambda task: failing(task, error, lasting) if '"400 um"' in task.text else None
    result = run_sweep(path, watch=failed)
    assert result.failures == {3: error}
    assert result.counts == {"converged": 11, "failed": 1}
    assert failed.notes == [f"point 3: {error}"]
    assert failed.all[-1].done == 12
    here.tasks.clear()
    here.before = lambda _: None
    assert run_sweep(path).failures == ({3: error} if lasting else {})
    assert len(here.tasks) == (0 if lasting else 1)


def failing(task: Task, error: str, lasting: bool) -> TaskResult:
    return TaskResult(task.solution, {}, b"", None, error, lasting, stopped=False, seconds=0.0)


def test_a_flow_over_which_workers_are_lost_is_given_up(tmp_path: Path, here: Here, grid: Path) -> None:
    path = written(tmp_path, swept(SIZES_AND_WALLS))
    here.before = lambda task: LostTask(task, "its process was killed") if '"400 um"' in task.text else None
    result = run_sweep(path)
    assert sum('"400 um"' in task.text for task in here.tasks) == ATTEMPTS == 3
    assert result.failures == {3: "its process was killed, 3 times"}
    assert result.counts == {"converged": 11, "failed": 1}
    with Ledger(tmp_path / "leak.sweep" / "ledger.sqlite") as ledger:
        assert ledger.claim(here.tasks[-1].solution) is not Claim.OTHERS
    here.before = lambda _: None
    assert run_sweep(path).complete


def test_a_lost_worker_changes_nothing(tmp_path: Path, here: Here, grid: Path) -> None:
    """Every task is lost once or twice, and some more often before they have begun."""
    times: dict[str, int] = {}

    def lose(task: Task) -> LostTask | None:
        times[task.solution] = times.get(task.solution, 0) + 1
        if times[task.solution] > 4:
            return None
        return LostTask(task, "its process was killed" if times[task.solution] <= 2 else "")

    here.before = lose
    assert run_sweep(written(tmp_path, swept(SIZES_AND_WALLS))).complete
    assert set(times.values()) == {5}
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_an_answer_that_was_cut_short_is_asked_for_again(tmp_path: Path, here: Here, grid: Path) -> None:
    """A scheduler may take a task from its worker."""
    cut: set[str] = set()

    def cut_short(task: Task) -> TaskResult | None:
        if task.solution in cut:
            return None
        cut.add(task.solution)
        return solve(task, lambda: "the sweep is over")

    here.before = cut_short
    assert run_sweep(written(tmp_path, swept(SIZES_AND_WALLS))).complete
    assert len(here.tasks) == 12
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_a_limit_of_time_ends_a_point_and_not_the_sweep_in_circles(tmp_path: Path, here: Here) -> None:
    path = written(tmp_path, swept('"orifice.wall_thickness" = ["0 mm", "0.1 mm"]'))
    result = run_sweep(path, ["run.wall_clock=1e-9 s"])
    assert len(here.tasks) == 2
    assert set(result.failures.values()) == {"run.wall_clock = 1e-09 s is over"}
    assert result.counts == {"failed": 2}
    assert run_sweep(path, ["run.wall_clock=1 h"]).complete


# ---- stopping and going on ----


def stopping_after(count: int, here: Here) -> str | None:
    return "enough" if len(here.tasks) >= count else None


def test_a_stopped_sweep_leaves_a_table_and_goes_on(tmp_path: Path, here: Here, grid: Path) -> None:
    path = written(tmp_path, swept(SIZES_AND_WALLS))
    result = run_sweep(path, stop=lambda: stopping_after(3, here))
    assert result.stopped == "enough"
    assert not result.complete
    assert result.counts["not computed"] + result.counts["converged"] == 12
    assert result.counts["not computed"] > 0
    table = result.table
    open_points = table.column("status") == "not computed"
    assert np.isnan(table.column("mass_flow")[open_points]).all()
    assert set(table.column("error").ravel()) == {""}
    assert (table.column("cabin_pressure") == 1e5).all()
    assert run_sweep(path).complete
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_stopping_after_each_flow_changes_nothing(tmp_path: Path, here: Here, grid: Path) -> None:
    """All states are read from their files again each time; they are bitwise equal."""
    path, rounds = written(tmp_path, swept(SIZES_AND_WALLS)), 0
    while not (result := run_sweep(path, stop=lambda: stopping_after(1, here))).complete:
        assert result.stopped == "enough"
        here.tasks.clear()
        rounds += 1
    assert rounds >= 5
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_a_sweep_that_is_stopped_at_once_has_computed_nothing(tmp_path: Path, here: Here) -> None:
    result = run_sweep(written(tmp_path, swept(SIZES_AND_WALLS)), stop=lambda: "no")
    assert result.counts == {"not computed": 12}
    assert result.law is None
    assert here.tasks == []


def test_a_full_disk_ends_a_sweep_that_goes_on_later(
    tmp_path: Path, here: Here, grid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, swept(SIZES_AND_WALLS))
    before = os.write

    def write(descriptor: int, data: bytes) -> int:
        if len(data) > 5000 and len(here.tasks) > 3:
            raise OSError(28, "No space left on device")
        return before(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(ResultError, match="No space left on device"):
            run_sweep(path)
    solved = len(list((tmp_path / "leak.sweep" / "points").iterdir()))
    assert 1 <= solved < 6
    here.tasks.clear()
    assert run_sweep(path).complete
    assert len(here.tasks) == 6 - solved
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_what_a_killed_writer_left_is_removed(tmp_path: Path, here: Here, grid: Path) -> None:
    points = tmp_path / "leak.sweep" / "points"
    points.mkdir(parents=True)
    names = sorted(file.name for file in (grid / "leak.sweep" / "points").iterdir())
    for name in names:
        (points / f".{name}.01234567.partial").write_bytes(b"half a result")
    assert run_sweep(written(tmp_path, swept(SIZES_AND_WALLS))).complete
    assert sorted(file.name for file in points.iterdir()) == names


# ---- other sweeps at the same ledger ----


def test_flows_of_another_sweep_are_waited_for(tmp_path: Path, here: Here, grid: Path) -> None:
    """Another sweep has claimed some solutions. It releases one, and ends without finishing the others."""
    path = written(tmp_path, swept(SIZES_AND_WALLS))
    folder = tmp_path / "leak.sweep"
    _, second, _, *others = flows = list(make_plan(load_case(path)).solutions)
    folder.mkdir()
    with Ledger(folder / "ledger.sqlite") as other:
        for flow in (second, *others):
            assert other.claim(flow) is Claim.MINE
        assert run_sweep(path, stop=lambda: stopping_after(1, here)).counts["not computed"] > 0
        assert not {second, *others} & set(here.solved)
        other.release(second)
        here.before = lambda task: other.close() if task.solution == second else None
        assert run_sweep(path).complete
    assert sorted(set(here.solved)) == sorted(flows)
    assert table_bytes(folder) == table_bytes(grid / "leak.sweep")


def test_flows_that_another_sweep_has_solved_meanwhile(
    tmp_path: Path, here: Here, grid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other sweep runs while this one has claims, and solves some of the others."""
    path, there = written(tmp_path, swept(SIZES_AND_WALLS)), Here()
    started: list[SweepResult] = []

    def interrupt(_: Task) -> None:
        if len(here.tasks) == 2:
            monkeypatch.setattr(SweepResources, "start", there.start)
            started.append(run_sweep(path, stop=lambda: stopping_after(1, there)))

    here.before = interrupt
    assert run_sweep(path).complete
    assert len(started) == 1
    assert len(there.solved) == 1
    both = here.solved + there.solved
    assert len(both) == len(set(both)) == 6
    assert table_bytes(tmp_path / "leak.sweep") == table_bytes(grid / "leak.sweep")


def test_flows_that_a_sweep_of_other_sizes_has_solved_meanwhile(
    tmp_path: Path, here: Here, grid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, there = written(tmp_path, swept(SIZES_AND_WALLS)), Here()
    others = written(tmp_path, swept('"orifice.wall_thickness" = ["0.2 mm"]'), "others.toml")

    def interrupt(_: Task) -> None:
        if len(here.tasks) == 2:
            monkeypatch.setattr(SweepResources, "start", there.start)
            run_sweep(others, ["orifice.diameter=8 mm"], output=tmp_path / "leak.sweep")

    here.before = interrupt
    result = run_sweep(path)
    assert result.complete
    assert (len(here.tasks), len(there.tasks)) == (5, 1)
    assert result.table.column("scaled_from")[2, 1] == -2
    first = read_table(grid / "leak.sweep" / "table.h5")
    assert result.table.column("mass_flow") == pytest.approx(first.column("mass_flow"), rel=OTHER_START)


# ---- other kinds of sweeps ----


def test_keys_of_boundaries_are_axes_too(again: Path, here: Here) -> None:
    """Temperature is in no dimensionless group: all points share one solution."""
    text = swept('"boundary.cabin.temperature" = ["250 K", "1000 K"]\n"orifice.rounding" = ["0 mm"]')
    table = run_sweep(written(again, text), output=again / "leak.sweep").table
    assert here.tasks == []
    assert [axis.name for axis in table.axes] == ["cabin_temperature", "rounding"]
    assert [axis.key for axis in table.axes] == ["boundary.cabin.temperature", "orifice.rounding"]
    assert table.axes[0].values.tolist() == [250.0, 1000.0]
    assert "cabin_temperature" not in table.variables
    flow = table.column("mass_flow").ravel()
    assert flow[0] == pytest.approx(2.0 * flow[1], rel=1e-12)


def test_paired_points_lie_on_one_axis(tmp_path: Path, here: Here) -> None:
    entries = 'mode = "paired"\n"orifice.width" = ["1 mm", "2 mm"]\ngas = ["air", "argon"]'
    table = run_sweep(written(tmp_path, swept(entries, shape="slit"))).table
    (axis,) = table.axes
    assert (axis.name, axis.unit, axis.values.tolist()) == ("point", "1", [0, 1])
    assert table.column("width").tolist() == [1e-3, 2e-3]
    assert table.column("gas").tolist() == ["air", "argon"]
    assert table.column("heat_capacity_ratio").tolist() == [1.4, 5.0 / 3.0]
    assert table.units["mass_flow"] == "kg/s per m"
    assert table.units["thrust"] == "N per m"
    assert table.units["mass_flow_lb_per_day"] == "lb/day per m"


def test_names_are_an_axis_of_text(tmp_path: Path, here: Here) -> None:
    table = run_sweep(written(tmp_path, swept('gas = ["air", "nitrogen", "helium"]'))).table
    assert table.axes[0].values.tolist() == ["air", "nitrogen", "helium"]
    assert table.axes[0].unit == ""
    assert table.column("scaled_from").tolist() == [-1, 0, -1]
    ratio = table.column("mass_flow")[1] / table.column("mass_flow")[0]
    assert ratio == pytest.approx(np.sqrt(28.0134 / 28.9644), rel=1e-12)


def test_meshes_from_files(tmp_path: Path, here: Here) -> None:
    """Each point is solved: none is scaled, and none starts from another."""
    mesh = Path(__file__).parents[2] / "meshes" / "plate_triangles.msh"
    (tmp_path / "plate.msh").write_bytes(mesh.read_bytes())
    text = swept('"boundary.cabin.pressure" = ["50 kPa", "100 kPa"]', "[run]\nmax_iterations = 3")
    text = text.replace(
        "resolution = { across = 8 }", 'file = "plate.msh"\ngeometry = "axisymmetric"\nunit = "mm"'
    )
    text = text.replace('"0.0 mm"', '"1 mm"').replace(
        "[boundary]", '[boundary]\nwall = { kind = "wall" }\naxis = { kind = "axis" }'
    )
    result = run_sweep(written(tmp_path, text))
    assert result.counts == {"not converged": 2}
    assert [task.neighbors for task in here.tasks] == [(), ()]
    flows = result.table.column("mass_flow")
    assert flows[1] == pytest.approx(2.0 * flows[0], rel=1e-9)
    assert result.table.column("scaled_from").tolist() == [-1, -1]
    assert result.table.column("cabin_pressure").tolist() == [5e4, 1e5]


# ---- the call ----


def test_the_package_is_the_function_too(again: Path, here: Here) -> None:
    result = breachflow.sweep(load_case(again / "leak.toml"))
    assert result.path == again / "leak.sweep" / "table.h5"
    assert result.path.with_suffix(".csv").is_file()


def test_progress_ends_with_all_points(tmp_path: Path, here: Here) -> None:
    told = Told()
    run_sweep(written(tmp_path, swept(SIZES_AND_WALLS)), watch=told)
    done = [one.done for one in told.all]
    assert (done[0], done[-1]) == (0, 12)
    assert done == sorted(done)
    assert {one.points for one in told.all} == {12}
    assert told.all[0].remaining is None
    assert all(one.remaining >= 0.0 for one in told.all[1:] if one.remaining is not None)
    assert (told.all[-1].remaining, told.all[-1].running) == (0.0, 0)


def test_no_more_workers_than_flows(again: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    monkeypatch.setattr(SweepResources, "start", lambda means, _: counts.append(means.workers) or here)
    more = ['sweep."orifice.wall_thickness"=["0 mm", "0.1 mm", "0.2 mm", "0.15 mm"]']
    sweep(load_case(again / "leak.toml", more), workers=64)
    assert counts == [len(here.tasks)] == [3]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers = 0: at least 1"),
        ({"threads": 0}, "threads = 0: at least 1"),
        ({"workers": -2}, "workers = -2: at least 1"),
    ],
)
def test_counts_below_one(tmp_path: Path, options: dict[str, int], message: str) -> None:
    case = load_case(written(tmp_path, swept(SIZES_AND_WALLS)))
    with pytest.raises(UsageError) as caught:
        sweep(case, **options)
    assert str(caught.value) == message
    assert not (tmp_path / "leak.sweep").exists()


def test_a_case_without_the_table_leaves_nothing(tmp_path: Path) -> None:
    case = parse_case(swept("").split("[sweep]")[0], path=tmp_path / "leak.toml")
    with pytest.raises(CaseError, match=r"has no table \[sweep\]"):
        sweep(case)
    assert list(tmp_path.iterdir()) == []
