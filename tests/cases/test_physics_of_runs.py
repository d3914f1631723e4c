"""Properties of whole runs: independence of the background of a vacuum, scaling, truthful summaries."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.cli.main import main
from breachflow.results import Result, read_result
from breachflow.runs.run import run
from breachflow.theory.slit.free_streamline import discharge_coefficient

HOLE = 'orifice = { shape = "round", diameter = "2 mm" }'
VACUUM = 'space = { kind = "vacuum" }'

Runner = Callable[..., Result]


def cabin(pressure: str = "101.325 kPa", temperature: str = "293.15 K") -> str:
    return f'cabin = {{ kind = "reservoir", pressure = "{pressure}", temperature = "{temperature}" }}'


def case_text(orifice: str = HOLE, inside: str = "", outside: str = VACUUM, gas: str = '"air"') -> str:
    flow = 'flow = { model = "inviscid" }'
    return f"gas = {gas}\n{flow}\n{orifice}\n[boundary]\n{inside or cabin()}\n{outside}\n"


@pytest.fixture
def compute(tmp_path: Path) -> Runner:
    """Run a case text with overrides on a coarse mesh, unless they say otherwise."""

    def compute(text: str, *overrides: str, threads: int | None = None) -> Result:
        case = parse_case(text, overrides=["mesh.resolution=coarse", *overrides])
        return run(case, output=tmp_path / "result.vtkhdf", threads=threads)

    return compute


REPRESENTATION = 5e-4
"""Largest relative effect of the background on the mass flow, a tenth of the effect of the mesh."""

TRANSIENT = ("mesh.resolution={across=8}", "run.mode=transient", "run.end_time=20 us")


@pytest.fixture(scope="module")
def into_vacuum(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The reference of the steady comparisons: default settings, coarse mesh."""
    case = parse_case(case_text(), overrides=["mesh.resolution=coarse"])
    return run(case, output=tmp_path_factory.mktemp("vacuum") / "result.vtkhdf")


@pytest.mark.parametrize("extent", [3, 6])
def test_mass_flow_does_not_depend_on_the_plume_extent(
    extent: int, compute: Runner, into_vacuum: Result
) -> None:
    """A larger plume changes nothing: no wave travels upstream through the sonic line."""
    longer = compute(case_text(), f"mesh.plume_extent={extent}")
    assert longer.converged is True
    assert longer["cells"] > into_vacuum["cells"]
    assert longer.mass_flow == pytest.approx(into_vacuum.mass_flow, rel=REPRESENTATION)
    assert longer.thrust == pytest.approx(into_vacuum.thrust, rel=REPRESENTATION)


@pytest.mark.parametrize("background", ["1e-6", "1e-10"])
def test_steady_mass_flow_does_not_depend_on_the_background(
    background: str, compute: Runner, into_vacuum: Result
) -> None:
    other = compute(case_text(), f"numerics.background={background}")
    assert other.converged is True
    assert other.mass_flow == pytest.approx(into_vacuum.mass_flow, rel=REPRESENTATION)


def test_transient_mass_flow_does_not_depend_on_the_background(compute: Runner) -> None:
    flows = [
        compute(case_text(), *TRANSIENT, f"numerics.background={background}").mass_flow
        for background in ("1e-8", "1e-6", "1e-10")
    ]
    assert flows == pytest.approx([flows[0]] * 3, rel=REPRESENTATION)


def test_transient_mass_flow_does_not_depend_on_the_plume_extent(compute: Runner) -> None:
    near, far = (compute(case_text(), *TRANSIENT, f"mesh.plume_extent={extent}") for extent in (1.5, 3))
    assert near.mass_flow == pytest.approx(far.mass_flow, rel=REPRESENTATION)


def test_an_outlet_of_one_pascal_is_a_vacuum(compute: Runner, into_vacuum: Result) -> None:
    """An outside pressure of 1e-5 of the cabin's, far below the choking ratio, on the same mesh."""
    outlet = 'space = { kind = "outlet", pressure = "1 Pa" }'
    tiny = compute(case_text(outside=outlet), "mesh.plume_extent=1.5")
    assert tiny.converged is True
    assert tiny["cells"] == into_vacuum["cells"]
    assert tiny.mass_flow == pytest.approx(into_vacuum.mass_flow, rel=REPRESENTATION)
    assert tiny.thrust == pytest.approx(into_vacuum.thrust, rel=REPRESENTATION)


def test_an_outlet_of_no_pressure_is_a_vacuum_exactly(compute: Runner, into_vacuum: Result) -> None:
    nothing = compute(case_text(outside='space = { kind = "outlet", pressure = "0 Pa" }'))
    assert nothing.mass_flow == into_vacuum.mass_flow


@pytest.mark.parametrize(
    ("size", "inside"),
    [
        pytest.param("2 um", cabin(), id="size_down"),
        pytest.param("2 m", cabin(), id="size_up"),
        pytest.param("2 mm", cabin(pressure="1 Pa"), id="thin_gas"),
        pytest.param("2 mm", cabin(pressure="50 bar"), id="dense_gas"),
        pytest.param("2 mm", cabin(temperature="80 K"), id="cold"),
        pytest.param("2 mm", cabin(temperature="1200 K"), id="hot"),
    ],
)
def test_coefficients_do_not_depend_on_scale(
    size: str, inside: str, compute: Runner, into_vacuum: Result
) -> None:
    """An inviscid perfect gas has no scale: the dimensionless flow is independent of size and cabin state."""
    other = compute(case_text(HOLE.replace("2 mm", size), inside))
    for name in ("discharge_coefficient", "thrust_coefficient"):
        assert other[name] == pytest.approx(into_vacuum[name], rel=1e-6)


