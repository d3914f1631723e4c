"""Its place puts this folder on the import path, so that tests of all kinds share `flow_setup`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def one_thread() -> Iterator[None]:
    """For meshes so small that threads wait for each other more than they work."""
    from breachflow.compiled import set_threads

    before = set_threads(None)
    set_threads(1)
    yield
    set_threads(before)
