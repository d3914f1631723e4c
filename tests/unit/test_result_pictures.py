"""Pictures of a result: streamlines, meshes, probes, frames, what they say; and pictures on a dark page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breachflow.report.result.facts import facts_of
from breachflow.report.result.pictures import fields, frames, history, meshes, probes
from breachflow.report.result.scene import scene_of
from breachflow.report.result.shading import mach_shading, pressure_shading
from breachflow.report.result.stream import stream_function
from breachflow.report.style import DARK, themed
from breachflow.results import Column, Field, Quantity, Result, read_result
from report_tables import HOLE, write_hole, write_puncture


@pytest.fixture
def hole(tmp_path: Path) -> Result:
    """A stream of uniform density and velocity along the axis, at one pressure and temperature."""
    write_hole(tmp_path / "hole.vtkhdf")
    result = read_result(tmp_path / "hole.vtkhdf")
    ones = np.ones(result.n_cells)
    given = {
        "density": Field(ones, "kg/m3", "density"),
        "velocity": Field(np.outer(ones, [300.0, 0.0, 0.0]), "m/s", "velocity"),
        "pressure": Field(101325.0 * np.geomspace(1e-6, 1.0, result.n_cells), "Pa", "pressure"),
        "temperature": Field(290.0 * ones, "K", "temperature"),
    }
    return replace(result, steady_fields={**result.steady_fields, **given})


@pytest.fixture
def puncture(tmp_path: Path) -> Result:
    write_puncture(tmp_path / "puncture.vtkhdf", (0.0, 1e-5, 6e-5))
    return read_result(tmp_path / "puncture.vtkhdf")


@pytest.mark.parametrize("shape", ["round", "slit"])
def test_streamlines_of_a_uniform_stream(shape: str, hole: Result) -> None:
    """The gas within a radius grows with its square, that beside a plane with the distance.

    Both are linear in the flux of each edge: least squares meet them but for the small term that fixes the
    constant.
    """
    power = 2 if shape == "round" else 1
    case = hole.case_completed
    if shape == "slit":
        case = case.replace('shape = "round"', 'shape = "slit"').replace("diameter", "width")
    values, known = stream_function(scene_of(replace(hole, case_completed=case)))
    radius = 1e-3
    assert len(known) > 200
    assert values[known] == pytest.approx((hole.points[known, 1] / radius) ** power, abs=1e-6)


def test_streamlines_are_of_steady_flows_with_a_hole(hole: Result) -> None:
    told = "a tenth of the gas flows between two of them"
    steady, moving = fields.draw(hole), fields.draw(replace(hole, times=np.array([0.0, 1e-5])))
    elsewhere = fields.draw(replace(hole, case_completed=""))
    assert [told in str(picture) for picture in (steady, moving, elsewhere)] == [True, False, False]


def test_a_scale_that_is_not_linear_says_so(hole: Result) -> None:
    scene = scene_of(hole)
    assert mach_shading(scene, hole.field("mach")).label == "Mach number (square-root scale)"
    wide = pressure_shading(scene, hole.fields["pressure"])
    assert wide.label == "pressure (kPa, logarithmic scale)"
    assert wide.extend == "min"  # 6 decades, of which the colors tell 4 apart
    flat = pressure_shading(scene, replace(hole.fields["pressure"], values=np.full(hole.n_cells, 5.0)))
    assert flat.label == "pressure (Pa)"


def test_what_pictures_say_beside_the_title(hole: Result) -> None:
    assert facts_of(hole) == (
        "air, 100 kPa, 300 K into vacuum; Cd 0.830 ± 0.008; 53.6 ± 0.5 kg/day; 2 cautions"
    )
    psi = hole.case_completed.replace("100 kPa", "101.35293220957491 kPa")
    assert "air, 101.353 kPa, 300 K" in facts_of(replace(hole, case_completed=psi))
    unsure = {**hole.summary, "converged": Quantity(False, "", "")}
    assert facts_of(replace(hole, summary=unsure)) == (
        "air, 100 kPa, 300 K into vacuum; NOT CONVERGED: do not trust these numbers; 2 cautions"
    )
    assert facts_of(replace(hole, case_completed="", summary={})) == ""


def on_meshes(hole: Result, values: list[float], order: float, extrapolated: float) -> Result:
    """The result of a run with such coefficients on its meshes."""
    levels = np.repeat(np.arange(1, len(values) + 1), 3)
    coefficients = np.repeat(values, 3) + np.tile([0.1, 0.01, 0.0], len(values))
    told = {
        "observed_order": Quantity(order, "1", ""),
        "discharge_coefficient_extrapolated": Quantity(extrapolated, "1", ""),
    }
    history = {
        "level": Column(levels, "1", "mesh"),
        "discharge_coefficient": Column(coefficients, "1", "coefficient"),
    }
    return replace(hole, history=history, summary={**hole.summary, **told})


def test_the_extrapolation_passes_through_the_meshes(hole: Result) -> None:
    """Of first order: 0.80, 0.84, 0.86 have the limit 0.88."""
    result = on_meshes(hole, [0.80, 0.84, 0.86], 1.0, 0.88)
    series = meshes.mesh_series(result)
    assert series is not None
    assert series.values.tolist() == [0.80, 0.84, 0.86]
    assert series.spacings.tolist() == [4.0, 2.0, 1.0]
    x, y = series.curve()
    assert np.interp([0.0, 1.0, 2.0, 4.0], x, y) == pytest.approx([0.88, 0.86, 0.84, 0.80], abs=1e-12)
    picture = meshes.draw(result)
    assert picture is not None
    assert "0.88000 on an infinitely fine mesh, with the order 1" in picture.description


def test_spacings_of_own_meshes_follow_from_the_extrapolation(hole: Result) -> None:
    """Second order with the limit 0.9, on meshes of 3, 1.5 and 1 times the finest spacing."""
    values = [0.9 - 0.01 * spacing**2 for spacing in (3.0, 1.5, 1.0)]
    result = on_meshes(replace(hole, case_completed=""), values, 2.0, 0.9)
    series = meshes.mesh_series(result)
    assert series is not None
    assert series.spacings == pytest.approx([3.0, 1.5, 1.0])
    assert meshes.mesh_series(on_meshes(replace(hole, case_completed=""), values, 2.0, float("nan"))) is None


def test_meshes_without_an_order_and_runs_without_meshes(hole: Result) -> None:
    nan = float("nan")
    picture = meshes.draw(on_meshes(hole, [0.80, 0.84, 0.81], nan, nan))
    assert picture is not None
    assert "infinitely" not in picture.description
    assert meshes.draw(on_meshes(hole, [0.80], nan, nan)) is None
    unsure = on_meshes(hole, [0.80, 0.84], nan, nan)
    assert meshes.draw(replace(unsure, summary={"converged": Quantity(False, "", "")})) is None


def test_probes_over_time(hole: Result) -> None:
    def probe(pressure: float) -> dict[str, Column]:
        times = np.array([0.0, 3e-5, 6e-5])
        columns = {
            "time": (times, "s"),
            "pressure": (pressure * np.ones(3), "Pa"),
            "mach": (times / 6e-5, "1"),
        }
        return {name: Column(values, unit, name) for name, (values, unit) in columns.items()}

    picture = probes.draw(replace(hole, probes={"lip": probe(9e4), "axis": probe(5e2)}))
    assert picture is not None
    assert picture.description == (
        "At the end, lip: pressure 90 kPa, Mach number 1; axis: pressure 500 Pa, Mach number 1."
    )
    steady = {name: replace(column, values=column.values[:1]) for name, column in probe(9e4).items()}
    assert probes.draw(replace(hole, probes={"lip": steady})) is None


def test_frames_of_a_transient_run(puncture: Result) -> None:
    picture = frames.draw(puncture)
    assert picture is not None
    assert [frame.label for frame in picture.frames] == ["0 us", "10 us", "60 us"]
    titles = [frame.figure.axes[0].get_title() for frame in picture.frames]
    assert titles == ["t = 0 us", "t = 10 us", "t = 60 us"]
    points = [frame.figure.axes[1].lines[-1].get_xydata().tolist() for frame in picture.frames]
    assert np.array(points)[:, 0] == pytest.approx(np.array([[0, 0], [10, 8.64], [60, 51.84]]))
    limits = {frame.figure.axes[0].collections[0].norm.vmax for frame in picture.frames}
    assert len(limits) == 1
    assert frames.draw(replace(puncture, times=puncture.times[:1])) is None


def test_many_snapshots_are_thinned(puncture: Result) -> None:
    chosen = frames.spread(1000, frames.MOST_FRAMES)
    assert len(chosen) == frames.MOST_FRAMES
    assert (chosen[0], chosen[-1]) == (0, 999)


def test_a_transient_history_has_no_residual(hole: Result) -> None:
    columns = {**hole.history, "time": Column(np.linspace(0.0, 6e-5, 15), "s", "time")}
    picture = history.draw(replace(hole, history=columns))
    assert picture is not None
    assert len(picture.figure.axes) == 1
    assert "esidual" not in picture.description


def test_every_color_of_a_themed_picture_has_a_dark_twin() -> None:
    svg = b'<style type="text/css">*{}</style><g style="fill: #ffffff; stroke: #1b1f24"/><b id="#ffffff"/>'
    text = themed(svg).decode()
    assert '<g style="fill: var(--ffffff); stroke: var(--1b1f24)"/><b id="#ffffff"/>' in text
    light, dark = re.findall(r":root{(.*?)}", text)
    assert dict(part.split(":") for part in light.split(";") if part) == {f"--{c[1:]}": c for c in DARK}
    assert dict(part.split(":") for part in dark.split(";") if part) == {
        f"--{color[1:]}": twin for color, twin in DARK.items()
    }


def test_the_stand_in_case_has_no_probes(hole: Result) -> None:
    assert "[probes]" not in HOLE
    assert probes.draw(hole) is None
