"""Exact gas dynamics against tables, against the equations and against other methods.

Tolerances: half a unit of the last digit published, unless a line says otherwise.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from breachflow.errors import OutOfRange
from breachflow.theory.fields import plane, ringleb, source
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.holes import throat
from breachflow.theory.streams import cone, duct, jet, nozzle, shock

gammas = st.floats(1.1, 5 / 3)
RINGLEB_GAMMAS = [5 / 3, 1.4, 9 / 7]
ROUNDING = 1e-12
"""Rounding of some ten operations."""


def refuses(message: str):
    return pytest.raises(OutOfRange, match=f"^{re.escape(message)}$")


# Shocks


@pytest.mark.parametrize(
    ("mach", "published"),
    [
        # NACA 1135, table II: M2, p2/p1, rho2/rho1, T2/T1, p02/p01.
        (2.0, (0.5774, 4.500, 2.667, 1.687, 0.7209)),
        (5.0, (0.4152, 29.00, 5.000, 5.800, 0.06172)),
    ],
)
def test_normal_shock(mach: float, published: tuple[float, ...]) -> None:
    digits = (5e-5, 5e-4, 5e-4, 6e-4, 5e-5)
    found = shock.normal_shock(mach, 1.4)
    assert found.angle == math.pi / 2
    for value, expected, half_digit in zip(found[2:], published, digits, strict=True):
        assert value == pytest.approx(expected, abs=half_digit)


def test_wedge() -> None:
    # Computed independently from the same equations.
    found = shock.oblique_shock(2.0, math.radians(10.0), 1.4)
    assert math.degrees(found.angle) == pytest.approx(39.31393, abs=5e-6)
    assert found.pressure_ratio == pytest.approx(1.706579, abs=5e-7)


@given(gamma=gammas, mach=st.floats(1.01, 20.0), fraction=st.floats(0.0, 1.0), strong=st.booleans())
def test_shocks_conserve_mass_momentum_and_energy(
    gamma: float, mach: float, fraction: float, strong: bool
) -> None:
    deflection = fraction * shock.largest_deflection(mach, gamma)
    found = shock.oblique_shock(mach, deflection, gamma, strong=strong)
    # Ahead: density, pressure 1, speed of sound sqrt(gamma).
    before, after = mach * math.sqrt(gamma), found.mach * math.sqrt(gamma * found.temperature_ratio)
    normal, along = before * math.sin(found.angle), before * math.cos(found.angle)
    behind = found.angle - found.deflection
    normal2, along2 = after * math.sin(behind), after * math.cos(behind)
    enthalpy = gamma / (gamma - 1.0)
    # At the largest deflection the angle is known to half the digits alone; the jump is exact for any angle.
    assert found.density_ratio * normal2 == pytest.approx(normal, rel=1e-11)
    assert along2 == pytest.approx(along, abs=1e-11 * before)
    assert found.pressure_ratio + found.density_ratio * normal2**2 == pytest.approx(
        1.0 + normal**2, rel=1e-11
    )
    total = enthalpy * found.temperature_ratio + 0.5 * after**2
    assert total == pytest.approx(enthalpy + 0.5 * before**2, rel=1e-11)
    assert found.stagnation_pressure_ratio <= 1.0 + 1e-12


@given(gamma=gammas, mach=st.floats(1.05, 10.0), fraction=st.floats(0.0, 0.999))
def test_both_shocks_turn_the_flow_as_asked(gamma: float, mach: float, fraction: float) -> None:
    asked = fraction * shock.largest_deflection(mach, gamma)
    weak, strong = (shock.oblique_shock(mach, asked, gamma, strong=flag) for flag in (False, True))
    assert weak.deflection == pytest.approx(asked, abs=1e-13)
    assert strong.deflection == pytest.approx(asked, abs=1e-13)
    assert weak.angle <= shock.detachment_angle(mach, gamma) <= strong.angle
    assert weak.pressure_ratio <= strong.pressure_ratio


@given(gamma=gammas, mach=st.floats(1.1, 10.0))
def test_detachment_is_the_top_of_the_shock_polar(gamma: float, mach: float) -> None:
    angle, largest = shock.detachment_angle(mach, gamma), shock.largest_deflection(mach, gamma)
    room = min(angle - math.asin(1.0 / mach), math.pi / 2 - angle)
    for fraction in (-0.3, -0.01, 0.01, 0.3):
        assert shock.deflection_angle(mach, angle + fraction * room, gamma) < largest


def test_a_weak_shock_is_a_mach_wave() -> None:
    # Linear theory (Ackeret): dp/p = gamma M^2 delta/sqrt(M^2 - 1), off by O(delta).
    for mach in (1.5, 2.0, 4.0):
        found = shock.oblique_shock(mach, 1e-6, 1.4)
        linear = 1.4 * mach**2 * 1e-6 / math.sqrt(mach**2 - 1.0)
        assert found.pressure_ratio - 1.0 == pytest.approx(linear, rel=1e-5)
        assert found.angle == pytest.approx(math.asin(1.0 / mach), abs=2e-6)


def test_a_shock_of_mach_one_changes_nothing() -> None:
    assert shock.normal_shock(1.0, 1.4)[2:] == pytest.approx([1.0] * 5, abs=ROUNDING)


def test_detached_shocks_are_refused() -> None:
    with refuses(
        "a shock attached to a corner turns a stream of Mach number 2 by 0 to 22.9735 degrees, not by 25.0000"
    ):
        shock.shock_angle(2.0, math.radians(25.0), 1.4)
    with refuses("Mach number 0.9: a shock needs a stream of at least 1"):
        shock.normal_shock(0.9, 1.4)
    with refuses("shock angle 20.0000 degrees must lie between the Mach wave at 30.0000 degrees and 90"):
        shock.deflection_angle(2.0, math.radians(20.0), 1.4)


# Cones


def test_cone() -> None:
    # Computed independently from the same equations.
    found = cone.cone(2.0, math.radians(10.0), 1.4)
    assert math.degrees(found.shock_angle) == pytest.approx(31.20609, abs=5e-6)
    assert found.mach == pytest.approx(1.834028, abs=5e-7)


@pytest.mark.parametrize(("mach", "degrees"), [(1.5, 15.0), (2.0, 10.0), (3.0, 30.0), (8.0, 5.0)])
@pytest.mark.parametrize("gamma", [1.4, 5 / 3])
def test_cone_from_its_surface_outwards(mach: float, degrees: float, gamma: float) -> None:
    """In the other direction, with another integrator: integration from the surface must reach the shock."""
    found = cone.cone(mach, math.radians(degrees), gamma)
    squared = 0.5 * (gamma - 1.0) * found.mach**2

    def slope(angle: float, velocity):
        u, v = velocity
        sound = 0.5 * (gamma - 1.0) * (1.0 - u * u - v * v)
        return v, (v * v * u - sound * (2.0 * u + v / math.tan(angle))) / (sound - v * v)

    span = (math.radians(degrees), found.shock_angle)
    start = [math.sqrt(squared / (1.0 + squared)), 0.0]
    u, v = solve_ivp(slope, span, start, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    behind = shock.shock_at_angle(mach, found.shock_angle, gamma)
    square = u * u + v * v
    # The fixed steps leave 2e-7 in the half-angle, hence in the flow behind the shock.
    assert math.sqrt(2.0 / (gamma - 1.0) * square / (1.0 - square)) == pytest.approx(behind.mach, rel=1e-6)
    assert found.shock_angle + math.atan2(v, u) == pytest.approx(behind.deflection, abs=1e-6)


def test_digits_of_the_cone_come_with_the_steps() -> None:
    angles, machs = np.array(
        [cone.cone(2.0, math.radians(10.0), 1.4, steps)[:2] for steps in (50, 100, 200, 400)]
    ).T
    for values in (angles, machs):
        errors = np.abs(np.diff(values))
        # Fourth order: each doubling divides the change by 16.
        assert np.all(errors[:-1] / errors[1:] == pytest.approx(16.0, rel=0.3))
        assert errors[-1] < 1e-8


@settings(max_examples=10)
@given(gamma=gammas, mach=st.floats(1.3, 6.0), degrees=st.floats(3.0, 15.0))
def test_a_cone_disturbs_less_than_a_wedge(gamma: float, mach: float, degrees: float) -> None:
    angle = math.radians(degrees)
    assume(angle < 0.95 * shock.largest_deflection(mach, gamma))
    wedge, found = shock.oblique_shock(mach, angle, gamma), cone.cone(mach, angle, gamma)
    assert math.asin(1.0 / mach) < found.shock_angle < wedge.angle
    assert 1.0 < found.pressure_ratio < wedge.pressure_ratio
    assert wedge.mach < found.mach < mach
    assert wedge.stagnation_pressure_ratio < found.stagnation_pressure_ratio <= 1.0


def test_cones_out_of_range() -> None:
    with refuses(
        "at Mach number 2 the shock of a cone is attached and computed for half-angles of 2 to"
        " 40.6885 degrees, not 45.0000"
    ):
        cone.cone(2.0, math.radians(45.0), 1.4)
    with refuses("the flow past a cone is computed for 1.05 <= M <= 20, not M = 1"):
        cone.cone(1.0, math.radians(10.0), 1.4)


# Ducts


@pytest.mark.parametrize(("length", "flow"), [(0.1, 0.95171), (1.0, 0.75559), (10.0, 0.39117)])
def test_choked_duct(length: float, flow: float) -> None:
    assert duct.fanno_choked_flow(length, 1.4) == pytest.approx(flow, abs=5e-6)


def test_duct_without_friction_is_a_nozzle() -> None:
    assert duct.fanno_choked_flow(0.0, 1.4) == pytest.approx(1.0, abs=ROUNDING)
    critical = nozzle.critical_pressure_ratio(1.4)
    assert duct.fanno_choking_pressure_ratio(0.0, 1.4) == pytest.approx(critical, abs=ROUNDING)


@given(gamma=gammas, mach=st.floats(0.02, 0.98) | st.floats(1.02, 20.0))
def test_fanno_length_integrates_the_equation_of_the_duct(gamma: float, mach: float) -> None:
    # dM^2/M^2 (1 - M^2)/(1 + (gamma-1)/2 M^2) = gamma M^2 4 f dx/D (Shapiro 1953), by central differences.
    step = 1e-5 * mach
    ends = (duct.fanno_length(mach + step, gamma), duct.fanno_length(mach - step, gamma))
    slope = -2.0 * (1.0 - mach**2) / (gamma * mach**3 * (1.0 + 0.5 * (gamma - 1.0) * mach**2))
    # Rounding of the lengths over the step, and the third derivative.
    rounding = 1e-15 * (1.0 + 1.0 / mach**2) / step
    assert (ends[0] - ends[1]) / (2.0 * step) == pytest.approx(slope, rel=1e-7, abs=10.0 * rounding)


@given(gamma=gammas, exponent=st.floats(-30.0, -3.0))
def test_fanno_length_of_slow_flow(gamma: float, exponent: float) -> None:
    # (1 - M^2)/(gamma M^2) + (gamma+1)/gamma ln M + ..., where M^2 and then 1 are far below rounding.
    mach = 10.0**exponent
    slow = 1.0 / (gamma * mach**2) + (gamma + 1.0) / gamma * math.log(mach)
    assert duct.fanno_length(mach, gamma) == pytest.approx(slow, rel=2e-6)


@given(gamma=gammas, mach=st.floats(0.01, 10.0))
def test_fanno_mach_inverts_the_length(gamma: float, mach: float) -> None:
    found = duct.fanno_mach(duct.fanno_length(mach, gamma), gamma, supersonic=mach > 1.0)
    # The length is flat at M = 1 (half the digits are lost there) and levels off at high Mach numbers.
    assert found == pytest.approx(mach, rel=1e-9, abs=1e-7)


@given(gamma=gammas, length=st.floats(0.0, 100.0))
def test_pressure_at_the_choked_exit(gamma: float, length: float) -> None:
    """The exit's pressure by way of the duct's own pressure ratio, p/p* at the inlet."""
    mach = duct.fanno_mach(length, gamma, supersonic=False)
    over_sonic = math.sqrt((gamma + 1.0) / (2.0 + (gamma - 1.0) * mach**2)) / mach
    expected = nozzle.pressure_ratio_from_mach(mach, gamma) / over_sonic
    assert duct.fanno_choking_pressure_ratio(length, gamma) == pytest.approx(expected, rel=1e-10)


def test_ducts_out_of_range() -> None:
    with refuses("friction length 4fL/D = 0.9 must lie in [0, 0.821508)"):
        duct.fanno_mach(0.9, 1.4, supersonic=True)
    with refuses("friction length 4fL/D = -1 must lie in [0, inf)"):
        duct.fanno_choked_flow(-1.0, 1.4)
    with refuses("Mach number = 0 must be a finite number above 0"):
        duct.fanno_length(0.0, 1.4)


# Throats


def test_rounded_throat() -> None:
    assert throat.throat_discharge_coefficient(2.0, 1.4).value == pytest.approx(0.99618, abs=5e-6)


@given(gamma=gammas, curvature=st.floats(5.0, 1e3))
def test_throat_against_the_series_in_the_curvature_itself(gamma: float, curvature: float) -> None:
    """I. M. Hall, Quart. J. Mech. Appl. Math. 15 (1962) 487: the same expansion in Rt/Rc.

    Expanded in 1/(1 + q) instead, its last coefficient becomes 754 g^2 - 909 g + 3087: what was published has
    152 g + 546 more, so the two differ by that and by the next term, at most 0.2/q^5.
    """
    q = curvature
    terms = 1 / 96 - (8 * gamma + 21) / (2304 * q) + (754 * gamma**2 + 1971 * gamma + 2007) / (276480 * q * q)
    hall = 1.0 - (gamma + 1.0) / (q * q) * terms
    room = (gamma + 1.0) * (152 * gamma + 546) / 276480 / (1 + q) ** 4 + 0.2 / q**5
    assert throat.throat_discharge_coefficient(q, gamma).value == pytest.approx(hall, abs=room)


def test_uncertainty_of_a_throat_grows_as_it_gets_sharper() -> None:
    found = [throat.throat_discharge_coefficient(q, 1.4).uncertainty for q in (10.0, 2.0, 1.5, 1.0)]
    # 0.15 % (3/(1 + q))^5.
    assert found == pytest.approx([0.0015, 0.0015, 0.0015 * 1.2**5, 0.0015 * 1.5**5], rel=ROUNDING)
    with refuses("Kliegel and Levine's series is used for Rc/Rt >= 1, not Rc/Rt = 0.5"):
        throat.throat_discharge_coefficient(0.5, 1.4)


# Ringleb's flow and source flows: the equations themselves, by differences


def fluxes(state: PlaneState, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """Of mass, momentum and energy along x and y, shape (4, n) each."""
    rho, u, v, p = state
    total = gamma / (gamma - 1.0) * p / rho + 0.5 * (u * u + v * v)
    return (
        np.array([rho * u, rho * u * u + p, rho * u * v, rho * u * total]),
        np.array([rho * v, rho * u * v, rho * v * v + p, rho * v * total]),
    )


def slope(function, step: float) -> np.ndarray:
    """Derivative at 0 of fourth order."""
    return (8.0 * (function(step) - function(-step)) - function(2 * step) + function(-2 * step)) / (
        12.0 * step
    )


STEP = 1e-4
DIFFERENCES = 1e-9
"""Rounding over the step, 1e-12, and step^4 times fifth derivatives, which reach some 1e5 in these flows."""


def hodograph(gamma: float, count: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """Random q and k over nine tenths of what Ringleb's flow allows."""
    random = np.random.default_rng(7)
    k = random.uniform(0.2, 0.9 * ringleb.largest_streamline(gamma), count)
    return k * random.uniform(0.1, 1.0, count), k


