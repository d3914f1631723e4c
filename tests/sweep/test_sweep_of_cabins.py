"""Sweeps of cabins: each row is the march of its case, nothing is computed twice, none is merged."""

from __future__ import annotations

import csv
import json
import math
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from small_sweeps import Here, Told, table_bytes
from sweep_processes import PATIENCE, sweeping, wait_until

import breachflow
from breachflow.cabin.answer.answer import solve_cabin
from breachflow.cabin.answer.summary import summary_of
from breachflow.cabin.grammar.read import load_cabin, parse_cabin
from breachflow.cli.main import main
from breachflow.constants import GAS_CONSTANT, SPECIES
from breachflow.errors import CaseError, ResultError
from breachflow.leak.fitted.law import FlowSample, HoleShape, fit_law
from breachflow.results.files.cabin.series import read_series
from breachflow.results.files.tables import read_table, write_table
from breachflow.results.table import SweepTable, TableAxis
from breachflow.sweeps.driver import sweep
from breachflow.sweeps.plan import make_plan

MMHG = 133.322387415
SHIPPED = Path(__file__).parents[2] / "cases" / "sweep" / "hatch_delay" / "case.toml"
DIAMETERS, DELAYS = [2e-3, 8e-3, 64e-3], [60.0, 3600.0]
ENTRIES = '[sweep]\n"leak.hole.diameter" = ["2 mm", "8 mm", "64 mm"]\n"event.1.at" = ["1 min", "1 h"]\n'
SHORT = '[sweep]\n"leak.hole.diameter" = ["30 mm", "64 mm"]\n'


def case_text(sweep: str = ENTRIES, title: str = "holes") -> str:
    """The shipped case with another table [sweep]."""
    head = SHIPPED.read_text("utf-8").partition("[sweep]")[0]
    return head.replace('title = "A hole', f'title = "{title}: a hole') + sweep


def written(folder: Path, sweep: str = ENTRIES, **choices: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(case_text(sweep, **choices))
    return folder / "case.toml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep by two worker processes; not to be changed."""
    folder = tmp_path_factory.mktemp("cabins")
    sweep(load_cabin(written(folder)), workers=2)
    return folder


@pytest.fixture(scope="module")
def table(folder: Path) -> SweepTable:
    return read_table(folder / "case.sweep" / "table.h5")


# ---- numbers ----


def closed_form(diameter: float, delay: float) -> tuple[float, float]:
    """Time until the module is at 490 mmHg, s, and pressure of the station then, Pa.

    Both volumes empty through the choked hole until the hatch is shut, then the module alone, isothermally.
    """
    gamma, constant = 1.4, GAS_CONSTANT / SPECIES["air"].molar_mass
    flux = math.sqrt(gamma) * (2.0 / (gamma + 1.0)) ** ((gamma + 1.0) / (2.0 * (gamma - 1.0)))
    suction = 0.83 * 0.25 * math.pi * diameter**2 * flux * math.sqrt(constant * 295.0)
    together = math.log(760.0 / 490.0) * (350.0 + 75.0) / suction
    if together <= delay:
        return together, 490.0 * MMHG
    then = 760.0 * math.exp(-suction * delay / (350.0 + 75.0))
    return delay + math.log(then / 490.0) * 75.0 / suction, then * MMHG


def test_the_table_meets_the_closed_form(table: SweepTable) -> None:
    """To 1e-8: the tolerance of a step is 1e-9, and of each march a few steps are taken."""
    for i, diameter in enumerate(DIAMETERS):
        for k, delay in enumerate(DELAYS):
            time, pressure = closed_form(diameter, delay)
            assert table.column("reserve_time")[i, k] == pytest.approx(time, rel=1e-8)
            assert table.column("crossings.evacuation")[i, k] == table.column("reserve_time")[i, k]
            found = table.column("compartments.station.pressure")[i, k]
            assert found == pytest.approx(pressure, rel=1e-8)
    assert table.column("mass_residual").max() < 1e-9
    assert (table.column("reserve_time_interval.low") < table.column("reserve_time")).all()


def test_a_row_is_the_march_of_its_case(table: SweepTable, folder: Path) -> None:
    case = load_cabin(folder / "case.toml", ["leak.hole.diameter=8 mm", "event.1.at=1 h"])
    expected = summary_of(solve_cabin(case))
    assert table.column("reserve_time")[1, 1] == expected["reserve_time"]
    assert table.column("reserve_time_interval.high")[1, 1] == expected["reserve_time_interval"][1]
    assert table.column("lost_mass")[1, 1] == expected["lost_mass"]
    assert table.column("other_thermal.reserve_time")[1, 1] == expected["other_thermal"]["reserve_time"]
    kept = read_series(folder / "case.sweep" / table.column("result")[1, 1])
    assert json.loads(str(kept.attributes["summary"]))["reserve_time"] == expected["reserve_time"]


def test_axes_units_and_descriptions(table: SweepTable) -> None:
    assert [(axis.name, axis.key, axis.unit, axis.values.tolist()) for axis in table.axes] == [
        ("leak_hole_diameter", "leak.hole.diameter", "m", DIAMETERS),
        ("event_1_at", "event.1.at", "s", DELAYS),
    ]
    assert all(variable.description for variable in table.variables.values())
    units = {name: table.units[name] for name in ("reserve_time", "lost_mass", "leaks.hole", "wall_heat")}
    assert units == {"reserve_time": "s", "lost_mass": "kg", "leaks.hole": "kg/s", "wall_heat": "J"}
    assert table.units["compartments.module.pressure"] == table.units["other_thermal.pressure.module"] == "Pa"
    assert table.units["reserve_time_sensitivity.temperature"] == "1"
    assert table.label_of("event_1_at") == "close module at"
    with pytest.raises(ResultError, match="the table is of cabins; the text of their case is attributes"):
        _ = table.case


def test_the_table_opens_elsewhere(table: SweepTable, folder: Path) -> None:
    frame = table.to_pandas()
    assert len(frame) == len(DIAMETERS) * len(DELAYS)
    found = table.to_xarray()["reserve_time"]
    assert found.sel(leak_hole_diameter=8e-3, event_1_at=60.0).item() == table.column("reserve_time")[1, 0]
    with (folder / "case.sweep" / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["reserve_time [s]"]) for row in rows] == table.column("reserve_time").ravel().tolist()


