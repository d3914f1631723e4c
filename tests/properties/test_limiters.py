"""Properties of every limiter in monotone and in smooth flow."""

from __future__ import annotations

from math import cos, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from breachflow.compiled import kernel
from breachflow.physics import limiter as limiters
from breachflow.physics.limiters import Limiter

LIMITERS = list(Limiter)
ACTIVE = [limiter for limiter in Limiter if limiter != Limiter.NONE]

slopes = st.floats(-1e3, 1e3)
noises = st.sampled_from([1e-12, 1e-4, 1.0])


@kernel
def limiter_factor(limiter, product, upwind_square, central_square, noise):
    return limiters.limiter_factor(limiter, product, upwind_square, central_square, noise)


def factor(limiter: Limiter, upwind: float, central: float, noise: float) -> float:
    return limiter_factor(int(limiter), upwind * central, upwind * upwind, central * central, noise)


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(upwind=slopes, central=slopes, noise=noises)
def test_between_none_and_all_of_the_gradient(limiter, upwind, central, noise):
    assert 0.0 <= factor(limiter, upwind, central, noise) <= 1.0


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(upwind=slopes, central=slopes, noise=noises)
def test_symmetric_and_blind_to_sign(limiter, upwind, central, noise):
    found = factor(limiter, upwind, central, noise)
    assert factor(limiter, central, upwind, noise) == pytest.approx(found, rel=1e-13)
    assert factor(limiter, -upwind, -central, noise) == found


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(slope=slopes, noise=noises)
def test_all_of_a_uniform_gradient(limiter, slope, noise):
    assert factor(limiter, slope, slope, noise) == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("limiter", ACTIVE)
@examples
@given(upwind=st.floats(1e-2, 1e3), central=st.floats(1e-2, 1e3), noise=st.sampled_from([0.0, 1e-4, 1.0]))
def test_nothing_at_an_extremum_beyond_the_noise(limiter, upwind, central, noise):
    """For jumps of opposite sign, the factor is that of the limiter threshold; without a threshold, zero."""
    most = noise / (upwind**2 + central**2 + noise)
    assert factor(limiter, upwind, -central, noise) <= most * (1.0 + 1e-14)
    assert factor(limiter, -upwind, central, noise) <= most * (1.0 + 1e-14)


@pytest.mark.parametrize("limiter", ACTIVE)
@examples
@given(upwind=st.floats(1e-3, 1e3), ratio=st.floats(1.0, 1e3))
def test_face_values_stay_between_the_neighbors(limiter, upwind, ratio):
    """Half the limited mean of the two jumps is at most the smaller of them (Sweby's region)."""
    central = upwind * ratio
    step = 0.5 * factor(limiter, upwind, central, 0.0) * (0.5 * (upwind + central))
    assert step <= upwind * (1.0 + 1e-14)
    assert step <= central * (1.0 + 1e-14)


@pytest.mark.parametrize("limiter", ACTIVE)
@examples
@given(upwind=st.floats(1e-3, 1e3), ratios=st.tuples(st.floats(1.0, 1e3), st.floats(1.0, 1e3)), noise=noises)
def test_the_more_the_jumps_differ_the_less_is_left(limiter, upwind, ratios, noise):
    near, far = sorted(ratios)
    least, most = (factor(limiter, upwind, ratio * upwind, noise) for ratio in (far, near))
    assert least <= most * (1.0 + 1e-14)


@pytest.mark.parametrize("limiter", ACTIVE)
@examples
@given(upwind=slopes, central=slopes, noises=st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)))
def test_more_noise_limits_less(limiter, upwind, central, noises):
    less, more = sorted(noises)
    allowed = factor(limiter, upwind, central, more) * (1.0 + 1e-14)
    assert factor(limiter, upwind, central, less) <= allowed


@pytest.mark.parametrize("limiter", ACTIVE)
def test_published_values_at_a_ratio_of_two(limiter):
    """van Albada 2 r/(1 + r^2) = 4/5; van Leer 4 r/(1 + r)^2 = 8/9."""
    expected = {Limiter.VAN_ALBADA: 4.0 / 5.0, Limiter.VAN_LEER: 8.0 / 9.0}[limiter]
    assert factor(limiter, 2.0, 1.0, 0.0) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(upwind=st.floats(-1.0, 1.0), central=st.floats(-1.0, 1.0), noise=noises, step=st.floats(1e-6, 1e-3))
def test_smooth_at_zero(limiter, upwind, central, noise, step):
    """Jumps far below the limiter threshold change the factor only in second order."""
    small = step * noise**0.5
    found = factor(limiter, small * upwind, small * central, noise)
    assert abs(found - 1.0) <= 4.0 * step**2 * (upwind**2 + central**2) + 1e-15


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(
    upwind=st.floats(-10.0, 10.0),
    central=st.floats(-10.0, 10.0),
    angle=st.floats(0.0, 6.3),
)
def test_no_jumps_in_the_factor(limiter, upwind, central, angle):
    """Slopes that differ by h change the factor by a few h over the threshold, as Newton's method needs."""
    step = 1e-7
    there = factor(limiter, upwind + step * cos(angle), central + step * sin(angle), 1.0)
    assert abs(there - factor(limiter, upwind, central, 1.0)) <= 20.0 * step


@pytest.mark.parametrize("limiter", LIMITERS)
@examples
@given(a=slopes, b=slopes, c=slopes, d=slopes, noise=noises)
def test_vectors_by_their_scalar_products(limiter, a, b, c, d, noise):
    """The factor of the velocity lies in [0, 1] too, and parallel jumps are limited like numbers."""
    found = limiter_factor(int(limiter), a * c + b * d, a * a + b * b, c * c + d * d, noise)
    assert 0.0 <= found <= 1.0 + 1e-15
    parallel = limiter_factor(int(limiter), 25.0 * a * c, 25.0 * a * a, 25.0 * c * c, noise)
    assert parallel == pytest.approx(factor(limiter, 5.0 * a, 5.0 * c, noise), rel=1e-13, abs=1e-15)
