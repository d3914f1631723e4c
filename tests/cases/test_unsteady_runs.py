"""Flow without a steady state: the run marches in time, says so, and states a mean with its error."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from breachflow.case import Case, load_case, parse_case
from breachflow.errors import CaseError
from breachflow.results.text import summary_rows
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.measure.mesh_uncertainty import MeshUncertainty
from breachflow.runs.measure.time_mean import TimeMean
from breachflow.runs.run import compute
from breachflow.runs.solve import steady
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Ending, Iteration, Stage
from breachflow.runs.solve.unsteady import march
from breachflow.runs.summary.solved_run import SolvedRun
from breachflow.runs.summary.summary import summarize
from breachflow.shipped import root
from cases.test_kept_iterations import HOLE, finished, parts

BORE = """
gas = "air"
flow.model = "inviscid"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "10 mm" }
mesh.resolution = "coarse"
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "90 kPa" }
"""

MEAN = TimeMean(spread=0.06, error=0.004, periods=14, longest=2e-4, batches=8, duration=1.5e-3)


def swinging(case: Case, **changes: object) -> SolvedRun:
    ending = Ending(100, True, FlowRate(1e-3, 1e-3, 0.3, 0.7), 0.5, 0.5, 0.3, 170, 1.0, swing=MEAN)
    return SolvedRun(case, ending._replace(**changes), MeshUncertainty(1.0, 0.7, 0.003))


def test_the_summary_of_a_swinging_flow_has_its_mean_with_the_error_of_both() -> None:
    summary = summarize(swinging(parse_case(BORE)))
    assert summary["converged"].value is True
    assert summary["unsteady"].value is True
    assert summary["discharge_coefficient"].value == 0.7
    assert summary["discharge_coefficient_uncertainty"].value == pytest.approx(0.005)
    assert summary["discharge_coefficient_spread"].value == 0.06
    assert summary["discharge_coefficient_mean_error"].value == 0.004
    assert summary["periods"].value == 14
    assert dict(summary_rows(summary))["status"].startswith("unsteady: the numbers are means in time")
    caution = str(summary["caution"].value)
    assert "swings by 8.6 % (standard deviation)" in caution
    assert "the mean over 1.5 ms, 14 periods, the longest of 200 us, known to 0.57 %" in caution
    assert "plume" not in caution


def test_of_a_jet_the_plume_is_neither_held_nor_marched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its inflow is given: a swing on the way is that of the plume, which settles later and is asked for."""
    monkeypatch.setattr(steady, "swings", lambda *_: True)
    monkeypatch.setattr(steady.HoldControl, "_may_begin", True)
    jet = load_case(root() / "cases" / "orifice" / "mach_disk" / "case.toml", ["mesh.resolution=coarse"])
    summary = compute(jet).summary
    assert summary["converged"].value is True
    assert "unsteady" not in summary
    assert "held" not in summary


def test_a_mean_without_an_error_is_no_answer() -> None:
    short = MEAN._replace(error=float("nan"), periods=0, longest=float("inf"), batches=1)
    summary = summarize(swinging(parse_case(BORE), converged=False, swing=short))
    assert summary["converged"].value is False
    assert "the march in time was too short for an error of its mean" in summary["converged"].description
    assert "not known" in summary["discharge_coefficient"].description
    assert "not even one period" in str(summary["caution"].value)


def test_a_steady_flow_says_nothing_of_swings() -> None:
    assert not {"unsteady", "periods", "averaging_time"} & set(
        summarize(swinging(parse_case(BORE), swing=None))
    )


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every mesh marches for one convective time, after ten steady iterations."""
    monkeypatch.setattr(steady, "swings", lambda _, free: free >= 10)
    for name in ("FIRST_LOOK", "LONGEST", "LONGEST_BEFORE"):
        monkeypatch.setattr(march, name, 2)


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
def test_a_kept_march_goes_on_bit_for_bit() -> None:
    """The record is serialized within the march on the last mesh, and as steady iterations end."""
    case = parse_case(HOLE, overrides=["run.residual_drop=1e-12"])
    whole, kept = finished(case, Iteration()), []
    for _ in solve(*parts(case), iteration := Iteration()):
        kept.append((iteration.stage, pickle.dumps(iteration)))
    marching = [record for stage, record in kept if stage is Stage.MARCH]
    assert len(marching) > 20
    for record in (marching[0], marching[len(marching) // 2], marching[-1]):
        resumed = finished(case, pickle.loads(record))
        assert [key for key in whole if whole[key] != resumed[key]] == []


@pytest.mark.slow
def test_a_long_bore_against_gas_swings_and_its_mean_is_known() -> None:
    """The explicit solver swings too, with the same mean (docs/theory.md); printed was the last iterate."""
    summary = compute(parse_case(BORE), threads=1).summary
    assert summary["unsteady"].value is True
    assert summary["periods"].value >= 8
    mean, error = (summary[f"discharge_coefficient{end}"].value for end in ("", "_mean_error"))
    assert 0.0 < float(error) <= 0.01 * float(mean)
    assert float(error) < float(summary["discharge_coefficient_spread"].value)


@pytest.mark.slow
def test_implicit_and_explicit_steps_find_the_same_flow_in_time() -> None:
    """After a burst from 100 kPa into 70 kPa: within 1 % once the first wave has left the hole."""
    burst = ["run.mode=transient", "run.end_time=20 us"]
    ways = [
        compute(parse_case(HOLE, overrides=[*burst, *more]), threads=1)
        for more in ([], ["run.time_step=0.1 us"])
    ]
    explicit, implicit = (
        np.interp(np.linspace(4e-6, 20e-6, 50), way.history["time"].values, way.history["mass_flow"].values)
        for way in ways
    )
    assert np.abs(implicit / explicit - 1.0).max() < 0.01


def test_the_step_in_time_is_of_transient_runs_and_no_longer_than_they() -> None:
    with pytest.raises(CaseError, match='time_step=1 us: only for mode = "transient"'):
        parse_case(HOLE, overrides=["run.time_step=1 us"])
    with pytest.raises(CaseError, match="is longer than end_time; at most 20 us"):
        parse_case(HOLE, overrides=["run.mode=transient", "run.end_time=20 us", "run.time_step=21 us"])
