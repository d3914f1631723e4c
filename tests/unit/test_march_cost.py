"""The time of runs in time, known before: steps of cells by hand, and what a run says at its start."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import ResultError
from breachflow.mesh.mesh import Mesh
from breachflow.numerics.explicit.step_levels import LEVEL_SPAN as KERNEL_SPAN
from breachflow.runs.setup.cost import disk
from breachflow.runs.setup.cost.disk import DiskNeed, disk_need, require_disk
from breachflow.runs.setup.cost.march import (
    FASTEST,
    LEVEL_SPAN,
    RECORDS,
    cell_steps,
    expectation,
    march_seconds,
)
from breachflow.runs.setup.meshes import case_mesh
from breachflow.runs.solve import stepping
from cases.test_kept_iterations import HOLE

TUBE = """
gas = { gamma = 1.4, molar_mass = "28.97 g/mol" }
[mesh]
template = "block"
cells = [10, 1]
levels = 1
x = ["0 m", "1 m"]
y = ["0 m", "0.1 m"]
geometry = "planar"
[exact]
solution = "riemann"
left = { pressure = "1 bar", temperature = "300 K", velocity = ["0 m/s", "0 m/s"] }
right = { pressure = "0.1 bar", temperature = "240 K", velocity = ["0 m/s", "0 m/s"] }
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "wall" }
top = { kind = "wall" }
[run]
mode = "transient"
end_time = "100 s"
"""


def tube(*overrides: str) -> tuple[Case, Mesh]:
    case = parse_case(TUBE, overrides=overrides)
    return case, case_mesh(case)


def test_cells_of_one_size_take_their_own_longest_step() -> None:
    """Four faces of a square cell of side h count half each: its step is cfl h / (2 w)."""
    case, mesh = tube()
    wave = FASTEST * math.sqrt(1.4 * case.species.specific_gas_constant * 300.0)
    step = case.numerics.cfl * 0.1 / (2.0 * wave)
    assert cell_steps(case, mesh, 100.0) == pytest.approx(10 * 100.0 / step, rel=0.01)


def test_no_step_is_longer_than_the_rows_of_history_are_apart() -> None:
    case, mesh = tube()
    assert cell_steps(case, mesh, 1e-6) == pytest.approx(10 * RECORDS)


def test_long_runs_say_so() -> None:
    case, mesh = tube("output.snapshots=0")
    assert march_seconds(case, mesh) < 60.0
    assert expectation(case, mesh) == ""
    longer, mesh = tube("run.end_time=36500 day")
    assert expectation(longer, mesh).startswith("takes about ")
    steady = parse_case(HOLE)
    assert march_seconds(steady, case_mesh(steady)) == 0.0


def test_the_files_of_a_run() -> None:
    """15 kB and 45 bytes per cell of a snapshot; 300 kB and 240 bytes per cell of the rest."""
    case, mesh = tube("output.snapshots=20")
    assert disk_need(case, mesh) == (300_000 + 2400 + 20 * 15_000, 300_000 + 2400 + 20 * 15_450)
    assert disk_need(case, mesh, written=20) == disk_need(*tube("output.snapshots=0")) == (302_400, 302_400)


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (6.12e5, ""),
        (6.05e5, "the files of the run take up to 1 MB of disk and 1 MB are free: a run that finds"),
        (6e5, "r.h5: the run needs at least 1 MB of disk and 1 MB are free: free some space, choose another"),
    ],
)
def test_room_on_the_disk(free: float, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "disk_usage", lambda _: SimpleNamespace(free=free))
    need = disk_need(*tube("output.snapshots=20"))
    if free > need.least:
        assert require_disk(need, tmp_path / "r.h5").startswith(told)
        assert bool(told) == (free < need.most)
        return
    with pytest.raises(ResultError) as error:
        require_disk(need, tmp_path / "r.h5")
    assert told in str(error.value)


def test_where_the_system_does_not_tell_what_is_free(tmp_path: Path) -> None:
    assert require_disk(DiskNeed(10**30, 10**30), tmp_path / "none" / "r.h5") == ""


def test_the_time_of_implicit_steps_is_not_told() -> None:
    case, mesh = tube("run.time_step=1 s")
    assert march_seconds(case, mesh) == 0.0
    assert expectation(case, mesh) == ""


def test_the_numbers_of_the_solver() -> None:
    assert (LEVEL_SPAN, RECORDS) == (KERNEL_SPAN, stepping.RECORDS)
