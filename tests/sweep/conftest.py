"""Sweeps that several tests use, each solved once, and workers within this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_sweeps import MANY_WALLS, SIZES_AND_WALLS, Here, run_sweep, swept, written
from sweep_processes import PATIENCE, sweeping

from breachflow.compiled import set_threads
from breachflow.sweeps.driver import SweepResources


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, one_thread: None) -> Here:
    """Workers of every sweep of the test."""
    workers = Here()
    monkeypatch.setattr(SweepResources, "start", workers.start)
    return workers


@pytest.fixture(scope="session")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a case `leak.toml` over sizes and walls, and of its sweep; not to be changed."""
    folder = tmp_path_factory.mktemp("grid")
    before = set_threads(None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SweepResources, "start", Here().start)
        run_sweep(written(folder, swept(SIZES_AND_WALLS)))
    set_threads(before)
    return folder


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a case over many walls, and of its sweep by two workers that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    with sweeping(written(folder, swept(MANY_WALLS)), "--workers=2") as process:
        assert process.wait(PATIENCE) == 0
    return folder


@pytest.fixture
def again(grid: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be changed."""
    import shutil

    return Path(shutil.copytree(grid, tmp_path / "again"))
