"""Closed forms against published or independently computed numbers.

Tolerances: half a unit of the last digit published, unless a line says otherwise.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import breachflow.theory
from breachflow.errors import OutOfRange
from breachflow.theory.fields import riemann, vortex
from breachflow.theory.rarefied import rarefaction
from breachflow.theory.streams import nozzle

gammas = st.floats(1.1, 5 / 3)
THEORY = Path(breachflow.theory.__file__).parent
ratios = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("gamma", "flux", "critical"),
    [(1.4, 0.684731, 0.528282), (5 / 3, 0.726184, 0.487139), (1.3, 0.667262, 0.545728)],
)
def test_choked_nozzle(gamma: float, flux: float, critical: float) -> None:
    # The closed forms (NACA 1135) evaluated to six digits.
    assert nozzle.choked_mass_flux(gamma) == pytest.approx(flux, abs=5e-7)
    assert nozzle.critical_pressure_ratio(gamma) == pytest.approx(critical, abs=5e-7)


@given(gamma=gammas, ratio=ratios)
def test_mass_flux_is_that_of_the_throat_state(gamma: float, ratio: float) -> None:
    throat = nozzle.throat_state(1.0, 1.0, gamma, 1.0, ratio)
    # Rounding: the difference of nearly equal powers at r close to 1 loses half the digits.
    assert throat.density * throat.speed == pytest.approx(nozzle.mass_flux(ratio, gamma), rel=1e-9, abs=3e-8)


@given(gamma=gammas, mach=st.floats(1.0, 20.0))
def test_inverses(gamma: float, mach: float) -> None:
    # The area ratio is flat at M = 1: half the digits are lost there.
    area = nozzle.area_ratio(mach, gamma)
    assert nozzle.mach_from_area_ratio(max(area, 1.0), gamma, True) == pytest.approx(mach, rel=1e-7, abs=1e-6)
    angle = nozzle.prandtl_meyer_angle(mach, gamma)
    assert nozzle.mach_from_prandtl_meyer_angle(angle, gamma) == pytest.approx(mach, rel=1e-6)
    pressure = nozzle.pressure_ratio_from_mach(mach, gamma)
    assert nozzle.mach_from_pressure_ratio(pressure, gamma) == pytest.approx(mach, rel=1e-9)


@pytest.mark.parametrize(("degrees", "mach"), [(30.0, 2.133905), (45.0, 2.764452)])
def test_prandtl_meyer(degrees: float, mach: float) -> None:
    found = nozzle.mach_from_prandtl_meyer_angle(math.radians(degrees), 1.4)
    assert found == pytest.approx(mach, abs=5e-7)


@pytest.mark.parametrize(("ratio", "sonic"), [(2.25, (2.328172, 0.268487)), (9.0, (3.806054, 0.064461))])
def test_spherical_source(ratio: float, sonic: tuple[float, float]) -> None:
    found = [nozzle.mach_from_area_ratio(ratio, 1.4, supersonic) for supersonic in (True, False)]
    assert found == pytest.approx(sonic, abs=5e-7)


@pytest.mark.parametrize(
    ("delta", "published"),
    [(0.0, 1.0), (0.1, 1.014), (1.0, 1.129), (10.0, 1.463), (100.0, 1.533), (1000.0, 1.523), (2000.0, 1.522)],
)
def test_sharipov_thin_hole(delta: float, published: float) -> None:
    # Varoutis et al. 2008, table 1, L/R = 0; the fit is stated to be within 0.1 % of it.
    assert rarefaction.thin_hole_flow(delta) == pytest.approx(published, rel=1e-3)


def test_knudsen_and_rarefaction_parameter_agree() -> None:
    path = rarefaction.mean_free_path(1.8e-5, 1e5, 300.0, 287.0)
    delta = rarefaction.rarefaction_parameter(1e-6, 1.8e-5, 1e5, 300.0, 287.0)
    assert delta == pytest.approx(math.sqrt(math.pi) / 4 * 2e-6 / path, rel=1e-12)


@pytest.mark.parametrize(("gamma", "bound"), [(1.4, 0.58263), (5 / 3, 0.54937)])
def test_free_molecular_over_choked(gamma: float, bound: float) -> None:
    found = rarefaction.free_molecular_mass_flow(1.0, 1.0, 1.0, 1.0) / nozzle.choked_mass_flux(gamma)
    assert found == pytest.approx(bound, abs=5e-6)


# Toro 2009, chapter 4, tests 1 to 4, with p* and u* from the exact solution to eight digits.
TORO = [
    ((1.0, 0.0, 1.0), (0.125, 0.0, 0.1), 0.30313018, 0.92745262, 0.4263194, 0.2655737),
    ((1.0, -2.0, 0.4), (1.0, 2.0, 0.4), 0.0018938734, 0.0, 0.02185212, 0.02185212),
    ((1.0, 0.0, 1000.0), (1.0, 0.0, 0.01), 460.89379, 19.597451, 0.5750623, 5.999241),
    ((5.99924, 19.5975, 460.894), (5.99242, -6.19633, 46.0950), 1691.6470, 8.6897744, 14.28235, 31.0426),
]


@pytest.mark.parametrize("case", TORO)
def test_toro(case: tuple[tuple[float, ...], tuple[float, ...], float, float, float, float]) -> None:
    left, right, pressure, velocity, density_left, density_right = case
    star = riemann.star_state(riemann.RiemannState(*left), riemann.RiemannState(*right), 1.4)
    assert star.pressure == pytest.approx(pressure, rel=1e-7)
    assert star.velocity_left == star.velocity_right == pytest.approx(velocity, rel=1e-7, abs=1e-12)
    assert (star.density_left, star.density_right) == pytest.approx((density_left, density_right), rel=1e-6)


def test_escape_into_vacuum_from_both_sides() -> None:
    gas, vacuum = riemann.RiemannState(1.0, 0.0, 1.0), riemann.RiemannState(0.0, 0.0, 0.0)
    speed = np.linspace(-2.0, 7.0, 91)
    outward = riemann.sample(gas, vacuum, 1.4, speed)
    inward = riemann.sample(vacuum, gas, 1.4, -speed)
    assert riemann.star_state(gas, vacuum, 1.4).velocity_left == pytest.approx(5.9160798, abs=5e-8)
    assert float(outward.density[speed > 5.9161].max()) == 0.0
    np.testing.assert_allclose(outward.pressure, inward.pressure, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(outward.velocity, -inward.velocity, rtol=1e-13, atol=1e-15)


def test_vacuum_opens_between_gases_that_part() -> None:
    # 2 a/(gamma-1) = 5.916 each: they part at 14 > 11.83, and an empty gap of |x/t| < 1.084 opens.
    left, right = riemann.RiemannState(1.0, -7.0, 1.0), riemann.RiemannState(1.0, 7.0, 1.0)
    found = riemann.sample(left, right, 1.4, np.array([-8.5, -1.0, 0.0, 1.0, 8.5]))
    assert found.density.tolist() == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert found.velocity.tolist() == [-7.0, 0.0, 0.0, 0.0, 7.0]


states = st.builds(riemann.RiemannState, st.floats(0.01, 100.0), st.floats(-3.0, 3.0), st.floats(0.01, 100.0))


@settings(max_examples=60)
@given(left=states, right=states, gamma=gammas)
@example(left=riemann.RiemannState(0.01, 0.0, 61.0), right=riemann.RiemannState(29.0, 1.0, 1.0), gamma=1.25)
def test_riemann_conserves(left: riemann.RiemannState, right: riemann.RiemannState, gamma: float) -> None:
    # Mass between -s and s at t = 1 is what was there plus what flowed in; the sum over 20001 points resolves
    # shocks to one spacing, of 2 s/20000, which the gas between shock and contact may slip through.
    sound = max(math.sqrt(gamma * side.pressure / side.density) for side in (left, right))
    reach = 4.0 + 3.0 * max(sound, riemann.escape_speed(left, gamma), riemann.escape_speed(right, gamma))
    speed = np.linspace(-reach, reach, 20001)
    density = riemann.sample(left, right, gamma, speed).density
    inflow = left.density * left.velocity - right.density * right.velocity
    mass = float(np.trapezoid(density, speed)) if hasattr(np, "trapezoid") else float(density.sum())
    star = riemann.star_state(left, right, gamma)
    largest = max(left.density, right.density, star.density_left, star.density_right)
    expected = reach * (left.density + right.density) + inflow
    assert mass == pytest.approx(expected, abs=4.0 * largest * 2.0 * reach / 20000)


def test_vortex_is_carried_along_and_solves_the_radial_balance() -> None:
    x, y = np.meshgrid(np.linspace(-4.0, 4.0, 401), np.linspace(-4.0, 4.0, 401), indexing="ij")
    start = vortex.isentropic_vortex(x, y)
    later = vortex.isentropic_vortex(x + 1.5, y + 1.5, time=1.5)
    np.testing.assert_allclose(later.density, start.density, rtol=1e-14)
    # Without a stream dp/dx = rho v^2/r on the axis y = 0; centered differences of 0.02 are good to 1e-3.
    still = vortex.isentropic_vortex(x, y, drift=(0.0, 0.0))
    line, middle = slice(220, 380), 200
    slope = np.gradient(still.pressure[:, middle], x[:, middle])[line]
    balance = still.density[line, middle] * still.velocity_y[line, middle] ** 2 / x[line, middle]
    np.testing.assert_allclose(slope, balance, atol=1e-3 * float(balance.max()))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nozzle.mass_flux(1.2, 1.4), "must lie in [0, 1]"),
        (lambda: nozzle.mass_flux(math.nan, 1.4), "must lie in [0, 1]"),
        (lambda: nozzle.choked_mass_flux(2.0), "must lie in (1, 5/3]"),
        (lambda: nozzle.ideal_mass_flow(-1.0, 1e5, 300.0, 1.4, 287.0), "area = -1"),
        (lambda: nozzle.mach_from_area_ratio(0.9, 1.4, True), "at least 1"),
        (lambda: rarefaction.thin_hole_flow(3000.0), "0 <= delta <= 2000"),
        (lambda: rarefaction.regime(-1.0), "must not be negative"),
        (
            lambda: riemann.star_state(riemann.RiemannState(1, 0, 0), riemann.RiemannState(1, 0, 1), 1.4),
            "neither a gas",
        ),
        (lambda: vortex.isentropic_vortex(np.zeros(1), np.zeros(1), strength=11.0), "vortex center"),
    ],
)
def test_outside_its_range_a_formula_raises(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(OutOfRange) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("source", sorted(THEORY.rglob("*.py")), ids=lambda path: path.stem)
def test_the_judge_has_no_number_of_this_programs_own_runs(source: Path) -> None:
    # A number that a run gave is documented by a case, a page of docs/ or a result file; theory names none.
    own = re.compile(r"docs/|cases/|expected\.toml|case\.toml|vtkhdf|breachflow run|own solver|this project")
    assert own.findall(source.read_text()) == []
