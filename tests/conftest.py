"""Workers, threads and compiled kernels of the tests; its place puts this folder on the import path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import example_counts  # noqa: F401  # its profile is there before the command line names it

if TYPE_CHECKING:
    from edited_package import EditedPackage

MOST_WORKERS = 8

# Set before numpy and numba are imported, here and in the workers. Tests need no more than two threads; those
# of linear algebra would only take the cores from the other workers.
os.environ.setdefault("NUMBA_NUM_THREADS", "2")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tally", type=Path, metavar="FILE", help="write what tests of promises count into FILE"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count what campaigns try, where a file for it is named."""
    path = config.getoption("--tally")
    if path is not None:
        from tally import TallyPlugin

        config.pluginmanager.register(TallyPlugin(path, hasattr(config, "workerinput")), "tally")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Number of workers: one for each core, none if files are named."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    if all(".py" in argument for argument in config.args):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS) if cores > 1 else 0


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the kernels of runs before several workers start; otherwise each worker would compile them."""
    if session.config.getoption("numprocesses", None) and "NUMBA_DISABLE_JIT" not in os.environ:
        from warm_kernels import compile_kernels

        compile_kernels()


def pytest_make_parametrize_id(val: object) -> str | None:
    """A member of an enumeration by its name, so that `-k hllc` chooses the tests of a flux."""
    return val.name.lower() if isinstance(val, Enum) else None


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Use one thread, for meshes so small that several threads are slower."""
    from breachflow.compiled import set_threads

    before = set_threads(None)
    set_threads(1)
    yield
    set_threads(before)


@pytest.fixture(scope="module")
def edited_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditedPackage]:
    """A copy of the package, which the tests of a module may edit."""
    from edited_package import EditedPackage

    package = EditedPackage(tmp_path_factory.mktemp("edited"))
    yield package
    package.close()
