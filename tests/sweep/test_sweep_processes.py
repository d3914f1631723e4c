"""Sweeps by processes: equal tables for any number of workers, and several sweeps that share the work."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
from small_sweeps import FLOWS, MANY_WALLS, POINTS, Here, run_sweep, swept, table_bytes, written
from sweep_processes import PATIENCE, are_gone, solved_files, spied, sweeping, wait_until, workers_of

from breachflow.results import read_result
from breachflow.results.files.tables import read_table

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    return written(tmp_path, swept(MANY_WALLS))


# ---- the same bytes ----


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--workers=1", "--threads=2"], ["--workers=3"]])
def test_any_number_of_workers_gives_the_same_bytes(leak: Path, whole: Path, options: list[str]) -> None:
    with sweeping(leak, "--quiet", *options) as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert table_bytes(leak.parent / "leak.sweep") == table_bytes(whole / "leak.sweep")
    if "--threads=2" in options:
        first = next((leak.parent / "leak.sweep" / "points").iterdir())
        assert read_result(first).provenance["threads"] == 2


def test_other_processes_give_the_same_bytes_as_this_one(leak: Path, whole: Path, here: Here) -> None:
    assert run_sweep(leak).complete
    assert len(here.tasks) == FLOWS
    assert table_bytes(leak.parent / "leak.sweep") == table_bytes(whole / "leak.sweep")


# ---- several sweeps at one ledger ----


@pytest.mark.slow
def test_two_sweeps_at_once_solve_each_flow_once(leak: Path, whole: Path, tmp_path: Path) -> None:
    log = tmp_path / "solved.txt"
    with ExitStack() as stack:
        both = [stack.enter_context(sweeping(leak, "--quiet", "--workers=1", **spied(log))) for _ in range(2)]
        ends = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [err for _, err in ends] == ["", ""]
    assert ends[0] == ends[1]
    begun = log.read_text().split()
    assert len(begun) == len(set(begun)) == FLOWS
    assert table_bytes(leak.parent / "leak.sweep") == table_bytes(whole / "leak.sweep")


@pytest.mark.slow
def test_a_sweep_whose_rival_is_killed_does_its_work_too(leak: Path, whole: Path, here: Here) -> None:
    folder = leak.parent / "leak.sweep"
    with sweeping(leak, "--quiet", "--workers=1") as rival:
        wait_until(lambda: solved_files(folder) >= 3)
        here.before = lambda _: rival.kill()
        assert run_sweep(leak).complete
        assert rival.wait(PATIENCE) == -signal.SIGKILL
    assert 0 < len(here.tasks) <= FLOWS - 3
    assert table_bytes(folder) == table_bytes(whole / "leak.sweep")


# ---- stopping ----


@pytest.mark.slow
def test_an_interrupt_ends_the_workers_too(leak: Path, whole: Path, here: Here) -> None:
    folder = leak.parent / "leak.sweep"
    with sweeping(leak, "--workers=2") as process:
        wait_until(lambda: solved_files(folder) >= 4)
        workers = workers_of(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 6
    assert len(workers) == 2
    assert are_gone(workers)
    statuses = read_table(folder / "table.h5").column("status").ravel().tolist()
    left = statuses.count("not computed")
    assert 0 < left < POINTS
    assert f"  points  {POINTS}: {POINTS - left} converged, {left} not computed" in out.splitlines()
    assert err.splitlines()[-1] == (
        f"breachflow: error: stopped (SIGINT) with {left} points to go; the same command goes on"
    )
    assert run_sweep(leak).complete
    assert table_bytes(folder) == table_bytes(whole / "leak.sweep")