# ---- one machinery ----


def test_bits_do_not_depend_on_the_workers(folder: Path, tmp_path: Path, here: Here) -> None:
    path = written(tmp_path)
    sweep(load_cabin(path))
    assert len(here.tasks) == len(DIAMETERS) * len(DELAYS)
    assert table_bytes(tmp_path / "case.sweep") == table_bytes(folder / "case.sweep")


def test_nothing_is_computed_twice(tmp_path: Path, here: Here) -> None:
    told = Told()
    found = sweep(load_cabin(written(tmp_path, SHORT)), watch=told)
    assert (found.counts, found.solved, found.kind, found.complete) == ({"computed": 2}, 2, "cabin", True)
    assert (found.law, found.why_no_law, found.failures) == (None, "", {})
    before = table_bytes(tmp_path / "case.sweep")
    sweep(load_cabin(written(tmp_path, SHORT)))
    assert len(here.tasks) == 2
    assert table_bytes(tmp_path / "case.sweep") == before
    sweep(load_cabin(written(tmp_path, SHORT.replace('"64 mm"', '"64 mm", "90 mm"'), title="more")))
    assert len(here.tasks) == 3, "a title and a further value leave what is known"
    assert 'diameter = "0.09 m"' in here.tasks[-1].text or "90 mm" in here.tasks[-1].text


