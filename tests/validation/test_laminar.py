"""Closed forms of laminar flow against their differential equations, limits and independent formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange
from breachflow.theory.fields.couette import Plates, couette
from breachflow.theory.fields.manufactured import manufactured_friction, manufactured_waves
from breachflow.theory.fields.poiseuille import DrivenFlow, poiseuille, poiseuille_sources
from breachflow.theory.fields.viscous_gas import STICKS, ViscousGas, WallSlip, diffuse_wall
from breachflow.theory.rarefied.crack import PressureFall, slip_crack_mass_flow, slip_tube_mass_flow
from breachflow.theory.rarefied.laminar_bore import laminar_crack_mass_flow, laminar_tube_mass_flow
from breachflow.theory.streams.plate import blasius, plate_friction

AIR = ViscousGas(1.4, 0.05, 1.5, 0.37, 0.71)
HARD_SPHERES = ViscousGas(5.0 / 3.0, 0.03, 1.5, 0.0, 2.0 / 3.0)


# Long tubes and cracks.

AIR_FALL = PressureFall(101325.0, 0.0, 1.81e-5, 295.0, 287.05)


def shot(flux: float, fall: PressureFall, depth: float, size: float, numbers: tuple[float, ...]) -> float:
    """Length that friction leaves between entry and exit at a mass flux, by steps in the pressure."""
    friction, entry, momentum = numbers
    energy = fall.specific_gas_constant * fall.temperature
    path = fall.viscosity * math.sqrt(2.0 * energy)
    slip = 0.5 * friction * 1.018 * path / size
    p = fall.pressure_in
    for _ in range(50):  # p0 - p1 = (1 + K) G^2 R T/(2 p1)
        p = fall.pressure_in - (1.0 + entry) * flux**2 * energy / (2.0 * p)
    last = max(fall.pressure_out, math.sqrt(momentum * energy) * flux)
    steps = np.linspace(p, last, 20001)
    middle = 0.5 * (steps[1:] + steps[:-1])
    slope = (middle + slip) * (1.0 - momentum * flux**2 * energy / middle**2)
    return (
        float(np.sum(slope * -np.diff(steps)) * size**2 / (friction * fall.viscosity * flux * energy)) - depth
    )


@pytest.mark.parametrize("outside", [0.0, 90e3])
@pytest.mark.parametrize(("opening", "depth"), [(17e-6, 2.5e-3), (5e-6, 1e-3), (40e-6, 5e-3)])
def test_a_crack_integrates_its_balance_of_momentum(opening: float, depth: float, outside: float) -> None:
    fall = AIR_FALL._replace(pressure_out=outside)
    flux = laminar_crack_mass_flow(opening, depth, 1.0, fall).mass_flow / opening
    # The length found is proportional to 1/flux or steeper; 1e-6 is the error of 20 000 steps.
    assert abs(shot(flux, fall, depth, opening, (12.0, 0.674, 1.2))) < 1e-6 * depth


def test_a_tube_integrates_its_balance_of_momentum() -> None:
    flux = laminar_tube_mass_flow(8.5e-6, 2.5e-3, AIR_FALL).mass_flow / (math.pi * 8.5e-6**2)
    assert abs(shot(flux, AIR_FALL, 2.5e-3, 8.5e-6, (8.0, 1.25, 4.0 / 3.0))) < 1e-6 * 2.5e-3


@given(opening=st.floats(2e-6, 3e-5), slender=st.floats(60.0, 300.0), ratio=st.floats(0.0, 0.99))
def test_inertia_reduces_the_flow_and_is_what_is_stated(opening: float, slender: float, ratio: float) -> None:
    fall, depth = AIR_FALL._replace(pressure_out=ratio * AIR_FALL.pressure_in), slender * opening
    try:
        found = laminar_crack_mass_flow(opening, depth, 1.0, fall)
        slow = slip_crack_mass_flow(opening, depth, 1.0, fall).mass_flow
    except OutOfRange:
        return
    assert found.mass_flow <= slow * (1.0 + 1e-12)
    assert found.mass_flow == pytest.approx(slow * (1.0 - found.inertia), rel=1e-9)


def test_slip_raises_the_exponent_of_pressure_less_than_to_two() -> None:
    """n of mdot ~ p^n between 101 and 50 kPa: 2 of viscous flow, less by slip and by inertia."""
    flows = [
        laminar_crack_mass_flow(17e-6, 2.5e-3, 1.0, AIR_FALL._replace(pressure_in=pressure)).mass_flow
        for pressure in (101325.0, 50e3)
    ]
    assert 1.8 < math.log(flows[0] / flows[1]) / math.log(101325.0 / 50e3) < 1.9


@pytest.mark.parametrize(
    ("opening", "depth", "pressure", "message"),
    [
        (50e-6, 2.5e-3, 101325.0, "the profile develops over .* above 22 %"),
        (5e-7, 5e-5, 101325.0, "the slip formula holds from delta = 10 at the inlet, not 6.8"),
        (1e-3, 0.5, 101325.0, "Reynolds number .* is above 1000"),
        (17e-6, 1e-4, 101325.0, "length = 0.0001 m must be at least 20 times the opening"),
    ],
)
def test_the_law_refuses(opening: float, depth: float, pressure: float, message: str) -> None:
    with pytest.raises(OutOfRange, match=message):
        laminar_crack_mass_flow(opening, depth, 1.0, AIR_FALL._replace(pressure_in=pressure))


def test_a_tube_without_inertia_is_that_with_slip_alone() -> None:
    fall = AIR_FALL._replace(pressure_out=0.999 * AIR_FALL.pressure_in)
    slow = slip_tube_mass_flow(5e-6, 5e-3, fall)
    # Inertia takes G^2 R T of a pressure drop that is 1000 times smaller than p0^2: 1e-4.
    assert laminar_tube_mass_flow(5e-6, 5e-3, fall).mass_flow == pytest.approx(slow.mass_flow, rel=2e-4)


# Shear flow between plates.


def derivative(values: Floats, step: float) -> Floats:
    return (values[2:] - values[:-2]) / (2.0 * step)


@pytest.mark.parametrize("gas", [AIR, HARD_SPHERES, ViscousGas(1.4, 0.1, 1.0, 0.0, 0.7)])
@pytest.mark.parametrize("warmth", [0.7, 1.0, 1.3])
@pytest.mark.parametrize("slips", [False, True])
def test_shear_flow_passes_on_stress_and_energy(gas: ViscousGas, warmth: float, slips: bool) -> None:
    """mu du/dy and u mu du/dy + k dT/dy are the same everywhere; slip and jump are those of the gas there."""
    slip = diffuse_wall(gas.gamma, gas.prandtl) if slips else STICKS
    n, plates = 2000, Plates(0.8, warmth, slip)
    y = np.linspace(0.0, 1.0, n + 1)
    state = couette(y, plates, gas)
    u, temperature = state.velocity_x, state.pressure / state.density
    mu = gas.viscosity_at(temperature[1:-1])
    stress = mu * derivative(u, 1.0 / n)
    slope = derivative(temperature, 1.0 / n)
    heat = mu * gas.heat_capacity / gas.prandtl * slope
    # Central differences on 2000 intervals: 1e-6.
    assert np.ptp(stress) < 1e-6 * stress.mean()
    energy = u[1:-1] * stress + heat
    assert np.ptp(energy) < 1e-5 * np.abs(energy).max()
    for wall, side, speed, own in ((0, 1.0, 0.0, 1.0), (-1, -1.0, 0.8, warmth)):
        path = gas.viscosity_at(temperature[[wall]])[0] * math.sqrt(2.0 * temperature[wall])
        rise = stress.mean() / gas.viscosity_at(temperature[[wall]])[0]
        assert u[wall] - speed == pytest.approx(side * slip.velocity * path * rise, abs=1e-6)
        climb = (energy.mean() - u[wall] * stress.mean()) * gas.prandtl / gas.heat_capacity
        climb /= gas.viscosity_at(temperature[[wall]])[0]
        assert temperature[wall] - own == pytest.approx(side * slip.temperature * path * climb, abs=1e-5)


def test_too_much_slip_is_refused() -> None:
    thin = AIR._replace(viscosity=50.0)
    with pytest.raises(OutOfRange, match="make the gap wider"):
        couette(np.zeros(1), Plates(0.8, 1.3, WallSlip(1.0, 1.7)), thin)


# Channel and pipe.


@pytest.mark.parametrize("is_pipe", [False, True])
@pytest.mark.parametrize("slip", [0.0, 1.018])
def test_poiseuille_flow_balances_force_and_friction(is_pipe: bool, slip: float) -> None:
    flow, n = DrivenFlow(0.2, 0.04, slip, is_pipe), 1000
    y = np.linspace(0.0, 1.0, n + 1)
    u = poiseuille(y, flow).velocity_x
    middle = 0.5 * (y[1:] + y[:-1])
    weight = middle if is_pipe else np.ones_like(middle)
    force, work = poiseuille_sources(middle, flow)
    at_middle = poiseuille(middle, flow).velocity_x
    # The mean speed by midpoints: 1e-6.
    assert weight @ at_middle / weight.sum() == pytest.approx(0.2, rel=1e-6)
    wall = flow.force / (2.0 if is_pipe else 1.0)
    assert weight @ force / n == pytest.approx((0.5 if is_pipe else 1.0) * flow.force, rel=1e-12)
    assert u[-1] == pytest.approx(slip * math.sqrt(2.0) * wall, rel=1e-12)  # l du/dn, l = mu sqrt(2)
    # What the force does leaves through the wall with the sliding gas: u tau.
    assert weight @ work / n == pytest.approx(u[-1] * wall, abs=1e-6 * flow.force)


# Waves with friction.


def viscous_columns(x: Floats, y: Floats, gas: ViscousGas, axisymmetric: bool) -> tuple[Floats, ...]:
    """Viscous fluxes along x and y, and the stress around the axis, by central differences of the waves."""
    h = 1e-3

    def fields(a: Floats, b: Floats) -> Floats:
        density, u, v, pressure = (wave.value for wave in manufactured_waves(a, b))
        return np.stack([u, v, pressure / density])

    (ux, vx, tx), (uy, vy, ty) = (
        (8.0 * (fields(x + i * h, y + j * h) - fields(x - i * h, y - j * h))
         - fields(x + 2 * i * h, y + 2 * j * h) + fields(x - 2 * i * h, y - 2 * j * h)) / (12.0 * h)
        for i, j in ((1, 0), (0, 1))
    )  # fmt: skip
    u, v, temperature = fields(x, y)
    mu = gas.viscosity * temperature**gas.exponent * (1 + gas.sutherland) / (temperature + gas.sutherland)
    k = mu * gas.gamma / ((gas.gamma - 1.0) * gas.prandtl)
    around = v / y if axisymmetric else np.zeros_like(v)
    div = ux + vy + around
    xx, yy, xy = mu * (2 * ux - 2 / 3 * div), mu * (2 * vy - 2 / 3 * div), mu * (uy + vx)
    along = np.stack([0 * u, xx, xy, u * xx + v * xy + k * tx])
    across = np.stack([0 * u, xy, yy, u * xy + v * yy + k * ty])
    return along, across, mu * (2 * around - 2 / 3 * div)


@pytest.mark.parametrize("gas", [AIR, HARD_SPHERES])
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_friction_is_the_divergence_of_the_viscous_fluxes(gas: ViscousGas, axisymmetric: bool) -> None:
    """Reference: differences of fourth and second order; the latter err by 1e-5 at this step."""
    rng, h = np.random.default_rng(1), 1e-3
    x, y = rng.random(50) * 2.0, rng.random(50) + 0.2
    by_x = viscous_columns(x + h, y, gas, axisymmetric)[0] - viscous_columns(x - h, y, gas, axisymmetric)[0]
    upper, lower = (viscous_columns(x, y + s * h, gas, axisymmetric)[1] for s in (1.0, -1.0))
    radius = y if axisymmetric else np.ones_like(y)
    shift = h if axisymmetric else 0.0
    by_y = ((radius + shift) * upper - (radius - shift) * lower) / radius
    expected = -(by_x + by_y) / (2.0 * h)
    if axisymmetric:
        expected[2] += viscous_columns(x, y, gas, axisymmetric)[2] / y
    found = np.stack(manufactured_friction(x, y, gas, axisymmetric))
    np.testing.assert_allclose(found, expected, atol=2e-4 * float(np.abs(expected).max()))


# The boundary layer of a plate.


def test_the_friction_of_a_plate_is_what_its_layer_has_lost() -> None:
    """Von Karman: theta, the integral of u/U (1 - u/U), grows by c_f/2 dx, so that theta = c_f x."""
    n = 60
    u = np.array([blasius(12.0 * k / n).speed for k in range(n + 1)])
    weights = np.array([1.0, *([4.0, 2.0] * (n // 2 - 1)), 4.0, 1.0]) * 12.0 / n / 3.0
    # Simpson's rule on 60 intervals: 1e-6.
    assert weights @ (u * (1.0 - u)) / 100.0 == pytest.approx(plate_friction(1e4), rel=1e-5)
