"""These studies run on one thread: on meshes this small threads wait for each other more than they work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from breachflow.compiled import set_threads


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = set_threads(None)
    set_threads(1)
    yield
    set_threads(before)
