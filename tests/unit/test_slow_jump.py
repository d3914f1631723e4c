"""Which flows are computed with less dissipation of slow gas, and how much of a jump is left at least."""

from __future__ import annotations

import pytest

from breachflow.case import parse_case
from breachflow.runs.setup.problem import slow_jump

HOLE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "0.4 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "90 kPa" }
"""

SQUARE = 5.0 * (0.9 ** (-2.0 / 7.0) - 1.0)
"""The Mach number of the ideal stream squared, at gamma = 1.4."""


@pytest.mark.parametrize(
    ("override", "part"),
    [
        ("title=as it is", SQUARE),
        ("flow.model=inviscid", SQUARE),
        ("boundary.space.pressure=53 kPa", 5.0 * (0.53 ** (-2.0 / 7.0) - 1.0)),
        ("boundary.space.pressure=52 kPa", 1.0),
        ("boundary.space={kind='vacuum'}", 1.0),
        ("numerics.flux=hlle", 1.0),
        ("run={mode='transient', end_time='1 us'}", 1.0),
    ],
)
def test_jumps_are_narrower_in_steady_subsonic_streams(override: str, part: float) -> None:
    assert slow_jump(parse_case(HOLE, overrides=[override])) == pytest.approx(part, rel=1e-3)