def test_coefficients_do_not_depend_on_the_molar_mass(compute: Runner, into_vacuum: Result) -> None:
    heavy = compute(case_text(gas='{ gamma = 1.4, molar_mass = "300 g/mol" }'))
    assert heavy.discharge_coefficient == pytest.approx(into_vacuum.discharge_coefficient, rel=1e-6)


def test_totals_of_a_slit_are_its_length_times_those_of_a_meter(compute: Runner) -> None:
    slit = 'orifice = { shape = "slit", width = "1 mm" }'
    per_meter = compute(case_text(slit))
    total = compute(case_text(slit.replace('"1 mm"', '"1 mm", length = "30 mm"')))
    assert per_meter.summary["mass_flow"].unit == "kg/s per m"
    assert total.summary["mass_flow"].unit == "kg/s"
    assert total.mass_flow == pytest.approx(0.03 * per_meter.mass_flow, rel=1e-12)
    assert total.discharge_coefficient == pytest.approx(per_meter.discharge_coefficient, rel=1e-12)


def test_ideal_flow_of_two_millimeters_is_the_closed_form(into_vacuum: Result) -> None:
    """A p0 sqrt(gamma/(R T0)) (2/(gamma+1))^((gamma+1)/(2(gamma-1))), by hand; R: CODATA 2018."""
    gas_constant = 8.314462618 / 28.9644e-3
    ideal = pi * 1e-6 * 101325.0 * sqrt(1.4 / (gas_constant * 293.15)) * (2.0 / 2.4) ** 3
    assert into_vacuum.ideal_mass_flow == pytest.approx(ideal, rel=1e-6)
    coefficient = into_vacuum.mass_flow / ideal
    assert into_vacuum.discharge_coefficient == pytest.approx(coefficient, rel=1e-6)


@pytest.mark.parametrize("gamma", [1.2, 1.4, 5.0 / 3.0])
def test_slit_into_vacuum_is_the_exact_one(gamma: float, compute: Runner) -> None:
    """0.5 % on 20 cells over half the width: 0.3 % on 40, with the order 0.7 of the singular edge."""
    gas = f'{{ gamma = {gamma}, molar_mass = "28.97 g/mol" }}'
    slit = compute(case_text('orifice = { shape = "slit", width = "1 mm" }', gas=gas))
    assert slit.converged is True
    exact = discharge_coefficient(0.0, gamma)
    assert slit.discharge_coefficient == pytest.approx(exact, rel=5e-3)


def test_a_monatomic_gas_may_be_given_with_four_digits(compute: Runner) -> None:
    """Users write 1.6667 for 5/3, and the case grammar allows it."""
    rounded = compute(case_text(gas='{ gamma = 1.6667, molar_mass = "4.0026 g/mol" }'))
    exact = compute(case_text(gas='"helium"'))
    assert rounded.discharge_coefficient == pytest.approx(exact.discharge_coefficient, rel=1e-4)


def fields_of(result: Result) -> dict[str, np.ndarray[Any, Any]]:
    return {name: result.field(name) for name in ("density", "velocity", "pressure", "temperature", "mach")}


def require_equal_fields(one: dict[str, np.ndarray[Any, Any]], two: dict[str, np.ndarray[Any, Any]]) -> None:
    for name, values in one.items():
        np.testing.assert_array_equal(values, two[name], err_msg=name)


def test_steady_fields_do_not_depend_on_the_number_of_threads(compute: Runner) -> None:
    """Results of one and of several threads are bitwise equal on a mesh large enough for several."""
    across = "mesh.resolution={across=32}"
    one, two = (compute(case_text(), across, threads=threads) for threads in (1, 2))
    assert one["cells"] > 3000
    assert one.provenance["threads"] == 1
    assert two.provenance["threads"] == 2
    require_equal_fields(fields_of(one), fields_of(two))
    assert one.mass_flow == two.mass_flow


@pytest.mark.slow
def test_transient_fields_do_not_depend_on_the_number_of_threads(compute: Runner) -> None:
    overrides = ("mesh.resolution={across=32}", "run.mode=transient", "run.end_time=0.2 us")
    one, two = (compute(case_text(), *overrides, threads=threads) for threads in (1, 2))
    assert one["cells"] > 3000
    require_equal_fields(fields_of(one), fields_of(two))


def test_a_run_that_did_not_converge_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "case.toml").write_text(case_text(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["run", "case.toml", "--set", "run.max_iterations=3", "--set", "mesh.resolution=coarse"]) == 7
    result = read_result(tmp_path / "result.vtkhdf")
    assert result.converged is False
    assert result.residual_drop > 1e-6
    assert "NOT CONVERGED" in capsys.readouterr().err


TUBE = """
gas = "air"
[mesh]
template = "block"
cells = [100, 1]
levels = 1
x = ["-1 m", "1 m"]
y = ["0 m", "0.1 m"]
geometry = "planar"
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "symmetry" }
top = { kind = "symmetry" }
[exact]
solution = "riemann"
left = { pressure = "100 kPa", temperature = "300 K", velocity = ["0 m/s", "0 m/s"] }
right = { pressure = "0 Pa", temperature = "300 K", velocity = ["0 m/s", "0 m/s"] }
[run]
mode = "transient"
end_time = "0.5 ms"
"""


def test_a_vacuum_beside_gas_begins_as_the_background(tmp_path: Path) -> None:
    """At 0 Pa neither cells nor boundary faces hold gas at the start. Errors as measured, plus 3 %."""
    case = parse_case(TUBE)
    result = run(case, output=tmp_path / "result.vtkhdf")
    assert result.summary["density_error"].value <= 0.0066
    assert result.summary["pressure_error"].value <= 0.0081
