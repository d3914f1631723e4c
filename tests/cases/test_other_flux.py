"""Inviscid flow through a bore is solved with another flux too: the band holds what that changes."""

from __future__ import annotations

import pickle
from math import hypot, nan

import pytest

from breachflow.case import Case, parse_case
from breachflow.results.cautions import listed
from breachflow.runs.run import compute
from breachflow.runs.setup.bore import flux_decides, other_flux
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.solve.driver import solve
from breachflow.runs.solve.iteration import Iteration, Stage
from breachflow.runs.solve.second import other_flux as second
from breachflow.runs.summary.rescale import scaled_summary
from breachflow.runs.summary.summary import run_summary
from cases.test_kept_iterations import finished, parts

BORE = """
gas = "air"
flow.model = "inviscid"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "1.6 mm" }
mesh.resolution = { across = 12 }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
"""


def bore(*overrides: str) -> Case:
    return parse_case(BORE, overrides=overrides)


@pytest.mark.parametrize(
    ("override", "decides"),
    [
        ("title=as it is", True),
        ("orifice.wall_thickness=0.04 mm", False),
        ("flow.model=laminar", False),
        ("run={mode='transient', end_time='1 ms'}", False),
    ],
)
def test_the_flux_decides_in_inviscid_steady_flow_through_a_bore(override: str, decides: bool) -> None:
    assert flux_decides(bore(override)) is decides


def test_the_other_flux_is_one_of_the_other_kind() -> None:
    fluxes = ("hllc", "hlle", "rusanov")
    assert [other_flux(bore(f"numerics.flux={flux}")) for flux in fluxes] == ["hlle", "hllc", "hllc"]


def test_the_finest_mesh_that_takes_seconds_is_solved_twice() -> None:
    """Cells across: 5, 10, 20, 40; the mesh of 20 has 2400 cells."""
    medium = bore("mesh.resolution=medium")
    assert second.mesh_solved_twice(medium, case_meshes(medium)) == 3
    alone = case_meshes(medium).finest()
    assert second.mesh_solved_twice(medium, alone) == 0  # one mesh tells no uncertainty


def test_the_band_holds_the_answer_of_the_other_flux() -> None:
    """The answers of both fluxes from their own starts, 1.4 % apart, and the same field as without it."""
    found = {flux: compute(bore(f"numerics.flux={flux}"), threads=1) for flux in ("hllc", "hlle")}
    values = {flux: float(one.summary["discharge_coefficient"].value) for flux, one in found.items()}
    for flux, other in (("hllc", "hlle"), ("hlle", "hllc")):
        summary = found[flux].summary
        change = float(summary["flux_difference"].value)
        assert change == pytest.approx(values[other] / values[flux] - 1.0, abs=2e-4)
        band = float(summary["discharge_coefficient_uncertainty"].value)
        assert abs(values[other] - values[flux]) < band
        assert band > abs(change) * values[flux]
        (caution,) = [text for text in listed(summary) if f"another numerical flux, {other}, gives" in text]
        assert f"{'more' if change > 0.0 else 'less'}, which the uncertainty holds" in caution


def test_an_answer_in_other_units_has_the_same_band() -> None:
    solved = compute(bore(), threads=1).summary
    scaled = scaled_summary(bore("orifice={shape='round', diameter='4 mm', wall_thickness='3.2 mm'}"), solved)
    for name in ("flux_difference", "discharge_coefficient_uncertainty"):
        assert scaled[name].value == solved[name].value
    relative = [one["mass_flow_uncertainty"].value / one["mass_flow"].value for one in (scaled, solved)]
    assert relative[0] == pytest.approx(relative[1], rel=1e-12)
    assert [text for text in listed(scaled) if "hlle, gives" in text]


def test_a_comparison_that_fails_leaves_the_answer_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compute(bore(), threads=1).summary
    monkeypatch.setattr(second.OtherFlux, "advance", lambda self: self.iteration.state.fill(nan))
    alone = compute(bore(), threads=1).summary
    assert "flux_difference" not in alone
    assert alone["converged"].value is True
    assert alone["mass_flow"].value == whole["mass_flow"].value
    band, both = (float(one["discharge_coefficient_uncertainty"].value) for one in (alone, whole))
    change = float(whole["flux_difference"].value) * float(whole["discharge_coefficient"].value)
    assert both == pytest.approx(hypot(band, change))


def test_a_comparison_that_does_not_settle_says_nothing() -> None:
    """Of a run that ends early there is no uncertainty, and no caution says what it holds."""
    early = compute(bore("run.max_iterations=4"), threads=1).summary
    assert early["converged"].value is False
    assert "flux_difference" not in early
    assert [text for text in listed(early) if "the numerical flux alone changes" in text]


def test_a_run_that_is_kept_or_stopped_in_the_comparison_goes_on_bit_for_bit() -> None:
    whole, kept = finished(bore(), Iteration()), []
    for _ in solve(*parts(bore()), iteration := Iteration()):
        if iteration.stage is Stage.OTHER_FLUX:
            kept.append(pickle.dumps(iteration))
    assert len(kept) > 5
    resumed = finished(bore(), pickle.loads(kept[len(kept) // 2]))
    assert [key for key in whole if whole[key] != resumed[key]] == []
    meshes, context = parts(bore(), stop=lambda: "enough")
    (problem,) = solve(meshes, context, iteration := pickle.loads(kept[0]))
    assert context.at_stop is not None
    summary = run_summary(problem, context.at_stop, len(meshes))
    assert summary["stopped"].value == "enough"
    assert summary["converged"].value is False
    resumed = finished(bore(), iteration)
    assert [key for key in whole if whole[key] != resumed[key]] == []
