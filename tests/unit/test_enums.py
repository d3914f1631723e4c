"""A scheme is registered once: what the kernels know is what a case can ask for."""

from __future__ import annotations

import pytest

from breachflow.case import json_schema, schema
from breachflow.case.boundaries import KINDS, kinds_that
from breachflow.physics.boundary import BoundaryKind
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter

INTERNAL = {BoundaryKind.RESERVOIR_QUIET}
"""Chosen by the program for histories, never by a case."""

FED_AS_INFLOW = {"exact"}
"""A case's word for an inflow whose state is that of the exact solution."""


@pytest.mark.parametrize(("key", "enum"), [("flux", NumericalFlux), ("limiter", Limiter)])
def test_names_of_schemes(key, enum):
    offered = json_schema()["$defs"]["Numerics"]["properties"][key]
    assert offered["enum"] == [member.name.lower() for member in enum]
    assert offered["default"] == schema.Numerics().model_dump()[key]
    assert offered["default"] in offered["enum"]


def test_names_of_boundary_kinds():
    assert set(KINDS) - FED_AS_INFLOW == {kind.name.lower() for kind in BoundaryKind if kind not in INTERNAL}


def test_what_the_kinds_of_boundary_do():
    assert kinds_that("passes") == ("reservoir", "vacuum", "outlet", "inflow", "extrapolate", "exact")
    assert kinds_that("drains") == ("vacuum", "outlet", "extrapolate")
    assert kinds_that("feeds") == ("reservoir", "inflow")
    assert kinds_that("mirrors") == ("symmetry", "axis")


@pytest.mark.parametrize("enum", [NumericalFlux, Limiter, BoundaryKind])
def test_codes_count_from_zero(enum):
    """The kernels choose by these codes."""
    assert [int(member) for member in enum] == list(range(len(enum)))