@pytest.mark.parametrize("gamma", RINGLEB_GAMMAS)
def test_ringleb_solves_the_euler_equations(gamma: float) -> None:
    x, y = ringleb.ringleb_place(*hodograph(gamma), gamma)
    along = slope(lambda h: fluxes(ringleb.ringleb(x + h, y, gamma), gamma)[0], STEP)
    across = slope(lambda h: fluxes(ringleb.ringleb(x, y + h, gamma), gamma)[1], STEP)
    assert np.abs(along + across).max() < DIFFERENCES
    curl = slope(lambda h: ringleb.ringleb(x + h, y, gamma).velocity_y, STEP)
    curl -= slope(lambda h: ringleb.ringleb(x, y + h, gamma).velocity_x, STEP)
    assert np.abs(curl).max() < DIFFERENCES


@pytest.mark.parametrize("gamma", RINGLEB_GAMMAS)
def test_ringleb_inverts_its_map(gamma: float) -> None:
    q, k = hodograph(gamma, 20000)
    place, expected = ringleb.ringleb_place(q, k, gamma), ringleb.ringleb_state(q, k, gamma)
    found = ringleb.ringleb(*place, gamma)
    for a, b in zip(found, expected, strict=True):
        assert np.abs(a - b).max() < 1e-13
    # Homentropic, and of one total enthalpy: stagnation density, pressure and R T0 are 1.
    assert found.pressure == pytest.approx(found.density**gamma, rel=ROUNDING)
    total = gamma / (gamma - 1.0) * found.pressure / found.density
    total += 0.5 * (found.velocity_x**2 + found.velocity_y**2)
    assert total == pytest.approx(gamma / (gamma - 1.0), rel=ROUNDING)


