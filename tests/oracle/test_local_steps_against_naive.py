"""A cycle of local time steps against a slow, plain one."""

from __future__ import annotations

import naive_local_steps
import numpy as np
import pytest
from pairs import FRICTION, GAMMA, VISCOUS_AIR, Pair

from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.step_levels import COARSEST_LEVEL
from breachflow.numerics.explicit.stepper import ExplicitStepper
from flow_setup import take_cycles

NO_FLOOR = Floor(1e-9, 1e-9)


def calmer(pair: Pair) -> np.ndarray:
    """The states of the pair, with a fifth of their deviations from the mean: no wave outruns a step."""
    return 0.8 * pair.conserved.mean(axis=0) + 0.2 * pair.conserved


@pytest.mark.parametrize("longest", [0.9, 1e3], ids=["one-length", "many-lengths"])
@pytest.mark.parametrize(
    ("shape", "kinds"),
    [("quads", "closed"), ("quads", "open"), ("triangles", "open"), ("graded", "axis"), ("row", "closed")],
)
def test_steps_of_own_length(shape, kinds, longest):
    """The first cycle. If it is not longer than the shortest stable step, it is one step of all cells."""
    pair = Pair(shape, kinds)
    start = calmer(pair)
    twin = naive_local_steps.Cycle(pair.cells, start, 0.5, COARSEST_LEVEL, GAMMA)
    stepper, found = ExplicitStepper(pair.discretization(), NO_FLOOR, 0.5), start.copy()
    duration = take_cycles(stepper, found, 1e3, lambda _time: True, longest * min(twin.stable))
    assert found == pytest.approx(twin.run(duration), rel=1e-11, abs=1e-11)
    assert (len(twin.levels_seen) > 1) == (longest > 1.0 and shape != "row")
    assert stepper.levels.stable == pytest.approx(twin.stable_now(), rel=1e-11)
    assert stepper.floored == 0


@pytest.mark.parametrize(("shape", "kinds"), [("triangles", "friction"), ("graded", "pipe")])
def test_steps_with_friction(shape, kinds):
    """Friction shortens the stable steps and acts between cells of different levels."""
    pair = Pair(shape, kinds).viscous
    start = calmer(pair)
    twin = naive_local_steps.Cycle(pair.cells, start, 0.5, COARSEST_LEVEL, GAMMA, FRICTION)
    stepper, found = ExplicitStepper(pair.discretization(gas=VISCOUS_AIR), NO_FLOOR, 0.5), start.copy()
    duration = take_cycles(stepper, found, 1e3, lambda _time: True)
    assert found == pytest.approx(twin.run(duration), rel=1e-11, abs=1e-11)
    assert len(twin.levels_seen) > 1
    assert stepper.levels.stable == pytest.approx(twin.stable_now(), rel=1e-11)
