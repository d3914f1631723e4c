"""Time to compute a microsecond of a sudden puncture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from breachflow.bench.holes import case_file, puncture
from breachflow.bench.options import BenchOptions, counted_threads
from breachflow.bench.records import Measurement, Parameters, description, duration
from breachflow.bench.timing import repeated, spread
from breachflow.case import load_case
from breachflow.results import Result
from breachflow.runs.run import run

SECTION: Final = "transient"

MICROSECONDS: Final = 60.0
"""Simulated time, us: from gas at rest until the jet hardly changes."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Time per simulated microsecond on the first resolution, without mesh generation and output."""
    resolution = options.resolutions[0]
    _march(resolution, 1)
    for threads in options.threads:
        options.tell(f"{resolution}, {counted_threads(threads)}")
        found = repeated(partial(_march, resolution, threads), options.seconds)
        parameters: Parameters = {"resolution": resolution, "threads": threads}
        seconds = spread(float(result.summary["wall_time"].value) / MICROSECONDS for result in found)
        yield duration(SECTION, "per_microsecond", parameters, seconds)
        for name in ("cells", "iterations"):
            yield description(SECTION, name, parameters, int(found[0].summary[name].value))


def _march(resolution: str, threads: int) -> Result:
    with case_file(puncture(resolution, MICROSECONDS)) as path:
        return run(load_case(path), threads=threads)
