"""Properties of the order and of the starts of solutions, for any list of dimensionless groups."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.case.similarity import Groups
from breachflow.sweeps.flow.order import BETWEEN, NEAR, THICKNESS, OrderStep, Start, ordered

ratios = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.6, 0.61, 0.7, 0.75, 0.8, 0.9]) | st.floats(0.01, 0.99)
thicknesses = st.sampled_from([0.0, 0.05, 0.1, 0.4, 0.5, 1.0, 2.0]) | st.floats(0.0, 20.0)
lists = st.lists(st.tuples(ratios, thicknesses), min_size=1, max_size=40, unique=True)


def line(along: str, count: int, last: float, first: float = 0.0) -> list[Groups]:
    plain = Groups(0.0, 0.0, 1.4)
    return [plain._replace(**{along: float(value)}) for value in np.linspace(first, last, count)]


def place(group: Groups) -> np.ndarray:
    return np.array([group.pressure_ratio, group.thickness_ratio / (group.thickness_ratio + THICKNESS)])


def depths(steps: list[OrderStep]) -> dict[int, int]:
    """Length of the longest chain of solutions in which each starts from the one before."""
    found: dict[int, int] = {}
    for step in steps:
        found[step.flow] = 1 + max((found[start.flow] for start in step.starts), default=0)
    return found


@given(lists)
@settings(max_examples=80, derandomize=True)
def test_any_list_of_flows(pairs: list[tuple[float, float]]) -> None:
    groups = [Groups(*pair, 1.4) for pair in pairs]
    steps = ordered(groups)
    assert steps == ordered(list(groups))
    assert sorted(step.flow for step in steps) == list(range(len(groups)))
    before: set[int] = set()
    for step in steps:
        assert {start.flow for start in step.starts} <= before
        assert_is_fair(groups, step)
        before.add(step.flow)


def assert_is_fair(groups: list[Groups], step: OrderStep) -> None:
    """A start is the mean of the two neighbors on both sides, or a single neighbor; none is far away."""
    own, starts = groups[step.flow], [groups[start.flow] for start in step.starts]
    assert len(starts) <= 2
    assert {start.pressure_ratio == 0.0 for start in starts} <= {own.pressure_ratio == 0.0}
    if starts:
        assert sum(start.weight for start in step.starts) == pytest.approx(1.0, abs=1e-12)
        assert min(start.weight for start in step.starts) > 0.0
    if len(starts) == 1:
        assert np.hypot(*(place(own) - place(starts[0]))) <= NEAR + 1e-9
    if len(starts) == 2:
        low, high = map(place, starts)
        assert np.hypot(*(high - low)) <= BETWEEN + 1e-9
        mean = sum(start.weight * place(groups[start.flow]) for start in step.starts)
        assert mean == pytest.approx(place(own), abs=2e-9)
        assert np.count_nonzero(high - low > 1e-9) == 1


@pytest.mark.parametrize(
    ("along", "first", "last"),
    [("pressure_ratio", 0.55, 0.95), ("pressure_ratio", 0.01, 0.99), ("thickness_ratio", 0.0, 2.0)],
)
@pytest.mark.parametrize("count", [20, 100, 400])
def test_much_can_be_done_at_once(along: str, first: float, last: float, count: int) -> None:
    """Bisecting a line of n solutions takes log2(n) rounds, and a few more where they are too far apart."""
    steps = ordered(line(along, count, last, first))
    found = list(depths(steps).values())
    assert max(found) <= np.log2(count) + 3.5
    started = [step for step in steps if step.starts]
    assert len(started) >= count - 8
    assert sum(len(step.starts) == 2 for step in started) >= 0.9 * len(started)


def test_a_hundred_flows_on_a_line_take_ten_turns() -> None:
    assert max(depths(ordered(line("thickness_ratio", 100, 2.0))).values()) <= 10


def test_a_grid_of_both_groups() -> None:
    pairs = itertools.product(np.linspace(0.5, 0.95, 15), np.linspace(0.0, 1.0, 10))
    steps = ordered([Groups(float(a), float(b), 1.4) for a, b in pairs])
    assert max(depths(steps).values()) <= 12
    assert sum(bool(step.starts) for step in steps) > 130


def test_a_single_flow() -> None:
    assert ordered([Groups(0.3, 0.1, 1.4)]) == [OrderStep(0, ())]


def test_the_order_of_a_short_line() -> None:
    """Both ends of the line first, then repeatedly the middle of the widest gap, the first of equal ones."""
    steps = ordered(line("pressure_ratio", 5, 0.8, 0.6))
    ends = [OrderStep(0, ()), OrderStep(4, ())]
    assert steps[:2] == ends
    for step, (flow, *starts) in zip(steps[2:], [(2, 0, 4), (1, 0, 2), (3, 2, 4)], strict=True):
        assert step.flow == flow
        assert step.starts == tuple(Start(start, pytest.approx(0.5)) for start in starts)


def test_the_mean_is_weighted_by_nearness() -> None:
    groups = [Groups(ratio, 0.0, 1.4) for ratio in (0.6, 0.7, 0.625)]
    assert ordered(groups)[2] == OrderStep(2, (Start(0, pytest.approx(0.75)), Start(1, pytest.approx(0.25))))


def test_a_vacuum_and_a_trace_of_gas_are_strangers() -> None:
    groups = [Groups(0.0, 0.0, 1.4), Groups(1e-6, 0.0, 1.4), Groups(0.02, 0.0, 1.4)]
    starts = {step.flow: [start.flow for start in step.starts] for step in ordered(groups)}
    assert starts == {0: [], 2: [], 1: [2]}


def test_flows_of_laminar_holes_start_from_their_neighbors() -> None:
    """Diameters over two decades: the ends first, then means of two or the nearest."""
    groups = [Groups(0.0, 0.0, 1.4, 70.0 * 200.0 ** (i / 8)) for i in range(9)]
    steps = ordered(groups)
    assert [step.flow for step in steps[:3]] == [8, 0, 4]
    assert sum(bool(step.starts) for step in steps) >= 6
    for step in steps:
        for start in step.starts:
            assert abs(start.flow - step.flow) <= 2
