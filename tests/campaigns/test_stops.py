"""Commands that are stopped at random instants from their start to their end: how long each takes to stop."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from breachflow.shipped import root
from campaigns.campaign import rounds
from cases.test_kept_iterations import HOLE
from tally import tally, tally_most

SEED: Final = 20261130

STOPS: Final = 100
"""Of a full campaign, of each kind of run; a third of it of each other command."""

SOON: Final = 1.0
"""s of processor time in which nearly all stop."""

MOST_LATE: Final = 0.05
"""Share of the stops that may take longer."""

UNSEEN: Final = 0.1
"""s of processor time that a process may use while it is interrupted; an interrupt is sent anew where this
test itself was held up meanwhile, and measured the machine."""

FINE: Final = HOLE.replace("across = 8", "across = 96")
"""A mesh that takes a second."""

TICKS: Final = os.sysconf("SC_CLK_TCK")

WAITING: Final = os.WEXITED | os.WNOHANG | os.WNOWAIT


class Task(NamedTuple):
    """A command, what it needs in its folder, and how often it is stopped."""

    words: tuple[str, ...]
    case: str = ""
    prepare: Callable[[Path], object] = lambda _: None
    made: str = ""
    """What is removed before each round."""
    stops: int = STOPS // 3


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    seconds: float
    """Processor time of it and of its children, after the signal."""
    said: str
    unseen: float
    """Processor time while the signal was sent."""


def _shipped(name: str) -> Callable[[Path], object]:
    """Copy a shipped case into the folder."""
    return lambda folder: shutil.copytree(root() / "cases" / name, folder / "shipped", dirs_exist_ok=True)


def _made_by(*words: str) -> Callable[[Path], object]:
    """Run a command first, whose file the task reads."""
    return lambda folder: run(folder, words, None)


def _long_record(folder: Path) -> None:
    """A day of readings each second."""
    lines = [f"{i},{745 - 2e-4 * i + 0.05 * (i * 7919 % 13 - 6):.2f}" for i in range(86_400)]
    (folder / "record.csv").write_text("\n".join(["time [s],pressure [mmHg]", *lines, ""]))


RUN: Final = ("run", "--threads", "1", "case.toml", "--fresh", "--quiet")
SNAPSHOTS: Final = f'{HOLE}\n[run]\nmode = "transient"\nend_time = "60 us"\n[output]\nsnapshots = 4\n'
SWEPT: Final = f'{HOLE}\n[sweep]\n"orifice.wall_thickness" = ["0.4 mm", "1 mm", "2 mm"]\n'
STATION: Final = (root() / "cases" / "cabin" / "station" / "case.toml").read_text(encoding="utf-8")
RESULT: Final = _made_by("run", "--threads", "1", "case.toml", "-o", "result.h5", "--quiet")

TASKS: Final = {
    "steady": Task(RUN, HOLE, stops=STOPS),
    "transient": Task(RUN, SNAPSHOTS, stops=STOPS),
    "cabin": Task(("cabin", "case.toml", "--fresh", "--quiet"), STATION, stops=STOPS),
    "sweep": Task(("sweep", "case.toml", "--workers", "1", "--quiet"), SWEPT, made="case.sweep"),
    "report": Task(("report", "result.h5"), HOLE, RESULT, made="result.report"),
    "report of a sweep": Task(("report", "shipped/law.h5", "-o", "made"), "", _shipped("sweep/crack")),
    "infer": Task(("infer", "record.csv", "--volume", "60 m3"), "", _long_record),
    "locate": Task(("locate", "shipped"), "", _shipped("locate/russian_segment")),
    "mesh": Task(("mesh", "case.toml", "-o", "mesh.vtu"), FINE),
    "check": Task(("check", "case.toml"), FINE),
    "validate": Task(("validate", "--fast", "shipped"), "", _shipped("orifice/slit")),
}


def processor_time(pid: int) -> float:
    """Processor time of a process, of its children that have ended, and of those that live, s."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return 0.0
    return sum(map(int, words[11:15])) / TICKS + sum(processor_time(int(child)) for child in children)


def _heed() -> None:
    """In the child: shells start what runs in the background deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(folder: Path, words: tuple[str, ...], at: float | None) -> Ended:
    """Run a command in a folder; interrupt it once it has used `at` seconds of processor time."""
    command = [sys.executable, "-m", "breachflow", *words]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=said, preexec_fn=_heed
        )
        used = unseen = 0.0
        while at is not None and used < at and os.waitid(os.P_PID, process.pid, WAITING) is None:
            time.sleep(0.002)
            used = processor_time(process.pid)
        if at is not None:
            os.kill(process.pid, signal.SIGINT)  # Popen would wait for it
            unseen = processor_time(process.pid) - used
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    total = usage.ru_utime + usage.ru_stime
    return Ended(process.returncode, total - used, (folder / "said").read_text(), unseen)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads processor times in /proc")
@pytest.mark.parametrize("name", TASKS)
def test_a_run_stops_soon_at_any_instant(name: str, tmp_path: Path) -> None:
    """Each ends with the code of a stop, or is done; the interpreter itself answers before it has begun."""
    task = TASKS[name]
    (tmp_path / "case.toml").write_text(task.case, encoding="utf-8")
    task.prepare(tmp_path)
    run(tmp_path, task.words, None)  # compiles
    whole = _round(tmp_path, task, None)
    assert whole.code in (0, 7), whole.said
    chance, late, wrong = random.Random(SEED), [], []
    for _ in range(rounds(task.stops)):
        at = chance.uniform(0.0, whole.seconds)
        while (ended := _round(tmp_path, task, at)).unseen > UNSEEN:
            pass
        tally(stops=1, late=ended.seconds > SOON)
        tally_most(longest=ended.seconds)
        if ended.seconds > SOON:
            late.append(
                f"{ended.seconds:.2f} s after {at:.2f} s of {whole.seconds:.2f} s: {ended.said[-200:]}"
            )
        if ended.code not in (0, 6, 7, -signal.SIGINT, 1) or "fault of breachflow" in ended.said:
            wrong.append(f"code {ended.code} after {at:.2f} s: {ended.said[-300:]}")
    print(f"{name}: {whole.seconds:.2f} s", late, wrong)
    assert wrong == []
    assert len(late) <= MOST_LATE * rounds(task.stops), late


def _round(folder: Path, task: Task, at: float | None) -> Ended:
    if task.made:
        shutil.rmtree(folder / task.made, ignore_errors=True)
    return run(folder, task.words, at)
