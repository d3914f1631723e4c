"""Schedulers of dask, for one test each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_processes import Cluster, running


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    with running(tmp_path) as cluster:
        yield cluster


@pytest.fixture
def strict_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler that gives a task up after the loss of one worker."""
    with running(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as cluster:
        yield cluster
