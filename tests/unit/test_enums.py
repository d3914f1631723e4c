"""A scheme is registered once: what the kernels know is what a case can ask for."""

from __future__ import annotations

from typing import get_args

import pytest

from breachflow.case import schema
from breachflow.physics.boundary import BoundaryKind
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter

INTERNAL = {BoundaryKind.RESERVOIR_QUIET}
"""Chosen by the program for histories, never by a case."""

FED_AS_INFLOW = {"exact"}
"""A case's word for an inflow whose state is that of the exact solution."""


@pytest.mark.parametrize(("key", "enum"), [("flux", NumericalFlux), ("limiter", Limiter)])
def test_names_of_schemes(key, enum):
    offered = get_args(schema.Numerics.model_fields[key].annotation)
    assert set(offered) == {member.name.lower() for member in enum}
    assert schema.Numerics().model_dump()[key] in offered


def test_names_of_boundary_kinds():
    union = get_args(schema.Boundary)[0]
    offered = set()
    for table in get_args(union):
        offered |= set(get_args(table.model_fields["kind"].annotation))
    assert offered - FED_AS_INFLOW == {kind.name.lower() for kind in BoundaryKind if kind not in INTERNAL}


@pytest.mark.parametrize("enum", [NumericalFlux, Limiter, BoundaryKind])
def test_codes_count_from_zero(enum):
    """The kernels choose by these codes."""
    assert [int(member) for member in enum] == list(range(len(enum)))
