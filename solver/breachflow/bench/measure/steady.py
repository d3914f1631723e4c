"""Time to a steady answer, over the whole sequence of meshes and with the making of these meshes.

Two answers: the mass flow, from when on it stays within 0.1 % of its last value, and the field, from when on
the residual on the finest mesh has fallen by six orders. Compilation and start-up are not part of it.
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
"""Of the last mass flow: how near it must stay."""

TIMES: Final = ("mass_flow", "residual", "run")


class IterationSample(NamedTuple):
    """A run after one iteration."""

    seconds: float
    """Since the run was begun, before its meshes were made."""
    level: int
    mass_flow: float
    residual: float
    """Over the first one on this mesh."""


class SteadyAnswer(NamedTuple):
    """What a run took, s, and what it found."""

    mass_flow: float
    residual: float | None
    """None where it never fell so far."""
    run: float
    """Until the result was written and read back."""
    cells: int
    iterations: int
    discharge_coefficient: float


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Every resolution on each number of threads, and how the times grow with the cells."""
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
    """When the mass flow was within `SETTLED` of its last value for the first time without leaving it again.

    >>> flows = (0.9, 1.0004, 0.9, 0.9995, 1.0)
    >>> settling_time([IterationSample(seconds, 1, flow, 1.0) for seconds, flow in enumerate(flows)])
    3
    """
    last = samples[-1].mass_flow
    far = [i for i, sample in enumerate(samples) if abs(sample.mass_flow - last) > SETTLED * abs(last)]
    return samples[far[-1] + 1 if far else 0].seconds


def falling_time(samples: Sequence[IterationSample]) -> float | None:
    """When the residual on the finest mesh had fallen to `RESIDUAL_DROP` for the first time.

    >>> readings = ((1.0, 1, 1e-8), (2.0, 2, 1.0), (3.0, 2, 1e-7))
    >>> falling_time([IterationSample(time, level, 1.0, residual) for time, level, residual in readings])
    3.0
    """
    finest = samples[-1].level
    fallen = (s.seconds for s in samples if s.level == finest and s.residual <= RESIDUAL_DROP)
    return next(fallen, None)


def exponent(cells: Sequence[float], seconds: Sequence[float]) -> float:
    """The p of seconds ~ cells**p, by least squares of the logarithms.

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
    """One of the times of all repeats; none where it was not reached."""
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
