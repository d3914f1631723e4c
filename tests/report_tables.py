"""Tables and results for drawing, made without the solver: closed forms replace computed values."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from breachflow.case import parse_case
from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY, SPECIES
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.laws import closed_forms
from breachflow.mesh import Mesh
from breachflow.results import (
    Column,
    Field,
    Patch,
    Quantity,
    ResultData,
    Snapshot,
    SnapshotWriter,
    write_result,
)
from breachflow.results.table import SweepTable, TableAxis, Variable
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.orifice import orifice_mesh

KEYS = {
    "diameter": ("orifice.diameter", "m"),
    "width": ("orifice.width", "m"),
    "wall_thickness": ("orifice.wall_thickness", "m"),
    "space_pressure": ("boundary.space.pressure", "Pa"),
    "gas": ("gas", ""),
    "mesh_resolution": ("mesh.resolution", ""),
}

CABIN_PRESSURE, CABIN_TEMPERATURE = 101325.0, 293.15

ATTRIBUTES: Mapping[str, str | int | float] = {
    "title": "Holes of a hull",
    "program": "breachflow 0.1.0",
    "source_digest": "0123456789abcdef",
    "command": "breachflow sweep leak.toml",
    "date": "2026-01-02T03:04:05+00:00",
    "case": 'title = "Holes of a hull"\n',
}

Row = dict[str, float | int | bool | str]


def sweep_table(
    swept: Mapping[str, Sequence[Any]],
    *,
    loose: bool = False,
    failed: Sequence[int] = (),
    unconverged: Sequence[int] = (),
    attributes: Mapping[str, str | int | float] = ATTRIBUTES,
    law: Mapping[str, Any] | None = None,
) -> SweepTable:
    """A table over a grid of swept values, or over points; the computed values are 1 % below theory."""
    columns = list(swept.values())
    combinations = zip(*columns, strict=True) if loose else itertools.product(*columns)
    rows = [
        _row(number, dict(zip(swept, values, strict=True)), number not in failed, number not in unconverged)
        for number, values in enumerate(combinations)
    ]
    shape = (len(rows),) if loose else tuple(map(len, columns))
    units = {name: unit for name, (_, unit) in KEYS.items()} | {"mass_flow": "kg/s" + _per(swept)}
    names = dict.fromkeys(name for row in rows for name in row)
    variables = {
        name: Variable(_column(rows, name, shape), units.get(name, "1"), name.replace("_", " "))
        for name in names
        if loose or name not in swept
    }
    if loose:
        del variables["point"]
        return SweepTable(
            (TableAxis("point", np.arange(len(rows)), "1", "number"),), variables, attributes, law
        )
    axes = tuple(
        TableAxis(name, np.array(values), KEYS[name][1], name, KEYS[name][0])
        for name, values in swept.items()
    )
    return SweepTable(axes, variables, attributes, law)


def _per(swept: Mapping[str, Sequence[Any]]) -> str:
    return " per m" if "width" in swept else ""


def _column(rows: list[Row], name: str, shape: tuple[int, ...]) -> Any:
    empty: Any = "" if any(isinstance(row.get(name), str) for row in rows) else np.nan
    return np.array([row.get(name, empty) for row in rows]).reshape(shape)


def _row(number: int, values: dict[str, Any], has_answer: bool, converged: bool) -> Row:
    given = {"wall_thickness": 0.0, "space_pressure": 0.0, "gas": "air"} | values
    if "width" not in given:
        given.setdefault("diameter", 2e-3)
    size = given.get("width") or given["diameter"]
    gas = SPECIES[given["gas"]]
    breach = Breach(
        *(Section.SLIT, size, given["wall_thickness"], 1.0)
        if "width" in given
        else (Section.ROUND, size, given["wall_thickness"])
    )
    state = LeakState(gas, CABIN_PRESSURE, CABIN_TEMPERATURE, given["space_pressure"])
    expected = best_estimate(breach, state)
    ideal = expected.mass_flow / expected.discharge_coefficient
    row: Row = {
        **{name: value for name, value in given.items() if name != "space_pressure"},
        "cabin_pressure": CABIN_PRESSURE,
        "outside_pressure": given["space_pressure"],
        "pressure_ratio": given["space_pressure"] / CABIN_PRESSURE,
        "thickness_ratio": given["wall_thickness"] / size,
        "heat_capacity_ratio": gas.heat_capacity_ratio,
        "ideal_mass_flow": ideal,
        "expected_discharge_coefficient": expected.discharge_coefficient,
        "expected_discharge_coefficient_uncertainty": expected.uncertainty / ideal,
        "point": number,
        "scaled_from": -1,
        "converged": has_answer and converged,
        "status": "failed" if not has_answer else "converged" if converged else "not converged",
        "error": "" if has_answer else "the density fell below zero in cell 77",
        "caution": f"a wall of {given['wall_thickness'] / size:.2g} diameters"
        if given["wall_thickness"]
        else "",
    }
    for form in closed_forms(breach, state):
        name = f"law_{form.name.replace('-', '_')}"
        row |= {name: form.discharge_coefficient, f"{name}_uncertainty": form.uncertainty}
    return row | (_answer(0.99 * expected.discharge_coefficient, ideal) if has_answer else {})


def _answer(coefficient: float, ideal: float) -> Row:
    flow = coefficient * ideal
    return {
        "discharge_coefficient": coefficient,
        "discharge_coefficient_uncertainty": 0.004,
        "mass_flow": flow,
        "mass_flow_kg_per_day": flow * SECONDS_PER_DAY,
        "mass_flow_lb_per_day": flow * SECONDS_PER_DAY / KILOGRAMS_PER_POUND,
        "thrust": 500.0 * flow,
    }


HOLE = """
title = "A hole of <b>mine</b> & $x$"
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1 mm"
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
"""

SHAPE = OrificeShape(diameter=2e-3, wall_thickness=1e-3, across=8)


def write_hole(path: Path, *, mesh: Mesh | None = None, case: str = HOLE, converged: bool = True) -> None:
    """The result of a run on a mesh, with a Mach number that is 1 in the plane x = 0."""
    write_result(path, hole_data(mesh or orifice_mesh(SHAPE), case, converged=converged))


def write_puncture(path: Path, times: Sequence[float]) -> None:
    """A transient result with a snapshot at each time, s: the Mach number rises with time."""
    data = hole_data(orifice_mesh(SHAPE), f'{HOLE}[run]\nmode = "transient"\nend_time = "60 us"\n')
    writer = SnapshotWriter(path)
    for time in times:
        mach = replace(data.fields["mach"], values=data.fields["mach"].values * time / times[-1])
        writer.write(Snapshot(time, {"mach": mach}))
    history = {
        "time": Column(np.array(times[1:]), "s", "time"),
        "mass_flow": Column(6e-4 * np.array(times[1:]) / times[-1], "kg/s", "mass flow"),
    }
    writer.finish(replace(data, history=history))


def hole_data(mesh: Mesh, case: str, *, converged: bool = True) -> ResultData:
    """The content of the file that `write_hole` writes."""
    read = parse_case(case)
    x = np.add.reduceat(mesh.points[mesh.cell_points, 0], mesh.cell_offsets[:-1]) / np.diff(mesh.cell_offsets)
    levels = np.repeat([1, 2], [6, 9])
    return ResultData(
        points=mesh.points,
        cell_offsets=mesh.cell_offsets,
        cell_points=mesh.cell_points,
        cell_types=mesh.cell_types,
        fields={"mach": Field(np.exp(1000.0 * x), "1", "Mach number")},
        summary=summary(converged),
        history={
            "iteration": Column(np.arange(15), "1", "iteration"),
            "level": Column(levels, "1", "mesh"),
            "residual": Column(10.0 ** -np.concatenate([np.arange(6.0), np.arange(9.0)]), "1", "residual"),
            "mass_flow": Column(6e-4 * (1.0 + 0.1 ** np.arange(1.0, 16.0)), "kg/s", "mass flow"),
        },
        case_text=read.text,
        case_completed=read.completed_text,
        provenance={
            "title": read.title,
            "program": "breachflow 0.1.0",
            "command": "breachflow run hole.toml",
        },
        patches=patches_of(mesh),
    )


def patches_of(mesh: Mesh) -> dict[str, Patch]:
    """The boundary of a plane mesh: wall and axis by their names, all other patches open."""
    faces = mesh.face_corners
    kinds = {"wall": "wall", "axis": "axis"}
    return {name: Patch(kinds.get(name, "vacuum"), faces[rows]) for name, rows in mesh.patches.items()}


def summary(converged: bool) -> dict[str, Quantity]:
    """The main numbers at the top of a page."""
    return {
        "mass_flow": Quantity(6.2e-4, "kg/s", "mass flow through the hole"),
        "mass_flow_uncertainty": Quantity(6e-6, "kg/s", "of the mass flow"),
        "discharge_coefficient": Quantity(0.83, "1", "mass flow over the ideal one"),
        "discharge_coefficient_uncertainty": Quantity(0.008, "1", "from the mesh"),
        "expected_discharge_coefficient": Quantity(0.8337, "1", "best estimate"),
        "thrust": Quantity(0.3444, "N", "force on the hull"),
        "regime": Quantity("continuum", "", "It can be trusted."),
        "caution": Quantity("first <i>caution</i>; second one", "", "where the answer is in doubt"),
        "converged": Quantity(converged, "", "whether it came to rest"),
        "stopped": Quantity("", "", "why it was stopped"),
    }
