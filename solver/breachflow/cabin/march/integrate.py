"""One segment: the equations are solved to its end, or to the first passing that ends it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.arrays import Floats
from breachflow.cabin.march.watch import Passing, Watch, passings
from breachflow.cabin.model.network import Network
from breachflow.cabin.model.situation import Reading
from breachflow.errors import NonPhysicalState, OutOfRange

if TYPE_CHECKING:
    from scipy.integrate import OdeSolver

ABSOLUTE: Final = 1e-3
"""Absolute tolerance of an unknown over the relative tolerance and its size."""

MOST_EXPLICIT: Final = 2000
"""Steps of the explicit method in one segment after which the implicit one goes on: the segment is stiff."""

MOST_STEPS: Final = 2_000_000
"""Steps of one segment."""


class SegmentEnd(NamedTuple):
    """Where a segment ended."""

    time: float
    unknowns: Floats
    passing: Passing | None
    steps: int
    stopped: str
    next_step: float = 0.0
    """Step, s, that would have come next; 0 where there was none."""


class Course(NamedTuple):
    """What a segment must know."""

    network: Network
    until: float
    """s."""
    tolerance: float
    largest_step: float
    """s."""
    first_step: float
    """Step, s, to try first: that of the segment before; 0 where there was none."""
    watches: Sequence[Watch]
    seen: Callable[[Callable[[float], Reading], float, float], None]
    """Called with the readings of a part of the segment, its start and its end."""
    passed: Callable[[Passing, Reading], None]
    """Called for each passing that does not end the segment; it may change the watches of the next step."""
    stop: Callable[[], str | None]


def follow(course: Course) -> SegmentEnd:
    """Solve the equations from the network's situation. Raises NonPhysicalState where that fails."""
    network = course.network
    time, unknowns = network.situation.time, network.start()
    if course.until <= time:
        return SegmentEnd(time, unknowns, None, 0, "")
    solver = _solver(course, time, unknowns, network.joins_groups)
    steps = 0
    while solver.t < course.until:
        before = solver.t
        _step(solver, network)
        steps += 1
        dense = solver.dense_output()
        reading_at = lambda t, dense=dense: network.reading(t, dense(t))  # noqa: E731
        ending = _look(course, reading_at, before, solver.t)
        end = solver.t if ending is None else ending.time
        course.seen(reading_at, before, end)
        if ending is not None:
            return SegmentEnd(end, dense(end), ending, steps, "", solver.h_abs)
        stopped = course.stop()
        if stopped:
            return SegmentEnd(solver.t, solver.y, None, steps, stopped)
        if steps == MOST_EXPLICIT and not network.joins_groups:
            solver = _solver(course, solver.t, solver.y, True)
        if steps >= MOST_STEPS:
            raise NonPhysicalState(f"at {solver.t:.6g} s: more than {MOST_STEPS} steps without an event")
    return SegmentEnd(course.until, solver.y, None, steps, "", solver.h_abs)


def _solver(course: Course, time: float, unknowns: Floats, stiff: bool) -> OdeSolver:
    from scipy.integrate import DOP853, Radau

    method = Radau if stiff else DOP853
    first = min(course.first_step, course.until - time, course.largest_step) or None
    absolute = ABSOLUTE * course.tolerance * course.network.scales()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numpy, where the first step is guessed
        return method(
            course.network.rates, time, unknowns, course.until,
            max_step=course.largest_step, rtol=course.tolerance, atol=absolute, first_step=first,
        )  # fmt: skip


def _step(solver: OdeSolver, network: Network) -> None:
    """One step. Raises NonPhysicalState where no step is small enough."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numpy, in a step that is tried and given up
            solver.step()
        failed = solver.status == "failed"
    except OutOfRange:  # of a law, which says why
        raise
    except ValueError:  # of scipy, where numbers are no longer finite
        failed = True
    if failed:
        room = network.fastest_room(solver.t, solver.y)
        raise NonPhysicalState(
            f"at {solver.t:.6g} s: no step in time is short enough for the gas of compartment {room}: "
            "are its volume, and what flows in and out, as they are meant?"
        )


def _look(course: Course, reading_at: Callable[[float], Reading], start: float, end: float) -> Passing | None:
    """Tell each passing in a step, up to the one that ends the segment, which is returned."""
    for passing in passings(course.watches, reading_at, start, end):
        if passing.watch.ends_segment:
            return passing
        course.passed(passing, reading_at(passing.time))
    return None