@pytest.mark.parametrize("gamma", RINGLEB_GAMMAS)
def test_ringleb_is_symmetric(gamma: float) -> None:
    x, y = ringleb.ringleb_place(*hodograph(gamma, 50), gamma)
    upper, lower = ringleb.ringleb(x, y, gamma), ringleb.ringleb(x, -y, gamma)
    for a, b, sign in zip(upper, lower, (1, -1, 1, 1), strict=True):
        assert np.array_equal(a, sign * b)


@pytest.mark.parametrize("gamma", RINGLEB_GAMMAS)
def test_ringleb_has_no_limiting_line_within_its_streamlines(gamma: float) -> None:
    # On the limiting line k^2 = q^4/(q^2 - c^2): its least k, by brute force.
    q = np.linspace(0.95, 2.0 / np.sqrt(gamma - 1.0) * 0.7, 200001)
    square = q * q - (1.0 - 0.5 * (gamma - 1.0) * q * q)
    smallest = np.sqrt((q**4 / np.where(square > 0.0, square, np.nan))[square > 0.0].min())
    assert smallest == pytest.approx(ringleb.largest_streamline(gamma), rel=1e-8)


@pytest.mark.parametrize("k", [0.7, 1.2, 1.5])
def test_ringleb_moves_along_its_streamlines(k: float) -> None:
    q = np.linspace(0.3 * k, 0.999 * k, 40)
    ends = [np.array(ringleb.ringleb_place(q + h, np.full_like(q, k))) for h in (1e-6, -1e-6)]
    tangent, state = ends[0] - ends[1], ringleb.ringleb_state(q, np.full_like(q, k))
    cross = tangent[0] * state.velocity_y - tangent[1] * state.velocity_x
    # Rounding: 1e-16 of lengths of order 10 over the step of 1e-6.
    assert np.abs(cross / np.hypot(*tangent)).max() < 1e-8


