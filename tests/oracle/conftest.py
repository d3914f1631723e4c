"""Flows that the oracle's tests share."""

from __future__ import annotations

import pytest
from pairs import Pair, cases


@pytest.fixture(scope="session", params=list(cases()), ids="-".join)
def pair(request):
    return Pair(*request.param)
