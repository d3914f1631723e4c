"""These studies run on one thread: on meshes this small threads wait for each other more than they work."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _on_one_thread(one_thread: None) -> None:
    """All of them."""
