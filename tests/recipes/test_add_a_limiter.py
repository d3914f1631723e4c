"""CONTRIBUTING's recipe for a limiter: one file in `physics/limiters`, and its name in the user guide."""

from __future__ import annotations

import json

import pytest

from edited_package import EditedPackage

SQUARED = "solver/breachflow/physics/limiters/squared.py"
GUIDE = "docs/user_guide.md"
CODE = '''"""The square of van Albada's limiter."""

from __future__ import annotations

from breachflow.compiled import pointwise


@pointwise
def limiter_squared(product: float, squares: float, threshold: float) -> tuple[float, float]:
    """(2 a b/(a^2 + b^2))^2 for a b > 0."""
    return max(2.0 * product + threshold, 0.0) ** 2, (squares + threshold) ** 2
'''
CASE = "cases/orifice/thick_wall/case.toml"
COMPARED = ("VAN_ALBADA", "SQUARED")


@pytest.fixture(scope="module")
def with_squared(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(SQUARED, CODE)
    assert edited_package.edited == {SQUARED}
    return edited_package


def factors() -> list[float]:
    """Factors of two limiters for jumps of 1 and 2."""
    from breachflow.physics.limiter import limiter_factor
    from breachflow.physics.limiters import Limiter

    return [limiter_factor(Limiter[name], 2.0, 1.0, 4.0, 0.0) for name in COMPARED]


def difference_of_residuals() -> float:
    """The largest difference between the residuals of one field with two limiters."""
    import sys

    sys.path[:0] = ["tests", "tests/unit"]
    from test_plain_python import residual

    from breachflow.physics.limiters import Limiter
    from flow_setup import DEFAULT_SCHEME

    one, other = (residual(DEFAULT_SCHEME._replace(limiter=int(Limiter[name]))) for name in COMPARED)
    return float(abs(other - one).max())


def test_a_limiter_is_offered_and_swept(with_squared: EditedPackage) -> None:
    assert '"squared"' in with_squared.breachflow("schema")
    case = with_squared.breachflow("check", CASE, "--set", "numerics.limiter=squared")
    assert 'limiter = "squared"' in case
    swept = '--set=sweep={ "numerics.limiter" = ["van_albada", "squared"] }'
    plan = json.loads(with_squared.breachflow("sweep", CASE, "--dry-run", "--json", swept, "-o", "out"))
    assert (plan["points"], plan["flows"]) == (2, 2)


def test_a_limiter_is_computed(with_squared: EditedPackage) -> None:
    """With jumps of 1 and 2 its factor is (4/5)^2, and the residual uses this factor."""
    assert with_squared.call(factors) == pytest.approx([0.8, 0.64], rel=1e-15)
    assert 1e-3 < with_squared.call(difference_of_residuals) < 1e3


@pytest.mark.slow
def test_a_limiter_is_tested_and_documented(with_squared: EditedPackage) -> None:
    """A test asks for the name in the guide; the properties of limiters are tested for the new one."""
    choice = ("tests/cases/test_documents.py", "-k", "choice and squared")
    with pytest.raises(AssertionError, match=r"test_guide_describes_every_choice\[squared\]"):
        with_squared.tests(*choice)
    with_squared.replace(GUIDE, '`"van_leer"`, `"none"` |', '`"van_leer"`, `"squared"`, `"none"` |')
    with_squared.tests(*choice)
    properties = ("tests/properties/test_limiters.py", "-k", "squared and (blind or extremum)")
    assert "2 passed" in with_squared.tests(*properties)
    assert with_squared.edited == {SQUARED, GUIDE}