def test_a_stopped_sweep_goes_on(tmp_path: Path, here: Here) -> None:
    path = written(tmp_path)
    asked = iter([None, None, "enough", "enough"])
    found = sweep(load_cabin(path), stop=lambda: next(asked, "enough"))
    assert found.stopped == "enough"
    assert found.counts["not computed"] > 0
    done = len(here.tasks)
    whole = sweep(load_cabin(path))
    assert whole.complete
    assert len(here.tasks) <= len(DIAMETERS) * len(DELAYS) + done - found.counts["computed"]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_a_killed_sweep_goes_on(folder: Path, tmp_path: Path) -> None:
    path = written(tmp_path)
    points = tmp_path / "case.sweep" / "points"
    with sweeping(path, "--workers=1") as process:
        wait_until(lambda: points.is_dir() and any(one.suffix == ".h5" for one in points.iterdir()))
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL
    before = {one: one.stat().st_mtime_ns for one in points.glob("*.h5")}
    with sweeping(path, "--workers=2") as process:
        assert process.wait(PATIENCE) == 0
    assert table_bytes(tmp_path / "case.sweep") == table_bytes(folder / "case.sweep")
    assert sum(one.stat().st_mtime_ns != at for one, at in before.items()) <= 1


def test_cabins_are_not_merged(tmp_path: Path) -> None:
    """Volumes and holes in proportion have the same pressures; yet each case is its own solution."""
    text = case_text(
        '[sweep]\nmode = "paired"\n"leak.hole.diameter" = ["10 mm", "20 mm"]\n'
        '"compartment.station.volume" = ["100 m3", "400 m3"]\n'
        '"compartment.module.volume" = ["50 m3", "200 m3"]\n'
    )
    plan = make_plan(parse_cabin(text))
    assert len(plan.solutions) == 2
    assert not any(solution.parents for solution in plan.solutions.values())


def digests(*overrides: str) -> list[str]:
    return [point.digest for point in make_plan(parse_cabin(case_text(SHORT), overrides=overrides)).points]


def test_what_names_a_cabin() -> None:
    plain = digests()
    assert len(set(plain)) == 2
    for same in ("title=other", "output.file=other.h5", "limit.evacuation.source=nobody"):
        assert digests(same) == plain, same
    for other in (
        "run.tolerance=1e-8",
        "event.1.at=2 min",
        "thermal=adiabatic",
        "limit.evacuation.pressure=500 mmHg",
    ):
        assert not set(digests(other)) & set(plain), other


# ---- points that fail ----

FITTED = """\
gas = "air"
thermal = "isothermal"
[outside]
pressure = "100 mmHg"
temperature = "295 K"
[compartment]
a = { volume = "70 m3", pressure = "760 mmHg", temperature = "295 K" }
[leak]
x = { from = "a", kind = "table", file = "table.h5", diameter = "5 mm" }
[run]
end_time = "6 h"
[sweep]
"outside.pressure" = ["100 mmHg", "300 mmHg"]
"""