def test_ringleb_out_of_range() -> None:
    with refuses(
        "Ringleb's flow is given right of its streamline k = 1.66667, and not at (x, y) = (-1, 0.1)"
    ):
        ringleb.ringleb(np.array([0.5, -1.0]), np.array([0.0, 0.1]))
    # On the axis, where a point inside the ridge has the direction of a streamline but lies on no circle.
    with refuses(
        "Ringleb's flow is given right of its streamline k = 1.66667, and not at (x, y) = (-0.8, 0)"
    ):
        ringleb.ringleb(np.array([-0.8]), np.zeros(1))
    with refuses("Ringleb's flow is given for 0 < q <= k < 1.66667"):
        ringleb.ringleb_place(np.array([1.0]), np.array([1.7]))
    with refuses("Ringleb's flow is given for 0 < q <= k < 1.66667"):
        ringleb.ringleb_state(np.array([1.0]), np.array([0.9]))
    with refuses("Ringleb's flow is given for gamma = 5/3, 7/5 and 9/7, not 1.3"):
        ringleb.ringleb(np.array([0.5]), np.array([0.0]), 1.3)


@pytest.mark.parametrize("supersonic", [True, False])
@pytest.mark.parametrize("inward", [True, False])
@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize("gamma", [1.1, 1.4, 5 / 3])
def test_source_solves_the_euler_equations(
    dimension: int, gamma: float, supersonic: bool, inward: bool
) -> None:
    random = np.random.default_rng(11)
    radius, angle = random.uniform(1.2, 4.0, 500), random.uniform(0.1, 3.0, 500)
    x, y = radius * np.cos(angle), radius * np.sin(angle)

    def at(dx: float, dy: float) -> PlaneState:
        return source.spherical_source(
            x + dx, y + dy, 1.0, gamma, supersonic, dimension=dimension, inward=inward
        )

    weight = dimension - 2
    along = slope(lambda h: fluxes(at(h, 0.0), gamma)[0], STEP)
    across = slope(lambda h: (y + h) ** weight * fluxes(at(0.0, h), gamma)[1], STEP) / y**weight
    # Only the pressure on the sides of a wedge of the axis is not a flux.
    across[2] -= weight * at(0.0, 0.0).pressure / y
    assert np.abs(along + across).max() < DIFFERENCES


