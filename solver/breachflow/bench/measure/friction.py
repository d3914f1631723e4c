"""What friction and heat conduction cost: laminar flow against inviscid flow, in turn on one thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from breachflow.bench.block_flow import AIR, FRICTION_PATCHES, PATCHES, VISCOUS_AIR, block_flow, block_mesh
from breachflow.bench.measure.throughput import ELEMENTS, GEOMETRIES, sweeps
from breachflow.bench.options import BenchOptions
from breachflow.bench.records import Measurement, Parameters, description, duration
from breachflow.bench.timing import timed_in_turn
from breachflow.compiled import set_threads

SECTION: Final = "friction"

CELLS: Final = 20_000
"""Cells of the mesh, about those of a hole on a fine mesh."""

SWEEPS: Final = ("fluxes", "stage")
"""The kernels that are compared: the fluxes, and the whole right-hand side."""

PATIENCE: Final = 4.0
"""Time spent on each timing, over that of other timings: the ratio is the result."""


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Times of both flows and their ratio, for all elements and geometries."""
    set_threads(1)
    for elements, triangles in ELEMENTS.items():
        mesh = block_mesh(min(CELLS, max(options.cells)), triangles)
        for geometry, axisymmetric in GEOMETRIES.items():
            options.tell(f"{elements} {geometry} {mesh.n_cells} cells, 1 thread")
            inviscid = sweeps(block_flow(mesh, axisymmetric, PATCHES), AIR)
            laminar = sweeps(block_flow(mesh, axisymmetric, FRICTION_PATCHES), VISCOUS_AIR)
            kind: Parameters = {"elements": elements, "geometry": geometry, "cells": mesh.n_cells}
            for sweep in SWEEPS:
                works = inviscid[sweep], laminar[sweep]
                before, after = timed_in_turn(works, PATIENCE * options.seconds)
                yield duration(SECTION, f"{sweep} inviscid", kind, before)
                yield duration(SECTION, f"{sweep} laminar", kind, after)
                yield description(SECTION, f"{sweep} ratio", kind, after.best / before.best)
