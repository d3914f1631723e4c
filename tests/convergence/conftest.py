"""Convergence studies run on one thread: on their small meshes several threads are slower."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _on_one_thread(one_thread: None) -> None:
    """Use one thread in all studies of this folder."""
