"""Peak memory of a run per cell of its finest mesh.

The difference of the peak memory of two runs that differ in the mesh alone, over the difference of their
numbers of cells. The memory of the program itself, about 200 MB, drops out. The coarser meshes of a steady
run count as part of the finest one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from breachflow.bench.holes import case_file, hole, puncture
from breachflow.bench.options import BenchOptions
from breachflow.bench.process import breachflow_process
from breachflow.bench.records import Measurement, description
from breachflow.errors import UsageError

SECTION: Final = "memory"

MICROSECONDS: Final = 0.02
"""Simulated time of the transient, us: memory does not grow with time."""


class Peak(NamedTuple):
    """Cells and peak memory of a run."""

    cells: int
    bytes: int | None


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Peak memory of runs on the first and the last resolution. Raises UsageError where these are equal."""
    sizes = options.resolutions[0], options.resolutions[-1]
    if sizes[0] == sizes[1]:
        raise UsageError("memory: needs two resolutions; give --resolution twice")
    for mode, texts in {
        "steady": [hole(size) for size in sizes],
        "transient": [puncture(size, MICROSECONDS) for size in sizes],
    }.items():
        options.tell(f"{mode}, {sizes[0]} and {sizes[1]}")
        _peak(texts[0])  # a run that compiles its kernels needs more memory
        yield from _measurements(mode, *map(_peak, texts))


def _peak(text: str) -> Peak:
    with case_file(text) as path:
        done = breachflow_process(["run", str(path), "--json"])
    return Peak(int(json.loads(done.output)["cells"]), done.peak_bytes)


def _measurements(mode: str, small: Peak, large: Peak) -> Iterator[Measurement]:
    parameters = {"mode": mode}
    yield description(SECTION, "cells", parameters, large.cells)
    if small.bytes is not None and large.bytes is not None:
        per_cell = (large.bytes - small.bytes) / (large.cells - small.cells)
        yield Measurement(SECTION, "bytes_per_cell", parameters, "B", per_cell, per_cell, False)
        yield description(SECTION, "peak", parameters, large.bytes, "B")
