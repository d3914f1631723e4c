"""Which flows have less dissipation of slow gas, how little of a jump is left, and where there is more."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.setup.stream.slow_gas import slow_jump

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


def test_the_gas_about_the_subsonic_jet_of_a_slit_is_damped() -> None:
    """1 - (8/distance)^2, in half widths from the end of the bore; other jets are left as they are."""
    slit = [
        "orifice={shape='slit', width='2 mm', wall_thickness='0.4 mm'}",
        "mesh.resolution={across=8}",
        "flow.model=inviscid",
    ]
    case = parse_case(HOLE, overrides=slit)
    problem = make_problem(case, case_meshes(case)[-1])
    faces, inside = problem.layout.faces, problem.layout.faces.right < problem.mesh.n_cells
    x, y = problem.metric.centroid.T
    distance = np.where(x > 0.4, np.hypot(x - 0.4, y), 0.0)
    nearer = np.minimum(distance[faces.left[inside]], distance[faces.right[inside]])
    assert faces.damping == pytest.approx(1.0 - (8.0 / np.maximum(nearer, 8.0)) ** 2, rel=1e-12)
    assert 0.05 < np.count_nonzero(faces.damping) / len(faces.damping) < 0.5
    for changed in (slit[1:], slit[:2], [*slit, "boundary.space.pressure=10 kPa"]):
        other = parse_case(HOLE, overrides=changed)
        assert len(make_problem(other, case_meshes(other)[-1]).layout.faces.damping) == 0
