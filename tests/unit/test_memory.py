"""How much memory a run can have: the machine, its control groups, the limit of addresses."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from math import inf
from pathlib import Path

import pytest

from breachflow.case import parse_case
from breachflow.cli.main import main
from breachflow.errors import NotEnoughMemory
from breachflow.runs.setup import memory
from breachflow.runs.setup.cost.steady import BYTES_OF_PROGRAM
from breachflow.runs.setup.memory import FreeMemory, free_memory, require_memory
from breachflow.runs.setup.meshes import case_meshes, known_memory, memory_needed
from cases.test_kept_iterations import HOLE

MEMINFO = "MemTotal: 64000 kB\nMemFree: 1000 kB\nMemAvailable: 40000 kB\n"
MACHINE = FreeMemory(40_960_000.0, "of this machine")
GROUP = "of the container or batch job"


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in {"proc/meminfo": MEMINFO, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_a_machine_without_limits(tmp_path: Path) -> None:
    assert free_memory(written(tmp_path, {})) == MACHINE
    assert free_memory(tmp_path / "nothing").size == inf


@pytest.mark.parametrize(
    ("group", "free"),
    [("/", 7e6), ("/job", 2e6), ("/job/step", 2e6), ("/other", 7e6), ("/free", 7e6)],
)
def test_control_groups_of_version_2(group: str, free: float, tmp_path: Path) -> None:
    """The least of a group and of all above it."""
    files = {
        "proc/self/cgroup": f"0::{group}\n",
        "sys/fs/cgroup/memory.max": "9000000\n",
        "sys/fs/cgroup/memory.current": "2000000\n",
        "sys/fs/cgroup/job/memory.max": "5000000\n",
        "sys/fs/cgroup/job/memory.current": "3000000\n",
        "sys/fs/cgroup/job/step/memory.max": "max\n",
        "sys/fs/cgroup/job/step/memory.current": "3000000\n",
    }
    assert free_memory(written(tmp_path, files)) == (free, GROUP)


def test_control_groups_of_version_1(tmp_path: Path) -> None:
    """Without a limit it states a number near 2^63."""
    files = {
        "proc/self/cgroup": "5:cpu:/a\n4:memory:/a\n0::/\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": "5\n",
    }
    assert free_memory(written(tmp_path, files)) == MACHINE
    files["sys/fs/cgroup/memory/a/memory.limit_in_bytes"] = "3000000\n"
    files["sys/fs/cgroup/memory/a/memory.usage_in_bytes"] = "4000000\n"
    assert free_memory(written(tmp_path, files)) == (0.0, GROUP)


def test_a_limit_of_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path, {"proc/self/statm": "1000 500 300 1 0 200 0"})
    monkeypatch.setattr(resource, "getrlimit", lambda _: (10_000_000, 10_000_000))
    assert free_memory(root) == (10_000_000.0 - 1000 * resource.getpagesize(), "ulimit -v")


def test_a_run_that_needs_more_is_refused_before_its_meshes_are_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(memory, "free_memory", lambda: FreeMemory(3e8, "ulimit -v"))
    monkeypatch.setattr("breachflow.runs.run.case_meshes", None)
    assert main(["init"]) == 0
    assert main(["run", "breach", "--quiet", "--set", "mesh.resolution={across=320}"]) == 4
    said = capsys.readouterr().err
    assert "GB and 0.3 GB are free (ulimit -v): choose a coarser mesh ([mesh] resolution)" in said
    with pytest.raises(NotEnoughMemory):
        require_memory(1.1e9)


def test_what_is_known_before_is_what_is_needed() -> None:
    case = parse_case(
        'gas = "air"\norifice = { shape = "round", diameter = "2 mm", wall_thickness = "1 mm" }\n'
        '[boundary]\ncabin = { kind = "reservoir", pressure = "1 bar", temperature = "300 K" }\n'
        'space = { kind = "vacuum" }\n'
    )
    assert known_memory(case) == memory_needed(case_meshes(case))


@pytest.mark.slow
def test_the_estimate_is_within_a_fifth_of_the_peak(tmp_path: Path) -> None:
    """Of a mesh whose arrays take more than the program."""
    text = HOLE.replace("across = 8", "across = 128") + "\n[run]\nmax_iterations = 2\n"
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "breachflow", "run", "--quiet", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 7  # it cannot settle in so few iterations
    needed = memory_needed(case_meshes(parse_case(text)))
    assert needed > 2.0 * BYTES_OF_PROGRAM
    assert needed == pytest.approx(usage.ru_maxrss * 1024, rel=0.2)
