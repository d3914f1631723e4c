"""Cells per second of each kernel of the right-hand side, and the fraction of the machine's limits reached.

A stage is all four kernels: the right-hand side of a Runge-Kutta stage or of a steady iteration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from breachflow.bench.block_flow import AIR, SCHEME, BlockFlow, block_flow, block_mesh
from breachflow.bench.machine import last_level_cache
from breachflow.bench.measure.limits import limits_of
from breachflow.bench.options import BenchOptions, counted_threads
from breachflow.bench.records import Measurement, Parameters, description, rate
from breachflow.bench.timing import Spread, timed
from breachflow.bench.work import Work, bounds, sweep_work
from breachflow.compiled import set_threads
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.fluxes import fluxes
from breachflow.numerics.space.reconstruction import gradients
from breachflow.numerics.space.residual import balances, make_workspace, residual, states
from breachflow.physics.gas import Gas

SECTION: Final = "throughput"
BOUND: Final = "bound"
"""Section of the fractions of limits: the least time of a resource for the work over the measured time."""
WORK: Final = "work"
"""Section of the least work of each kernel per cell, on the largest plane block."""

ELEMENTS: Final = {"triangles": True, "quadrilaterals": False}
GEOMETRIES: Final = {"planar": False, "axisymmetric": True}

CACHE: Final = last_level_cache()
"""Bytes of the last-level cache."""


def measure(options: BenchOptions, found: Sequence[Measurement]) -> Iterator[Measurement]:
    """Cells per second of every kernel, and cells x stages per second, for all elements and geometries."""
    for elements, triangles in ELEMENTS.items():
        for cells in options.cells:
            mesh = block_mesh(cells, triangles)
            for geometry, axisymmetric in GEOMETRIES.items():
                flow = block_flow(mesh, axisymmetric)
                kind: Parameters = {"elements": elements, "geometry": geometry, "cells": mesh.n_cells}
                work = sweep_work(flow.layout, make_workspace(flow.layout), flow.conserved)
                if cells == max(options.cells) and not axisymmetric:
                    yield from _work(elements, work, mesh.n_cells)
                yield from _of_flow(flow, work, kind, options, found)


def _of_flow(
    flow: BlockFlow,
    work: Mapping[str, Work],
    kind: Parameters,
    options: BenchOptions,
    found: Sequence[Measurement],
) -> Iterator[Measurement]:
    runs, n_cells = sweeps(flow), flow.layout.n_cells
    for threads in options.threads:
        options.tell(f"{' '.join(map(str, kind.values()))} cells, {counted_threads(threads)}")
        set_threads(threads)
        parameters = {**kind, "threads": threads}
        limits = limits_of(found, threads)
        for sweep, run in runs.items():
            seconds = timed(run, options.seconds)
            yield rate(SECTION, sweep, parameters, n_cells, seconds, "1/s")
            if limits is not None:
                yield from _fractions(sweep, parameters, bounds(work[sweep], limits, CACHE), seconds)


def sweeps(flow: BlockFlow, gas: Gas = AIR) -> Mapping[str, Callable[[], object]]:
    """The kernels to be timed, by name; `stage` is all of them, one evaluation of the right-hand side."""
    layout, conserved = flow
    discretization = Discretization(layout, SCHEME, gas)
    work, out = make_workspace(layout, gas.viscosity > 0.0), np.empty_like(conserved)
    residual(conserved, discretization, work, out)
    return {
        "states": lambda: states(conserved, discretization, work.primitive),
        "gradients": lambda: gradients(
            work.primitive, work.temperature, work.viscosity, discretization, work.gradient
        ),
        "fluxes": lambda: fluxes(work.primitive, work.gradient, work.held, discretization, work.flux),
        "balances": lambda: balances(work.primitive, work.gradient, work.flux, discretization, out),
        "stage": lambda: residual(conserved, discretization, work, out),
    }


def _work(elements: str, work: Mapping[str, Work], n_cells: int) -> Iterator[Measurement]:
    for sweep, needed in work.items():
        parameters = {"elements": elements, "sweep": sweep}
        yield description(WORK, "bytes", parameters, needed.bytes / n_cells, "B")
        for name, count in needed.operations._asdict().items():
            yield description(WORK, name, parameters, count / n_cells)


def _fractions(
    sweep: str, parameters: Parameters, least: Mapping[str, float], seconds: Spread
) -> Iterator[Measurement]:
    for resource, time in least.items():
        yield description(BOUND, f"{sweep} {resource}", parameters, time / seconds.best)
