"""Its place puts this folder on the import path, so that tests of all kinds share the modules here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edited_package import EditedPackage


@pytest.fixture
def one_thread() -> Iterator[None]:
    """For meshes so small that threads wait for each other more than they work."""
    from breachflow.compiled import set_threads

    before = set_threads(None)
    set_threads(1)
    yield
    set_threads(before)


@pytest.fixture
def edited_package(tmp_path: Path) -> Iterator[EditedPackage]:
    """A copy of the package that the test may edit."""
    package = EditedPackage(tmp_path / "edited")
    yield package
    package.close()
