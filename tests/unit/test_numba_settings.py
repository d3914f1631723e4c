"""Variables of numba that it cannot use, and caches that cannot be written: one line, and nothing is left."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from breachflow.errors import UsageError
from breachflow.machine_code.settings import readable_settings, require_processor

START_THREADS = "from breachflow.compiled import set_threads; print(set_threads(1))"

BAD = [
    ("NUMBA_NUM_THREADS=many", "numba cannot read this value"),
    ("NUMBA_NUM_THREADS=0", "Number of threads specified must be > 0"),
    ("NUMBA_NUM_THREADS=100000", "at most 4096 threads"),
    ("NUMBA_THREADING_LAYER=pthreads", "The threading layer requested 'pthreads' is unknown to Numba"),
    ("NUMBA_CPU_NAME=abacus", "'abacus' is not a recognized processor for this target"),
    ("NUMBA_CPU_FEATURES=avx2", '"avx2" begins with neither + nor -'),
]


def started(code: str, *settings: str) -> subprocess.CompletedProcess[str]:
    """A Python process with variables in its environment."""
    environment = os.environ | dict(setting.split("=") for setting in settings)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(("setting", "reason"), BAD)
def test_a_setting_that_numba_cannot_use_is_named(setting: str, reason: str) -> None:
    last = started(START_THREADS, setting).stderr.splitlines()[-1]
    assert last.startswith(f"breachflow.errors.UsageError: {setting}: {reason}")
    assert last.endswith("; unset it, or give a value that numba takes here")


FORKED = """
import multiprocessing
from breachflow.compiled import set_threads
set_threads(1)
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.apply_async(set_threads, [1]).get(timeout=50))
"""


def test_the_fork_of_a_process_with_threads_is_told() -> None:
    """Its parent waited without end for a process that the library of its threads had ended."""
    last = started(FORKED).stderr.splitlines()[-1]
    assert last.startswith(
        "breachflow.errors.UsageError: this process is a fork of one that has computed, and"
    )


def test_features_that_the_processor_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CPU_FEATURES", "+sse2,+avx9")
    with pytest.raises(UsageError, match=r"NUMBA_CPU_FEATURES=\+sse2,\+avx9: this processor has no avx9;"):
        require_processor(object, {"sse2": True, "avx9": False})


def test_warnings_of_numba_about_other_things_pass() -> None:
    with pytest.warns(UserWarning, match="no GPU"):
        warn_while_it_is_imported("no GPU")


def warn_while_it_is_imported(message: str) -> None:
    with readable_settings():
        warnings.warn(message, UserWarning, stacklevel=1)


COMPILE = """
import subprocess, sys
from pathlib import Path
from breachflow.compiled import code_cache
print(code_cache().trouble)
Path(code_cache().folder, "code").touch()
child = "from breachflow.compiled import code_cache; print(code_cache().folder)"
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout.strip())
print(code_cache().folder)
"""


def test_a_cache_that_cannot_be_written_is_said_and_all_processes_share_another(tmp_path: Path) -> None:
    temporary, blocked = tmp_path / "temporary", tmp_path / "file"
    temporary.mkdir()
    blocked.touch()
    done = started(COMPILE, f"TMPDIR={temporary}", f"BREACHFLOW_CACHE_DIR={blocked}")
    trouble, of_child, own = done.stdout.splitlines()
    (shared,) = temporary.iterdir()
    assert trouble == f"{blocked} cannot hold machine code (Not a directory): it is kept in {shared}"
    assert own == of_child
    assert Path(own).parent == shared
