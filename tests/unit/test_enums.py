"""Schemes are registered once: a case can choose all schemes of the kernels and no others."""

from __future__ import annotations

from typing import get_args

import pytest

from breachflow.case import json_schema, schema
from breachflow.case.boundaries import KINDS, kinds_that
from breachflow.case.exact import Exact
from breachflow.physics.boundary import BEHAVIORS, BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from breachflow.runs.setup.exact import _SOLUTIONS
from breachflow.runs.setup.gate import _likely_kind


@pytest.mark.parametrize(("key", "enum"), [("flux", NumericalFlux), ("limiter", Limiter)])
def test_names_of_schemes(key, enum):
    offered = json_schema()["$defs"]["Numerics"]["properties"][key]
    assert offered["enum"] == [member.name.lower() for member in enum]
    assert offered["default"] == schema.Numerics().model_dump()[key]
    assert offered["default"] in offered["enum"]


def test_every_kind_of_boundary_has_a_behavior_and_every_behavior_a_kind():
    tables = KINDS.values()
    behaviors = {name for kind in tables for name in (kind.behavior, kind.transient_behavior)} - {""}
    behaviors |= {kind.laminar_behavior for kind in tables if kind.laminar_behavior} | {"adiabatic_wall"}
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


def test_every_exact_solution_of_a_case_can_be_run():
    tables = get_args(get_args(Exact)[0])
    names = [get_args(table.model_fields["solution"].annotation)[0] for table in tables]
    assert names == list(_SOLUTIONS)


def test_a_patch_suggests_the_kind_that_it_is_named_after():
    """A kind with keys of its own, such as an outlet's pressure, is not suggested."""
    named = [kind for kind in KINDS if kind != "wall" and _likely_kind(kind) == kind]
    assert named == ["vacuum", "frictionless", "symmetry", "axis", "extrapolate", "exact"]
    assert _likely_kind("outlet") == _likely_kind("hull") == "wall"
