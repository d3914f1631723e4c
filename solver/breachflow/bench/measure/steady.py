"""Time to a steady solution, with all meshes of the sequence and their generation.

Two criteria: the mass flow stays within 0.1 % of its last value, and the residual on the finest mesh has
fallen by six orders. Compilation and start-up do not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from math import log
from statistics import linear_regression
from typing import Final, NamedTuple

from breachflow.bench.holes import RESIDUAL_DROP, case_file, hole
from breachflow.bench.options import BenchOptions, counted_threads
from breachflow.bench.records import Measurement, Parameters, description, duration
from breachflow.bench.timing import repeated, spread
from breachflow.case import load_case
from breachflow.runs.progress import Progress
from breachflow.runs.run import run

SECTION: Final = "steady"

SETTLED: Final = 1e-3
"""Largest distance from the last mass flow, over the last mass flow, of a settled one."""

TIMES: Final = ("mass_flow", "residual", "run")
"""Names of the measured times."""


class IterationSample(NamedTuple):
    """The state of a run after an iteration."""

    seconds: float
    """Time since the start of the run, before the generation of its meshes, s."""
    level: int
    mass_flow: float
    residual: float
    """Residual over the first residual on this mesh."""


class SteadyAnswer(NamedTuple):
    """Times of a run, s, and its results."""

    mass_flow: float
    """Time at which the mass flow has settled."""
    residual: float | None
    """Time at which the residual has fallen by six orders; None where it did not."""
    run: float
    """Time at which the result has been written and read back."""
    cells: int
    iterations: int
    discharge_coefficient: float


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Times for every resolution and number of threads, and the exponents of their growth with the cells."""
    _solve(options.resolutions[0], 1)
    for threads in options.threads:
        answers = []
        for resolution in options.resolutions:
            options.tell(f"{resolution}, {counted_threads(threads)}")
            found = repeated(partial(_solve, resolution, threads), options.seconds)
            answers.append(found)
            yield from _measurements(found, resolution, threads)
        yield from _exponents(answers, threads)


def _solve(resolution: str, threads: int) -> SteadyAnswer:
    samples: list[IterationSample] = []
    with case_file(hole(resolution)) as path:
        case = load_case(path)
        began = time.perf_counter()

        def watch(progress: Progress) -> None:
            if not progress.note:
                seconds = time.perf_counter() - began
                samples.append(
                    IterationSample(seconds, progress.level, progress.mass_flow, progress.residual)
                )

        result = run(case, threads=threads, watch=watch)
        seconds = time.perf_counter() - began
    return SteadyAnswer(
        settling_time(samples),
        falling_time(samples),
        seconds,
        int(result.summary["cells"].value),
        len(samples),
        float(result.summary["discharge_coefficient"].value),
    )


def settling_time(samples: Sequence[IterationSample]) -> float:
    """Time, s, from which on the mass flow stays within `SETTLED` of its last value.

    >>> flows = (0.9, 1.0004, 0.9, 0.9995, 1.0)
    >>> settling_time([IterationSample(seconds, 1, flow, 1.0) for seconds, flow in enumerate(flows)])
    3
    """
    last = samples[-1].mass_flow
    far = [i for i, sample in enumerate(samples) if abs(sample.mass_flow - last) > SETTLED * abs(last)]
    return samples[far[-1] + 1 if far else 0].seconds


def falling_time(samples: Sequence[IterationSample]) -> float | None:
    """Time, s, at which the residual on the finest mesh has first fallen to `RESIDUAL_DROP`; None if never.

    >>> readings = ((1.0, 1, 1e-8), (2.0, 2, 1.0), (3.0, 2, 1e-7))
    >>> falling_time([IterationSample(time, level, 1.0, residual) for time, level, residual in readings])
    3.0
    """
    finest = samples[-1].level
    fallen = (s.seconds for s in samples if s.level == finest and s.residual <= RESIDUAL_DROP)
    return next(fallen, None)


def exponent(cells: Sequence[float], seconds: Sequence[float]) -> float:
    """The exponent p of seconds ~ cells**p, by least squares of the logarithms.

    >>> round(exponent([1e3, 1e4, 1e5], [2.0, 2.0 * 10**1.2, 2.0 * 10**2.4]), 12)
    1.2
    """
    return linear_regression([log(count) for count in cells], [log(time) for time in seconds]).slope


def _measurements(found: Sequence[SteadyAnswer], resolution: str, threads: int) -> Iterator[Measurement]:
    parameters: Parameters = {"resolution": resolution, "threads": threads}
    for name in TIMES:
        seconds = _times(found, name)
        if seconds:
            yield duration(SECTION, name, parameters, spread(seconds))
        else:
            yield Measurement(SECTION, name, parameters, "s", None, None, False)
    for name in ("cells", "iterations", "discharge_coefficient"):
        yield description(SECTION, name, parameters, getattr(found[0], name))


def _times(found: Sequence[SteadyAnswer], name: str) -> list[float]:
    """One of the times, for all repeats; empty where one of them did not reach it."""
    times = [getattr(answer, name) for answer in found]
    return [] if None in times else times


def _exponents(answers: Sequence[Sequence[SteadyAnswer]], threads: int) -> Iterator[Measurement]:
    if len({found[0].cells for found in answers}) < 2:
        return
    for name in TIMES:
        times = [_times(found, name) for found in answers]
        if all(times):
            slope = exponent([found[0].cells for found in answers], [min(seconds) for seconds in times])
            yield description(SECTION, f"{name}_exponent", {"threads": threads}, slope)
