"""Sweeps whose processes are killed at random instants: answers are kept, and the rest is computed later.

The reference is a sweep that nothing interrupted: the table must be the same, byte for byte.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_sweeps import FLOWS, MANY_WALLS, Here, run_sweep, swept, table_bytes, written
from sweep_processes import (
    AFTERLIFE,
    PATIENCE,
    are_gone,
    solved_files,
    spied,
    sweeping,
    wait_until,
    workers_of,
)

from breachflow.results.files.tables import read_table
from breachflow.sweeps.ledger import Claim, Ledger
from tally import tally

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    return written(tmp_path, swept(MANY_WALLS))


def kill_whole(process: subprocess.Popen[str]) -> None:
    """Kill the sweep alone; its workers must end by themselves."""
    workers = workers_of(process)
    process.kill()
    process.wait()
    wait_until(lambda: are_gone(workers), AFTERLIFE)


def kill_one(process: subprocess.Popen[str], chance: random.Random) -> None:
    """Kill a worker, which may have ended before."""
    if workers := workers_of(process):
        os.kill(chance.choice(workers), signal.SIGKILL)


def assert_is_whole(leak: Path, whole: Path) -> None:
    folder = leak.parent / "leak.sweep"
    assert table_bytes(folder) == table_bytes(whole / "leak.sweep")
    assert sorted(path.name for path in (folder / "points").iterdir()) == sorted(
        path.name for path in (whole / "leak.sweep" / "points").iterdir()
    )
    assert list((folder / "owners").iterdir()) == []


@pytest.mark.slow
def test_a_sweep_that_is_killed_again_and_again(leak: Path, whole: Path) -> None:
    """Kill the sweep soon after its start, and each time after some more solutions."""
    chance, folder = random.Random(5), leak.parent / "leak.sweep"
    for files in (0, 5):
        with sweeping(leak, "--workers=2") as process:
            wait_until(lambda files=files: solved_files(folder) >= files)
            time.sleep(chance.uniform(0.0, 0.06 if files else 1.0))
            kill_whole(process)
        assert process.returncode == -signal.SIGKILL
        assert not (folder / "table.h5").exists()
    before = {path: path.stat().st_mtime_ns for path in (folder / "points").glob("*.vtkhdf")}
    assert 5 <= len(before) <= FLOWS
    with sweeping(leak, "--workers=1") as process:
        assert process.wait(PATIENCE) == 0
    assert_is_whole(leak, whole)
    changed = [path for path, written_at in before.items() if path.stat().st_mtime_ns != written_at]
    assert len(changed) <= 1  # the file of a solution existed before its record


@pytest.mark.slow
def test_a_sweep_whose_workers_are_killed(leak: Path, whole: Path) -> None:
    """Two workers are killed; a third death at the same task would end the sweep of this point."""
    chance, folder = random.Random(6), leak.parent / "leak.sweep"
    with sweeping(leak, "--workers=2") as process:
        wait_until(lambda: len(workers_of(process)) == 2)
        for files in (0, 5):
            wait_until(lambda files=files: solved_files(folder) >= files)
            time.sleep(chance.uniform(0.0, 0.1))
            kill_one(process, chance)
        assert process.wait(PATIENCE) == 0
    assert_is_whole(leak, whole)


@pytest.mark.slow
def test_a_flow_that_kills_its_workers_is_a_failed_point(tmp_path: Path) -> None:
    """The third of four tasks kills its workers; solutions that would start from it start without it."""
    log, walls = (
        tmp_path / "solved.txt",
        '"orifice.wall_thickness" = ["0.2 mm", "0.22 mm", "0.24 mm", "0.26 mm"]',
    )
    path = written(tmp_path, swept(walls))
    with sweeping(path, "--json", "--workers=1", **spied(log, deadly='"240 um"')) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 12
    reason = "its process was killed (signal 9), as when memory runs out, 3 times"
    assert f'"2": "{reason}"' in out
    assert err == "breachflow: error: 1 of 4 points failed; their errors are in " + (
        f"{tmp_path / 'leak.sweep' / 'table.h5'}\n"
    )
    table = read_table(tmp_path / "leak.sweep" / "table.h5")
    assert table.column("status").tolist() == ["converged", "converged", "failed", "converged"]
    assert table.column("error").tolist() == ["", "", reason, ""]
    begun = log.read_text().split()
    assert sorted(begun.count(flow) for flow in set(begun)) == [1, 1, 1, 3]


# ---- many more ----


def lifetime(leak: Path) -> float:
    began = time.monotonic()
    with sweeping(leak, "--workers=2") as process:
        assert process.wait(PATIENCE) == 0
    return time.monotonic() - began


@pytest.mark.slow
def test_kills_at_fifty_instants_of_a_sweep_s_life(tmp_path: Path, whole: Path, here: Here) -> None:
    """Half of the kills are of the sweep, which then continues in this process; half are of a worker."""
    chance = random.Random(20260301)
    life = lifetime(written(tmp_path / "whole", swept(MANY_WALLS)))
    killed = 0
    for number in range(50):
        leak = written(tmp_path / str(number), swept(MANY_WALLS))
        with sweeping(leak, "--workers=2") as process:
            time.sleep(life * (number + chance.random()) / 50.0)
            killed += process.poll() is None
            tally(kills=1)
            kill_whole(process) if number % 2 else kill_one(process, chance)
            process.wait()
        assert run_sweep(leak).complete
        assert_is_whole(leak, whole)
        with Ledger(leak.parent / "leak.sweep" / "ledger.sqlite") as ledger:
            assert {ledger.claim(path.stem) for path in leak.parent.glob("leak.sweep/points/*")} == {
                Claim.DONE
            }
    assert killed >= 40
