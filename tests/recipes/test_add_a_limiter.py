"""CONTRIBUTING's recipe for a limiter: one file in `physics/limiters`, and its name in the user guide."""

from __future__ import annotations

import json

import pytest

from breachflow.physics.limiters import Limiter

SQUARED = "solver/breachflow/physics/limiters/squared.py"
CODE = '''"""The square of van Albada's limiter."""

from __future__ import annotations

from breachflow.compiled import pointwise


@pointwise
def limiter_squared(product: float, squares: float, threshold: float) -> tuple[float, float]:
    """(2 a b/(a^2 + b^2))^2 for a b > 0."""
    return max(2.0 * product + threshold, 0.0) ** 2, (squares + threshold) ** 2
'''
CASE = "cases/verification/vortex/case.toml"
GUIDE_TEST = "tests/cases/test_documents.py"
FACTORS = """
from breachflow.physics.limiter import limiter_factor
from breachflow.physics.limiters import Limiter
print([limiter_factor(Limiter[name], 2.0, 1.0, 4.0, 0.0) for name in ("VAN_ALBADA", "SQUARED")])
"""
RESIDUALS = """
import sys
sys.path[:0] = ["tests", "tests/unit"]
import numpy
from flow_setup import DEFAULT_SCHEME
from test_plain_python import residual
from breachflow.physics.limiters import Limiter
found = [residual(DEFAULT_SCHEME._replace(limiter=int(Limiter[name]))) for name in ("VAN_ALBADA", "SQUARED")]
assert numpy.isfinite(found).all()
print(numpy.abs(found[1] - found[0]).max() > 1e-3)
"""


@pytest.fixture
def with_squared(edited_package):
    edited_package.append(SQUARED, CODE)
    return edited_package


def test_a_limiter_is_offered_and_computed(with_squared):
    """With jumps of 1 and 2 its factor is (4/5)^2, and the residual uses this factor."""
    factors = json.loads(with_squared.python(FACTORS, plain=True))
    assert factors == pytest.approx([0.8, 0.64], rel=1e-15)
    assert with_squared.python(RESIDUALS, plain=True) == "True\n"
    assert '"squared"' in with_squared.breachflow("schema")
    case = with_squared.breachflow("check", CASE, "--set", "numerics.limiter=squared")
    assert 'limiter = "squared"' in case


def test_a_limiter_is_tested_and_documented(with_squared):
    """A test asks for the name in the guide; the properties of limiters are tested for the new one."""
    with pytest.raises(AssertionError, match=r"test_guide_describes_every_choice\[squared\]"):
        with_squared.tests(GUIDE_TEST, "-k", "choice")
    with_squared.replace(
        "docs/user_guide.md", '`"van_leer"`, `"none"` |', '`"van_leer"`, `"squared"`, `"none"` |'
    )
    properties = ("tests/properties/test_limiters.py", "-k", "squared or blind")
    passed = 1 + len(Limiter) + 1  # the word in the guide; each limiter, and the new one
    assert f"{passed} passed" in with_squared.tests(GUIDE_TEST, *properties, plain=True)
    assert with_squared.edited == {SQUARED, "docs/user_guide.md"}
