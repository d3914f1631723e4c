"""The record of a run holds its whole state: a run continued from it gives bitwise equal results."""

from __future__ import annotations

import pickle
from itertools import count
from typing import Any

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.mesh.family import MeshFamily
from breachflow.runs.measure.fields import state_fields
from breachflow.runs.progress import StopRequest
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.solve import transient
from breachflow.runs.solve.context import RunContext
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Iteration
from breachflow.runs.summary.summary import run_summary

HOLE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "0.4 mm" }
mesh = { resolution = { across = 8 } }
probes = { axis = ["1.2 mm", "0 mm"] }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "70 kPa" }
"""

VORTEX = """
gas = "air"
[mesh]
template = "block"
cells = [16, 16]
levels = 2
x = ["-5 m", "5 m"]
y = ["-5 m", "5 m"]
geometry = "planar"
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "exact" }
top = { kind = "exact" }
[exact]
solution = "vortex"
pressure = "100 kPa"
temperature = "300 K"
velocity = ["100 m/s", "0 m/s"]
length = "1 m"
[run]
mode = "transient"
end_time = "2 ms"
"""

CASES = {
    "steady": (HOLE, []),
    "steady into vacuum": (HOLE, ['boundary.space={kind="vacuum"}']),
    "transient": (HOLE, ["run.mode=transient", "run.end_time=20 us"]),
    "implicit": (HOLE, ["run.mode=transient", "run.end_time=20 us", "run.time_step=0.5 us"]),
    "verification": (VORTEX, []),
}


def case_of(name: str) -> Case:
    text, overrides = CASES[name]
    return parse_case(text, overrides=overrides)


def parts(case: Case, stop: StopRequest = lambda: None) -> tuple[MeshFamily, RunContext]:
    """The meshes of a case, and a fresh context."""
    meshes = case_meshes(case)
    context = RunContext(case, 1, len(meshes), watch=lambda _: None, stop=stop)
    return meshes, context


def finished(case: Case, iteration: Iteration) -> dict[str, bytes]:
    """Fields, history and summary at the end of a run."""
    meshes, context = parts(case)
    for problem in solve(meshes, context, iteration):
        last = problem
    found = {name: field.values.tobytes() for name, field in state_fields(last, iteration.state).items()}
    summary = run_summary(last, iteration, len(meshes))
    found |= {name: repr(one.value).encode() for name, one in summary.items() if name != "wall_time"}
    found["history"] = repr(iteration.rows).encode()
    found["probes"] = b"".join(states.tobytes() for states in iteration.probe_states)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_kept_run_goes_on_bit_for_bit(name: str) -> None:
    """The record is serialized after a third and after two thirds of the steps."""
    case = case_of(name)
    whole, kept = finished(case, Iteration()), []
    for _ in solve(*parts(case), iteration := Iteration()):
        kept.append(pickle.dumps(iteration))
    assert len(kept) > 20
    for part in (1, 2):
        resumed = finished(case, pickle.loads(kept[part * len(kept) // 3]))
        assert [key for key in whole if whole[key] != resumed[key]] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_stopped_run_goes_on_bit_for_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is stopped near its start, after half of the steps and when it has just converged."""
    monkeypatch.setattr(transient, "PULSE", 0.0)  # so that a transient run asks after every step
    case, asked = case_of(name), []
    for _ in solve(*parts(case, stop=lambda: asked.append(1)), Iteration()):
        pass
    whole = finished(case, Iteration())
    for last in (3, len(asked) // 2, len(asked)):
        calls = count(1)
        stop = lambda calls=calls, last=last: "enough" if next(calls) == last else None  # noqa: E731
        meshes, context = parts(case, stop)
        problem = list(solve(meshes, context, iteration := Iteration()))[-1]
        kept, ended = pickle.dumps(iteration), context.at_stop
        assert ended is not None
        assert (ended.stage, len(ended.endings)) == (None, len(iteration.endings) + 1)
        assert run_summary(problem, ended, len(meshes))["stopped"].value == "enough"
        resumed = finished(case, pickle.loads(kept))
        assert [key for key in whole if whole[key] != resumed[key]] == []


@pytest.mark.parametrize("name", CASES)
def test_the_record_is_of_plain_numbers_and_arrays(name: str) -> None:
    """The record consists of records and plain data, so that a file can hold it."""
    for step, _ in enumerate(solve(*parts(case_of(name)), iteration := Iteration())):
        if step == 5:
            break
    leaves = set(leaf_types(iteration))
    assert leaves <= {int, float, str, bool, type(None), np.ndarray, np.float64}


def leaf_types(value: Any) -> list[type]:
    if hasattr(value, "__dataclass_fields__"):
        value = list(vars(value).values())
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        return [str]
    if isinstance(value, list | tuple):
        return [found for part in value for found in leaf_types(part)]
    return [type(value)]