@given(gamma=gammas, far=st.floats(0.0, 6.0), supersonic=st.booleans(), dimension=st.sampled_from([2, 3]))
def test_source_carries_the_choked_flow(gamma: float, far: float, supersonic: bool, dimension: int) -> None:
    radius = np.array(2.0 * 10.0**far)
    state = source.spherical_source(0.6 * radius, 0.8 * radius, 2.0, gamma, supersonic, dimension=dimension)
    flow = state.density * np.hypot(state.velocity_x, state.velocity_y) * (radius / 2.0) ** (dimension - 1)
    # The exponent 1/(gamma - 1) of a temperature ratio of up to 1e-12 amplifies rounding.
    assert flow == pytest.approx(nozzle.choked_mass_flux(gamma), rel=1e-11)
    number = plane.mach(state, gamma)
    assert number >= 1.0 - ROUNDING if supersonic else number <= 1.0 + ROUNDING


@pytest.mark.parametrize(("radius", "machs"), [(1.5, (2.328172, 0.268487)), (3.0, (3.806054, 0.064461))])
def test_source_mach_numbers(radius: float, machs: tuple[float, float]) -> None:
    # A/A* = r^2 (NACA 1135, eq. 80), computed independently.
    for supersonic, expected in zip((True, False), machs, strict=True):
        state = source.spherical_source(np.array([radius]), np.zeros(1), 1.0, 1.4, supersonic)
        assert plane.mach(state, 1.4)[0] == pytest.approx(expected, abs=5e-7)


