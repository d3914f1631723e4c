"""Runs that are stopped at random instants from their start to their end: how long each takes to stop."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from breachflow.shipped import root
from campaigns.campaign import rounds
from cases.test_kept_iterations import HOLE
from tally import tally, tally_most

SEED: Final = 20261130

STOPS: Final = 100
"""Of a full campaign, of each kind."""

SOON: Final = 1.0
"""s of processor time in which nearly all stop."""

MOST_LATE: Final = 0.05
"""Share of the stops that may take longer."""

CASES: Final = {
    "steady": HOLE,
    "transient": f'{HOLE}\n[run]\nmode = "transient"\nend_time = "60 us"\n[output]\nsnapshots = 4\n',
    "cabin": (root() / "cases" / "cabin" / "station" / "case.toml").read_text(encoding="utf-8"),
}

TICKS: Final = os.sysconf("SC_CLK_TCK")


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    seconds: float
    """Processor time of it and of its children, after the signal."""
    said: str


def processor_time(pid: int) -> float:
    """Processor time of a process and its children that have ended, s."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, words[11:15])) / TICKS


def _heed() -> None:
    """In the child: shells start what runs in the background deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(folder: Path, name: str, at: float | None) -> Ended:
    """Run the case in a folder; interrupt it once it has used `at` seconds of processor time."""
    words = ["cabin"] if name == "cabin" else ["run", "--threads", "1"]
    command = [sys.executable, "-m", "breachflow", *words, "case.toml", "--fresh", "--quiet"]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=said, preexec_fn=_heed
        )
        used = 0.0
        while at is not None and used < at and os.waitid(os.P_PID, process.pid, WAITING) is None:
            time.sleep(0.002)
            used = processor_time(process.pid)
        if at is not None:
            os.kill(process.pid, signal.SIGINT)  # Popen would wait for it
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    total = usage.ru_utime + usage.ru_stime
    return Ended(process.returncode, total - used, (folder / "said").read_text())


WAITING: Final = os.WEXITED | os.WNOHANG | os.WNOWAIT


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads processor times in /proc")
@pytest.mark.parametrize("name", CASES)
def test_a_run_stops_soon_at_any_instant(name: str, tmp_path: Path) -> None:
    """Each ends with the code of a stop, or is done; the interpreter itself answers before it has begun."""
    (tmp_path / "case.toml").write_text(CASES[name], encoding="utf-8")
    run(tmp_path, name, None)  # compiles
    whole = run(tmp_path, name, None)
    assert whole.code in (0, 7), whole.said
    chance, late, wrong = random.Random(SEED), [], []
    for _ in range(rounds(STOPS)):
        at = chance.uniform(0.0, whole.seconds)
        ended = run(tmp_path, name, at)
        tally(stops=1, late=ended.seconds > SOON)
        tally_most(longest=ended.seconds)
        if ended.seconds > SOON:
            late.append(f"{ended.seconds:.2f} s after {at:.2f} s of {whole.seconds:.2f} s")
        if ended.code not in (0, 6, 7, -signal.SIGINT, 1) or "fault of breachflow" in ended.said:
            wrong.append(f"code {ended.code} after {at:.2f} s: {ended.said[-300:]}")
    print(late, wrong)
    assert wrong == []
    assert len(late) <= MOST_LATE * rounds(STOPS), late
