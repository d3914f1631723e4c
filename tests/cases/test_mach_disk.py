"""The Mach disk of a sonic stream does not depend on rounding."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import load_case
from breachflow.runs.measure.mach_disk import MachDisk, mach_disk
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Iteration
from breachflow.shipped import root

ROUNDING = 1e-10
"""Relative change of the initial state, far above what another machine's rounding makes of it."""


def disk_from_a_changed_start(seed: int) -> MachDisk:
    case = load_case(root() / "cases" / "orifice" / "mach_disk" / "case.toml")
    meshes, iteration, random = case_meshes(case), Iteration(), np.random.default_rng(seed)
    context = RunContext(case, 1, len(meshes), watch=lambda _: None, stop=lambda: None)
    steps = solve(meshes, context, iteration)
    next(steps)
    iteration.state *= 1.0 + ROUNDING * random.standard_normal(iteration.state.shape)
    for problem in steps:
        last = problem
    assert iteration.endings[-1].converged
    return mach_disk(last, iteration.state)


@pytest.mark.slow
def test_rounding_does_not_decide_where_a_mach_disk_lies() -> None:
    """Each disk lies within the uncertainty of the others; unsoftened, they lay up to three cells apart."""
    disks = [disk_from_a_changed_start(seed) for seed in range(1, 6)]
    distances = [disk.distance for disk in disks]
    assert max(distances) - min(distances) <= min(disk.uncertainty for disk in disks)