@given(gamma=gammas, mach=st.floats(1e-3, 0.999) | st.floats(1.001, 50.0))
def test_mach_from_area_agrees_with_bisection(gamma: float, mach: float) -> None:
    ratio = nozzle.area_ratio(mach, gamma)
    found = source.mach_from_log_area_ratio(np.log(np.array([ratio])), gamma, mach > 1.0)[0]
    # The rounding of A/A* itself, 1e-16 over (M - 1)^2.
    assert found == pytest.approx(mach, rel=1e-9)


def test_source_keeps_the_shape_and_the_direction_asked() -> None:
    x, y = np.meshgrid(np.linspace(2.0, 3.0, 3), np.linspace(-1.0, 1.0, 2))
    outward, inward = (source.spherical_source(x, y, 1.0, 1.4, False, inward=flag) for flag in (False, True))
    assert all(values.shape == (2, 3) for values in outward)
    assert np.array_equal(outward.velocity_x, -inward.velocity_x)
    assert np.array_equal(outward.pressure, inward.pressure)
    assert np.all(outward.velocity_x * x + outward.velocity_y * y > 0.0)


def test_sources_out_of_range() -> None:
    with refuses("a source flow exists from its sonic radius 2 on, not at r = 1"):
        source.spherical_source(np.array([3.0, 1.0]), np.zeros(2), 2.0, 1.4, True)
    with refuses("dimension = 1 must be 2 (line source) or 3 (point source)"):
        source.spherical_source(np.ones(1), np.zeros(1), 1.0, 1.4, True, dimension=1)
    with refuses("ln(A/A*) = -1 must not be negative"):
        source.mach_from_log_area_ratio(np.array([-1.0]), 1.4, True)


# Free jets