@pytest.fixture(scope="module")
def fitted_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with the law of thin holes between pressure ratios of 0.1 and 0.7."""
    ratios = np.linspace(0.1, 0.7, 8)
    samples = [FlowSample(ratio, 0.0, 1.4, 0.83 - 0.1 * ratio, 1e-3) for ratio in ratios]
    axis = TableAxis("point", np.arange(8), "", "point")
    law = fit_law(samples, HoleShape("round")).to_mapping()
    path = tmp_path_factory.mktemp("fitted") / "table.h5"
    write_table(path, SweepTable((axis,), {}, {"case": ""}, law))
    return path


def test_points_without_a_case_or_an_answer(tmp_path: Path, here: Here) -> None:
    """A pressure below that at the start, a value out of its range: each is a row with its reason."""
    text = SHORT.replace('"64 mm"]', '"0 mm"]')
    found = sweep(load_cabin(written(tmp_path, text)))
    assert found.counts == {"computed": 1, "failed": 1}
    error = 'leak.hole.diameter = "0 m": must be more than 0 m and at most 10 m'
    assert found.failures[1].startswith('leak.hole.diameter = "0 '), error
    table = found.table
    assert table.column("status").tolist() == ["computed", "failed"]
    assert np.isnan(table.column("reserve_time")[1])
    assert (table.column("result")[1], table.column("reserve_limit")[1]) == ("", "")


def test_a_law_that_ends_fails_its_point_alone(tmp_path: Path, here: Here, fitted_table: Path) -> None:
    shutil.copy(fitted_table, tmp_path / "table.h5")
    (tmp_path / "case.toml").write_text(FITTED)
    found = sweep(load_cabin(tmp_path / "case.toml"))
    assert found.counts == {"computed": 1, "failed": 1}
    assert found.failures[1].startswith("leak.x: its law does not hold at ")
    again = sweep(load_cabin(tmp_path / "case.toml"))
    assert again.failures == found.failures
    assert len(here.tasks) == 2, "a failure that would come again is kept"
    (tmp_path / "table.h5").write_bytes((tmp_path / "table.h5").read_bytes() + b"\0")
    plan = make_plan(load_cabin(tmp_path / "case.toml"))
    assert not {task.solution for task in here.tasks} & plan.solutions.keys(), "the table is part of the name"


# ---- what people see ----


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = str(folder / "case.toml")
    assert main(["sweep", case, "--dry-run", "--workers", "2"]) == 0
    assert capsys.readouterr().out == (
        "leak.hole.diameter: 2 mm, 8 mm, 64 mm (3)\nevent.1.at: 1 min, 1 h (2)\n"
        "  points    6\n  cabins    6\n  to solve  0: the ledger has every cabin\n"
        f"  folder    {folder}/case.sweep\n"
    )
    assert main(["sweep", case, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["points"], found["cabins"], found["counts"]) == (6, 6, {"computed": 6})
    assert main(["show", str(folder / "case.sweep" / "table.h5")]) == 0
    lines = capsys.readouterr().out.splitlines()
    words = " ".join(lines[1].split())
    assert words.startswith("leak hole diameter close module at reserve time 90 % from to station at the end")
    assert lines[2].split() == ["mm", "min", "h", "h", "h", "mmHg", "mmHg"]
    assert lines[3].split() == ["2", "1", "17.61", "16", "19.39", "759.9", "490", "computed"]


def test_commands_beside_it_take_the_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = str(folder / "case.toml")
    assert main(["check", case]) == 0
    assert '"leak.hole.diameter" = ["2 mm", "8 mm", "64 mm"]' in capsys.readouterr().out
    assert main(["cabin", case, "-o", str(folder / "one.h5"), "--quiet"]) == 0
    assert "evacuation" in capsys.readouterr().out
    point = read_table(folder / "case.sweep" / "table.h5").column("result")[0, 0]
    assert main(["show", str(folder / "case.sweep" / point)]) == 0
    assert "evacuation" in capsys.readouterr().out


def test_a_report(folder: Path, tmp_path: Path) -> None:
    from breachflow.report.write import write_report

    files = write_report(folder / "case.sweep" / "table.h5", tmp_path / "report")
    assert sorted(path.name for path in files if path.suffix == ".png") == [
        "end_pressures.png",
        "reserve_time.png",
    ]
    page = files[0].read_text("utf-8")
    for words in ("time until evacuation", "close module at 1 min", "station at the end", "6 computed"):
        assert words in page, words
    for words in ("discharge coefficient", ">nan", "NOT CONVERGED"):
        assert words not in page, words


def test_data_are_shown_beside_flows_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(folder / "case.sweep" / "table.h5"), "--data", "x.csv"]) == 2
    assert "--data x.csv: measured data are shown beside flows; " in capsys.readouterr().err


def test_python(folder: Path) -> None:
    found = breachflow.sweep(breachflow.load_cabin(folder / "case.toml"))
    assert found.counts == {"computed": 6}
    with pytest.raises(
        CaseError, match=r"has no table \[sweep\], the keys to sweep; write e.g. \"leak.puncture"
    ):
        breachflow.sweep(breachflow.load_cabin(SHIPPED.parents[2] / "cabin" / "mir_spektr" / "case.toml"))


def test_a_report_of_names(tmp_path: Path, here: Here) -> None:
    """Where no number is swept, a row for each name: which compartment leaks, by thermal model."""
    from breachflow.report.write import write_report

    names = '[sweep]\n"leak.hole.from" = ["module", "station"]\nthermal = ["isothermal", "adiabatic"]\n'
    table = sweep(load_cabin(written(tmp_path, names))).path
    files = write_report(table, tmp_path / "report")
    assert [path.name for path in files] == ["report.html", "reserve_by_name.png", "reserve_by_name.svg"]
    page = files[0].read_text("utf-8")
    assert "Time until evacuation by leak hole from" in page
    assert "Lines: thermal adiabatic; thermal isothermal." in page
