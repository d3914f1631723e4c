"""Which flows have a softer flux at their shocks."""

from __future__ import annotations

import pytest

from breachflow.case import parse_case
from breachflow.runs.setup.stream.shocks import softens_shocks

HOLE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "0.4 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "5 kPa" }
"""

JET = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
mesh = { template = "jet" }
[boundary]
exit = { kind = "inflow", pressure = "52.8 kPa", temperature = "250 K", velocity = ["317 m/s", "0 m/s"] }
space = { kind = "outlet", pressure = "5 kPa" }
"""


@pytest.mark.parametrize(
    ("text", "override", "softens"),
    [
        (JET, "title=as it is", True),
        (JET, "boundary.space.pressure=6.6 kPa", True),
        (JET, "boundary.space.pressure=6.7 kPa", False),
        (JET, "boundary.space={kind='vacuum'}", False),
        (JET, "numerics.flux=hlle", False),
        (HOLE, "title=as it is", False),
        (HOLE, "flow.model=inviscid", False),
        (HOLE, "run={mode='transient', end_time='1 us'}", False),
    ],
)
def test_shocks_are_softened_in_the_plumes_of_given_streams_with_a_mach_disk(
    text: str, override: str, softens: bool
) -> None:
    assert softens_shocks(parse_case(text, overrides=[override])) is softens
