"""Schemes are registered once: a case can choose all schemes of the kernels and no others."""

from __future__ import annotations

import pytest

from breachflow.case import json_schema, schema
from breachflow.case.boundaries import KINDS, kinds_that
from breachflow.physics.boundary import BEHAVIORS, BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter


@pytest.mark.parametrize(("key", "enum"), [("flux", NumericalFlux), ("limiter", Limiter)])
def test_names_of_schemes(key, enum):
    offered = json_schema()["$defs"]["Numerics"]["properties"][key]
    assert offered["enum"] == [member.name.lower() for member in enum]
    assert offered["default"] == schema.Numerics().model_dump()[key]
    assert offered["default"] in offered["enum"]


def test_every_kind_of_boundary_has_a_behavior_and_every_behavior_a_kind():
    behaviors = {kind.behavior for kind in KINDS.values()}
    assert behaviors == set(BEHAVIORS) == {code.name.lower() for code in BehaviorCode}
    for kind in KINDS.values():
        assert (kind.transient_behavior or kind.behavior) in BEHAVIORS
        assert kind.passes == BEHAVIORS[kind.behavior].passes_mass


def test_what_the_kinds_of_boundary_do():
    assert kinds_that("passes") == ("reservoir", "vacuum", "outlet", "inflow", "extrapolate", "exact")
    assert kinds_that("drains") == ("vacuum", "outlet", "extrapolate")
    assert kinds_that("feeds") == ("reservoir", "inflow")
    assert kinds_that("mirrors") == ("symmetry", "axis")


@pytest.mark.parametrize("enum", [NumericalFlux, Limiter, BehaviorCode])
def test_codes_count_from_zero(enum):
    """The codes by which kernels choose a scheme."""
    assert [int(member) for member in enum] == list(range(len(enum)))
