"""Small flows for the tests of this folder."""

from __future__ import annotations

import pytest
from pairs import Pair, cases


@pytest.fixture(scope="session", params=list(cases()), ids="-".join)
def pair(request):
    return Pair(*request.param)
