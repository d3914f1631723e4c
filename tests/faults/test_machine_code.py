"""Machine code on disk: damaged, of others, in folders that do not serve; stops while it is made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from breachflow import compiled
from breachflow.compiled import kernel
from breachflow.machine_code import folder as code_folder
from breachflow.machine_code.folder import CACHE_VARIABLE, CodeCache, folder_for

DIGEST = "0123456789abcdef"


def twice(number: float) -> float:
    return 2.0 * number


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which kernels of this test keep their machine code."""
    monkeypatch.setattr(compiled, "code_cache", lambda: CodeCache(str(tmp_path), ""))
    compiled._tell_of_damage.cache_clear()
    return tmp_path


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="nothing is compiled")
@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [truncated, emptied, flipped])
def test_damaged_code_is_compiled_again(
    suffix: str, damage: Callable[[Path], None], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is said once; then the code is sound, and loaded."""
    assert kernel(twice)(21.0) == 42.0
    (path,) = folder.rglob(f"*.{suffix}")
    sound = path.read_bytes()
    damage(path)
    again = kernel(twice)
    assert (again(21.0), sum(again.stats.cache_hits.values())) == (42.0, 0)
    assert capsys.readouterr().err == (
        f"breachflow: machine code in {path.parent} is damaged; it is compiled again\n"
    )
    assert len(path.read_bytes()) == len(sound)
    last = kernel(twice)
    assert (last(21.0), sum(last.stats.cache_hits.values())) == (42.0, 1)
    assert capsys.readouterr().err == ""


# ---- places ----


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home and a folder of temporary files."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(CACHE_VARIABLE, "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return tmp_path


def test_the_usual_place(places: Path) -> None:
    assert folder_for(DIGEST) == (str(places / "home/.cache/breachflow" / DIGEST), "")
    assert list((places / "temporary").iterdir()) == []


def shared_folder(places: Path) -> Path:
    return places / "temporary" / f"breachflow-{os.getuid()}"


def no_home(places: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """As in a container that runs as a user whom nobody knows."""

    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", fail)
    return "the cache cannot hold machine code (there is no home folder)"


def a_file(places: Path, _: pytest.MonkeyPatch) -> str:
    (places / "home/.cache").touch()
    return f"{places}/home/.cache/breachflow cannot hold machine code (Not a directory)"


def open_to_others(places: Path, _: pytest.MonkeyPatch) -> str:
    folder = places / "home/.cache/breachflow" / DIGEST
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    return f"{folder.parent} cannot hold machine code (others may write to it)"


def of_another(places: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder of temporary files must not be another's either."""
    (places / "home/.cache").touch()
    monkeypatch.setattr(code_folder, "_user", lambda: "another")
    folder = places / "temporary/breachflow-another"
    folder.mkdir()
    folder.chmod(0o777)
    return f"{places}/home/.cache/breachflow cannot hold machine code (Not a directory)"


def full(places: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(code_folder, "CACHE_SIZE", float("inf"))
    return f"{places}/home/.cache/breachflow cannot hold machine code (its disk is full)"


@pytest.mark.parametrize("fault", [no_home, a_file, open_to_others])
def test_where_the_usual_place_does_not_serve_later_runs_find_the_code_too(
    fault: Callable[[Path, pytest.MonkeyPatch], str], places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = fault(places, monkeypatch)
    shared = shared_folder(places)
    assert folder_for(DIGEST) == (str(shared / DIGEST), f"{said}: it is kept in {shared}")
    assert shared.stat().st_mode & 0o777 == 0o700
    assert os.environ[CACHE_VARIABLE] == str(shared)  # for processes that this one starts
    assert folder_for(DIGEST) == (str(shared / DIGEST), "")


@pytest.mark.parametrize("fault", [of_another, full])
def test_where_no_place_serves_the_code_is_lost_at_the_end(
    fault: Callable[[Path, pytest.MonkeyPatch], str], places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = fault(places, monkeypatch)
    found = folder_for(DIGEST)
    assert found.trouble == f"{said}: it is lost when this run ends"
    assert Path(found.folder).parent.name.startswith("breachflow-")
    assert Path(found.folder).parent.stat().st_mode & 0o777 == 0o700


def test_only_folders_of_machine_code_are_dropped(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user may name a folder that holds other things."""
    named = places / "home"
    monkeypatch.setenv(CACHE_VARIABLE, str(named))
    old = time.time() - 100.0 * 86400.0
    for name in ("thesis", "fedcba9876543210", "fedcba987654321g"):
        (named / name).mkdir()
        os.utime(named / name, (old, old))
    (named / "0000000000000000").symlink_to(named / "thesis")
    folder_for(DIGEST)
    kept = {entry.name for entry in named.iterdir()}
    assert kept == {DIGEST, "thesis", "fedcba987654321g", "0000000000000000"}


# ---- stops ----


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline, "what was awaited did not happen"
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")
@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="nothing is compiled")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_ends_at_once_while_kernels_are_compiled(tmp_path: Path, number: signal.Signals) -> None:
    """With the processes that compile; also where nobody is left to end them."""
    case = Path(__file__).parents[2] / "cases" / "orifice" / "slit" / "case.toml"
    command = [sys.executable, "-m", "breachflow", "run", str(case), "-o", f"{tmp_path}/result.h5", "--quiet"]
    environment = {**os.environ, CACHE_VARIABLE: str(tmp_path / "cold")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: len(children(process.pid)) == 2)
        compilers = children(process.pid)
        process.send_signal(number)
        _, said = process.communicate()
    if number is signal.SIGTERM:
        assert process.returncode == 6
        assert said.endswith("stopped while the kernels were compiled (SIGTERM); nothing was written\n")
    wait_for(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in compilers))
    assert not (tmp_path / "result.h5").exists()