@pytest.mark.parametrize(
    ("distance", "mach"), [(0.5, 1.6892), (1.0, 2.5851), (2.0, 3.8986), (5.0, 6.2695), (10.0, 8.6578)]
)
def test_axis_of_a_sonic_jet(distance: float, mach: float) -> None:
    # Computed independently by the method of characteristics, stated as exact to 2e-4.
    assert jet.axis_mach(distance, 1.4) == pytest.approx(mach, abs=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gamma", "exit_mach"), [pytest.param(1.4, 1.0, marks=pytest.mark.slow), (5 / 3, 1.0), (1.2, 2.0)]
)
def test_rays_converge_at_second_order(gamma: float, exit_mach: float) -> None:
    places = np.array([3.0, 7.0, 15.0])
    found = [CubicSpline(*jet.jet_axis(gamma, exit_mach, rays=rays))(places) for rays in (50, 100, 200, 400)]
    changes = np.abs(np.diff(found, axis=0))
    # Each doubling divides the change by 4.
    assert changes[1] / changes[2] == pytest.approx(4.0, rel=0.15)
    extrapolated = found[3] + (found[3] - found[2]) / 3.0
    for place, expected in zip(places, extrapolated, strict=True):
        assert jet.axis_mach(float(place), gamma, exit_mach) == pytest.approx(expected, rel=5e-5)


def test_the_rest_of_the_fan_has_no_influence() -> None:
    for furthest in (2.5, 5.0, 20.0):
        coarse, fine = (
            CubicSpline(*jet.jet_axis(1.4, furthest=furthest, rays=rays))(2.0) for rays in (100, 200)
        )
        # Each distance has its own rays; the results may differ by the error of the extrapolation alone.
        assert fine + (fine - coarse) / 3.0 == pytest.approx(jet.axis_mach(2.0, 1.4), rel=5e-5)


def test_a_supersonic_stream_is_undisturbed_up_to_its_mach_cone() -> None:
    assert jet.axis_mach(math.sqrt(3.0) / 2.0, 1.4, 2.0) == 2.0
    with refuses("the axis of this jet is known for 0 <= x/D <= 0.866025 and 1.83205 <= x/D <= 20, not 1.2"):
        jet.axis_mach(1.2, 1.4, 2.0)


def test_far_from_the_exit_the_jet_is_a_source() -> None:
    """u -> the largest speed, rho ~ 1/x^2: M^(2/(gamma-1)) grows as x^2."""
    for gamma in (1.4, 5 / 3):
        near, far = jet.axis_mach(10.0, gamma), jet.axis_mach(20.0, gamma)
        # The origin of the source lies within one diameter, and 1/M^2 is not yet 0: some per cent of ln 2.
        assert math.log(far / near) / math.log(2.0) == pytest.approx(gamma - 1.0, rel=0.1)


@pytest.mark.parametrize(("gamma", "at_three"), [(1.4, 0.014), (5 / 3, 0.014), (9 / 7, 0.05)])
def test_ashkenas_and_sherman_fit_the_characteristics(gamma: float, at_three: float) -> None:
    for distance in (3.0, 5.0, 10.0, 20.0):
        expected = jet.axis_mach(distance, gamma)
        # As the docstring states.
        room = at_three if distance == 3.0 else 0.014
        assert jet.ashkenas_sherman_mach(distance, gamma) == pytest.approx(expected, rel=room)


def test_mach_disk() -> None:
    assert jet.mach_disk_distance(400.0) == pytest.approx(13.4, rel=ROUNDING)
    with refuses("the Mach disk was measured for 15 <= p0/p_outside <= 17000, not 10"):
        jet.mach_disk_distance(10.0)


def test_jets_out_of_range() -> None:
    with refuses("the jet is computed for 1.1 <= gamma <= 5/3, not 1.05"):
        jet.axis_mach(1.0, 1.05)
    with refuses("exit Mach number 0.9 must lie in [1, 5]"):
        jet.axis_mach(1.0, 1.4, 0.9)
    with refuses("the jet is computed for 0 < x/D <= 20, not 30"):
        jet.jet_axis(1.4, furthest=30.0)
    with refuses("10 rays are too few: at least 40"):
        jet.jet_axis(1.4, rays=10)
    with refuses("Ashkenas and Sherman's fit is known for gamma = 7/5, 5/3 and 9/7, not 1.3"):
        jet.ashkenas_sherman_mach(5.0, 1.3)
    with refuses("Ashkenas and Sherman's fit is used for x/D >= 3, not 1"):
        jet.ashkenas_sherman_mach(1.0, 1.4)
