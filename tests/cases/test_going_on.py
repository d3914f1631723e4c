"""Runs that are stopped or killed go on from their checkpoint and end on the same bits."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import ResultError, UsageError
from breachflow.mesh.files.write import write_mesh
from breachflow.results import Result, read_result
from breachflow.results.checkpoint import pair
from breachflow.results.checkpoint.pair import checkpoint_paths, has_checkpoint
from breachflow.runs.progress import Progress
from breachflow.runs.run import run
from breachflow.runs.setup.cost import disk
from breachflow.runs.solve import transient
from cases.plates import case_text, cut, plate
from cases.test_kept_iterations import HOLE, VORTEX
from tally import tally

CASES = {
    "steady": (HOLE, []),
    "steady into vacuum": (HOLE, ['boundary.space={kind="vacuum"}']),
    "transient": (HOLE, ["run.mode=transient", "run.end_time=20 us", "output.snapshots=3"]),
    "verification": (VORTEX, ["mesh.levels=1", "run.end_time=1 ms"]),
}

STEPS = {"steady": 30, "steady into vacuum": 30, "transient": 150, "verification": 40}
"""Most steps between two stops."""

AFTER_KILL = """
import sys
from breachflow.results.checkpoint import pair
from breachflow.runs.solve import transient
pair.INTERVAL, pair.LARGEST_COST, transient.PULSE = 0.0, float("inf"), 0.0
from breachflow.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""`breachflow` with a checkpoint after every step."""

KILLS = 25
"""Of runs of a kind, at least."""


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(pair, "INTERVAL", 0.0)
    monkeypatch.setattr(pair, "LARGEST_COST", np.inf)
    monkeypatch.setattr(transient, "PULSE", 0.0)  # so that a transient run asks after every step


def case_of(name: str, folder: Path, *more: str) -> Case:
    text, overrides = CASES[name]
    return parse_case(text, path=folder / "case.toml", overrides=[*overrides, *more])


def contents(result: Result) -> dict[str, Any]:
    """All that a run has computed, but how long it took."""
    times = range(len(result.snapshots))
    fields = [result.snapshots[i].fields for i in times] or [result.fields]
    found = {
        f"{i} {name}": one.values.tobytes() for i, some in enumerate(fields) for name, one in some.items()
    }
    found |= {name: one.value for name, one in result.summary.items() if name != "wall_time"}
    found |= {f"row {name}": column.values.tobytes() for name, column in result.history.items()}
    for probe, columns in result.probes.items():
        found |= {f"{probe} {name}": column.values.tobytes() for name, column in columns.items()}
    return found


def differing(one: Result, other: Result) -> list[str]:
    ours, theirs = contents(one), contents(other)
    assert set(ours) == set(theirs)
    return [name for name in ours if repr(ours[name]) != repr(theirs[name])]


def stopped_again_and_again(case: Case, chance: random.Random, steps: int) -> tuple[Result, int]:
    """A run that is stopped after a random number of steps each time; its result, and how often."""
    for stops in count():
        calls, last = count(1), chance.randint(1, steps)
        result = run(
            case, threads=1, stop=lambda calls=calls, last=last: "so" * (next(calls) >= last) or None
        )
        if not has_checkpoint(case.result_path):
            return result, stops
    raise AssertionError


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow if one == "verification" else ()) for one in CASES]
)
def test_a_run_stopped_at_random_steps_ends_on_the_same_bits(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transient, "PULSE", 0.0)
    whole = run(case_of(name, tmp_path, "output.file=whole.h5"), threads=1)
    parts, stops = stopped_again_and_again(case_of(name, tmp_path), random.Random(name), STEPS[name])
    tally(stops=stops)
    assert stops > 1
    assert differing(whole, parts) == []
    names = {entry.name for entry in tmp_path.iterdir()}
    assert names <= {"whole.h5", "whole.h5.steps", "result.vtkhdf", "result.steps"}


def test_a_run_with_a_held_part_ends_on_the_same_bits(tmp_path: Path) -> None:
    text = case_text(cut(plate()), tmp_path, 'diameter = "2 mm", wall_thickness = "1 mm"')
    case = parse_case(
        text, path=tmp_path / "case.toml", overrides=["flow.model=inviscid", "run.max_iterations=100"]
    )
    whole = run(case, output=tmp_path / "whole.h5", threads=1)
    assert whole.summary["held"].value
    parts, stops = stopped_again_and_again(case, random.Random(1), 30)
    tally(stops=stops)
    assert stops > 3
    assert differing(whole, parts) == []


def is_over(folder: Path, name: str, seconds: float | None = None) -> bool:
    """Run a case, and kill it after some seconds; whether it was over before."""
    text, overrides = CASES[name]
    (folder / "case.toml").write_text(text)
    sets = [part for one in overrides for part in ("--set", one)]
    command = [sys.executable, "-c", AFTER_KILL, "run", str(folder / "case.toml"), "--quiet", *sets]
    environment = {**os.environ, "NUMBA_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            assert process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    return True


def kill_until_over(folder: Path, name: str, chance: random.Random, life: float) -> int:
    """Kill a run at random instants until one is over; how often. Later ones may live longer."""
    for kills in range(KILLS):
        if is_over(folder, name, chance.uniform(0.0, life * 1.1**kills)):
            return kills
    assert is_over(folder, name)
    return KILLS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["steady", "transient"])
def test_a_run_killed_at_random_instants_ends_on_the_same_bits(name: str, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    began = time.monotonic()
    assert is_over(tmp_path / "whole", name)
    whole, life = read_result(tmp_path / "whole" / "result.vtkhdf"), time.monotonic() - began
    chance, kills = random.Random(3), 0
    for number in count():
        folder = tmp_path / str(number)
        folder.mkdir()
        kills += kill_until_over(folder, name, chance, life)
        assert differing(whole, read_result(folder / "result.vtkhdf")) == []
        if kills >= KILLS:
            break
    tally(kills=kills, runs=number + 1)


def half(case: Case, steps: int = 5) -> list[Progress]:
    """Stop a run after some steps; what its watcher saw."""
    calls, seen = count(1), []
    run(case, threads=1, watch=seen.append, stop=lambda: "so" * (next(calls) >= steps) or None)
    return seen


def test_another_case_does_not_take_the_checkpoint(tmp_path: Path, always: None) -> None:
    """Neither goes it on from it, nor is the checkpoint lost."""
    case = case_of("steady", tmp_path)
    half(case)
    other = case.replace("boundary.space.pressure", "60 kPa", "numerics.order", 1)
    with pytest.raises(UsageError) as caught:
        run(other, threads=1)
    assert str(caught.value) == (
        f"{tmp_path}/result.vtkhdf.checkpoint-2: a run was stopped here, but its case is another one: "
        'boundary.space.pressure is "70 kPa", not "60 kPa", numerics.order is 2, not 1; finish that run, '
        "discard it with --fresh, or choose another output with -o"
    )
    assert has_checkpoint(case.result_path)
    assert run(other, threads=1, fresh=True).summary["converged"].value is True
    assert not has_checkpoint(case.result_path)


def test_keys_on_which_no_number_depends_may_change(tmp_path: Path, always: None) -> None:
    half(case_of("steady", tmp_path))
    seen = half(case_of("steady", tmp_path, "title=new", "run.wall_clock=1 h"), 1000)
    assert seen[0].note.startswith("goes on from result.vtkhdf.checkpoint-")


def test_other_sources_do_not_take_the_checkpoint(
    tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    half(case_of("steady", tmp_path))
    monkeypatch.setattr("breachflow.runs.kept.owner.source_digest", lambda: "0" * 16)
    with pytest.raises(UsageError, match=r"but it was written by breachflow \d.*, of other sources; finish"):
        run(case_of("steady", tmp_path), threads=1)


def test_of_two_checkpoints_the_sound_one_serves(tmp_path: Path, always: None) -> None:
    """Damaged are the last one, and then both: the watcher is told by name what is wrong."""
    case = case_of("steady", tmp_path)
    whole = run(case_of("steady", tmp_path, "output.file=whole.h5"), threads=1)
    half(case)
    paths = sorted(checkpoint_paths(case.result_path), key=lambda path: path.stat().st_mtime_ns)
    paths[1].write_bytes(paths[1].read_bytes()[:-1000])
    seen = half(case, 2)
    assert f"{paths[1]}: " in seen[0].note
    assert f"goes on from {paths[0].name}: mesh 1 of" in seen[0].note
    for path in paths:
        contents = bytearray(path.read_bytes())
        contents[len(contents) // 2] ^= 4
        path.write_bytes(contents)
    seen = half(case, 1000)
    assert seen[0].note.count("do not match the checksum") == 2
    assert seen[0].note.endswith("; the run starts over")
    assert differing(whole, read_result(case.result_path)) == []


def test_a_run_without_room_on_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "disk_usage", lambda _: SimpleNamespace(free=1e5))
    with pytest.raises(ResultError, match=r"result\.h5: the run needs at least 1 MB of disk and 1 MB are"):
        run(parse_case(HOLE), output=tmp_path / "result.h5", threads=1)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_a_file_of_another_program_is_not_replaced(tmp_path: Path) -> None:
    """Neither is the table of a sweep; a damaged result is: to run its case again restores it."""
    case = case_of("steady", tmp_path)
    with h5py.File(tmp_path / "result.vtkhdf", "w") as file:
        file["precious"] = 1.0
    with pytest.raises(ResultError, match="is no result of a run and is not replaced; remove it, or choose"):
        run(case)
    with h5py.File(tmp_path / "result.vtkhdf") as file:
        assert file["precious"][()] == 1.0
    (tmp_path / "result.vtkhdf").unlink()
    half(case)
    content = bytearray((tmp_path / "result.vtkhdf").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "result.vtkhdf").write_bytes(content)
    assert run(case, threads=1).summary["converged"].value is True


def test_a_run_may_start_from_an_earlier_result(tmp_path: Path) -> None:
    """Of another pressure, or of its own case with too few iterations: the answer is that of any other start.

    Coefficients agree to the tolerance of their convergence, 1e-6, twice.
    """
    case = case_of("steady", tmp_path)
    whole = run(case, threads=1)
    for name, change in (("near", 'boundary.cabin.pressure="98 kPa"'), ("short", "run.max_iterations=8")):
        start = run(case_of("steady", tmp_path, f"output.file={name}.h5", change), threads=1)
        found = run(case, output=tmp_path / "found.h5", threads=1, start=start.path)
        assert found.summary["converged"].value is True
        assert found.summary["iterations"].value < whole.summary["iterations"].value
        coefficients = [one.summary["discharge_coefficient"].value for one in (found, whole)]
        assert coefficients[0] == pytest.approx(coefficients[1], rel=2e-6)


def test_a_run_on_a_mesh_file_may_start_from_a_result_on_it(tmp_path: Path) -> None:
    text = case_text(plate(), tmp_path, 'diameter = "2 mm", wall_thickness = "1 mm"')
    case = parse_case(text, path=tmp_path / "case.toml", overrides=["flow.model=inviscid"])
    short = run(case.replace("run.max_iterations", 8), output=tmp_path / "short.h5", threads=1)
    whole, found = (run(case, output=tmp_path / "a.h5", threads=1, start=one) for one in (None, short.path))
    assert found.summary["converged"].value is True
    assert found.summary["iterations"].value < whole.summary["iterations"].value
    write_mesh(cut(plate()), tmp_path / "mesh.msh")
    with pytest.raises(UsageError, match=r"short\.h5: is no start for this case: its mesh is another one"):
        run(case, threads=1, start=short.path)


def test_what_is_no_start(tmp_path: Path) -> None:
    case = case_of("steady", tmp_path)
    result = run(case_of("steady", tmp_path, "run.max_iterations=2"), threads=1)
    changes = {
        "its gas is air, not helium": {"gas": "helium"},
        "its mesh does not correspond": {"mesh.resolution": {"across": 12}},
    }
    for message, change in changes.items():
        with pytest.raises(UsageError, match=f"result.vtkhdf: is no start for this case: {message}"):
            run(case.replace(change), output=tmp_path / "a.h5", start=result.path)
    with pytest.raises(UsageError, match="only a steady run without an exact solution starts from a result"):
        run(case_of("transient", tmp_path, "output.file=a.h5"), start=result.path)


def test_a_missing_snapshot_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transient, "PULSE", 0.0)
    case = case_of("transient", tmp_path)
    half(case, 100)
    (tmp_path / "result.steps" / "000000.h5").unlink()
    seen = half(case, 1)
    assert "000000.h5: this snapshot is missing" in seen[0].note
    assert "the run starts over" in seen[0].note


def test_a_run_goes_on_where_no_checkpoint_can_be_written(
    tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so once, and ends on its result."""

    def fail(*_: object) -> None:
        raise ResultError("no space left")

    monkeypatch.setattr(pair, "write_checkpoint", fail)
    seen: list[Progress] = []
    result = run(case_of("steady", tmp_path), threads=1, watch=seen.append)
    assert result.summary["converged"].value is True
    assert [one.note for one in seen if "checkpoint" in one.note] == ["no checkpoint: no space left"]
