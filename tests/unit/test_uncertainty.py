"""The mesh uncertainty: observed order, band, and no order where the meshes show none."""

from __future__ import annotations

from math import isnan, nan

import pytest

from breachflow.runs.measure.mesh_uncertainty import GRADED_EDGE, mesh_uncertainty

HALVED = [2.0, 2.0, 2.0]


def sequence(limit: float, error: float, order: float, count: int = 4) -> list[float]:
    return [limit + error * 2.0 ** (-order * level) for level in range(count)]


@pytest.mark.parametrize("order", [0.55, 0.7, 1.0, 1.4, 2.0])
def test_an_order_is_observed_and_the_band_holds_the_limit(order: float) -> None:
    found = mesh_uncertainty(sequence(0.83, 0.02, order), HALVED)
    assert found.observed_order == pytest.approx(order, rel=1e-9)
    assert found.extrapolated == pytest.approx(0.83, rel=1e-9)
    error = abs(sequence(0.83, 0.02, order)[-1] - 0.83)
    assert error <= found.uncertainty


def test_an_order_above_one_is_not_trusted_with_a_narrow_band() -> None:
    values = sequence(0.83, 0.02, 2.0)
    assert mesh_uncertainty(values, HALVED).uncertainty == pytest.approx(
        1.25 * 0.5 * abs(values[-2] - values[-3])
    )


def test_an_order_below_a_half_counts_as_a_half() -> None:
    values = sequence(0.83, 0.02, 0.1)
    change = abs(values[-1] - values[-2])
    assert mesh_uncertainty(values, HALVED).uncertainty == pytest.approx(1.25 * change / (2.0**0.5 - 1.0))


def test_on_graded_meshes_of_a_thin_hole_no_order_is_below_one() -> None:
    values = sequence(0.83, 0.02, 0.6)
    change = abs(values[-1] - values[-2])
    found = mesh_uncertainty(values, HALVED, GRADED_EDGE)
    assert found.uncertainty == pytest.approx(1.25 * change)
    assert isnan(found.extrapolated)
    assert mesh_uncertainty([0.80, 0.81, 0.83], HALVED, GRADED_EDGE).uncertainty == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("values", "band"),
    [
        ([0.80, 0.84, 0.83], 0.03),
        ([0.80, 0.81, 0.83], 0.06),
        ([0.80, 0.88, 0.881], 0.04),
        ([0.80, 0.81, 0.81], 0.005),
    ],
    ids=["oscillating", "diverging", "faster than the scheme", "suddenly still"],
)
def test_without_an_order_the_changes_make_the_band(values: list[float], band: float) -> None:
    found = mesh_uncertainty(values, HALVED)
    assert found.uncertainty == pytest.approx(band)
    assert isnan(found.extrapolated)


def test_two_meshes_say_nothing() -> None:
    assert all(isnan(number) for number in mesh_uncertainty([0.80, 0.83], [2.0]))
    assert all(isnan(number) for number in mesh_uncertainty([], []))


def test_without_a_hole_there_is_no_coefficient_and_no_order() -> None:
    assert isnan(mesh_uncertainty([nan, nan, nan], HALVED).uncertainty)


def test_the_same_value_three_times_is_certain() -> None:
    found = mesh_uncertainty([0.83, 0.83, 0.83], HALVED)
    assert found.uncertainty == 0.0
    assert found.extrapolated is nan or isnan(found.extrapolated)


@pytest.mark.parametrize("refinements", [(1.5, 1.5), (2.0, 1.3), (1.2, 1.7)])
def test_the_order_is_that_of_meshes_with_their_real_refinement(refinements: tuple[float, float]) -> None:
    first, second = refinements
    sizes = [first * second, second, 1.0]
    found = mesh_uncertainty([0.83 + 0.02 * size**0.8 for size in sizes], refinements)
    assert found.observed_order == pytest.approx(0.8, rel=1e-9)
    assert found.extrapolated == pytest.approx(0.83, rel=1e-9)
    assert found.uncertainty >= 0.02


@pytest.mark.parametrize("order", [0.6, 0.8, 1.0])
def test_a_small_refinement_leaves_the_band_as_wide(order: float) -> None:
    """The band is about the error on the finest mesh, which is the same for any meshes before it."""
    bands = []
    for refinement in (1.2, 2.0):
        values = [0.83 + 0.02 * (refinement**level) ** order for level in (2, 1, 0)]
        bands.append(mesh_uncertainty(values, [refinement, refinement]).uncertainty)
    assert bands[0] == pytest.approx(bands[1], rel=0.25)
