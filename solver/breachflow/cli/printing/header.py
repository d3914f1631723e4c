"""The case in a few lines, as a run prints it at its start."""

from __future__ import annotations

from pathlib import Path

from breachflow.case import Case
from breachflow.case.initial.table import Initial
from breachflow.case.orifice import OutlineOrifice
from breachflow.cli.printing.lines import print_rows, short_path
from breachflow.outlines.polygon import HoleOutline
from breachflow.units import Dimension, write_quantity
from breachflow.words import Row, counted


def print_header(case: Case, path: Path) -> None:
    """Print the gas, the hole, both sides, the mesh and the run, in the usual units."""
    print_rows(case_rows(case, path), case.title)


def case_rows(case: Case, path: Path) -> list[Row]:
    """The header as rows; `path` is the file that the result goes to."""
    return [
        *input_rows(case),
        ("run", _mode(case)),
        ("result", short_path(path)),
    ]


def input_rows(case: Case) -> list[Row]:
    """The gas, the flow and the mesh as rows."""
    return [("gas", _gas(case)), *_flow_rows(case), ("mesh", _mesh(case))]


def _flow_rows(case: Case) -> list[Row]:
    if case.exact is not None:
        return [("solution", case.exact.solution)]
    start = [] if case.initial is None else [("start", _start(case.initial))]
    if case.orifice is None:
        return [*_stream_rows(case), *start]
    return [
        ("hole", _hole(case)),
        ("wall", _wall(case)),
        ("cabin", _cabin(case)),
        ("outside", _outside(case)),
        *start,
    ]


def _stream_rows(case: Case) -> list[Row]:
    """Where the gas comes from and goes to without a hole."""
    name = "reservoir" if case.reservoir is not None else "inflow"
    source = [] if case.source is None else [(name, _cabin(case))]
    return source if case.outside is None else [*source, ("outside", _outside(case))]


def _start(initial: Initial) -> str:
    count = len(initial.regions)
    regions = f", with {counted(count, 'region')}" if count else ""
    return f"as given in [initial]{regions}"


def _gas(case: Case) -> str:
    species = case.species
    return f"{species.name} (gamma = {species.heat_capacity_ratio:.4g}, {species.molar_mass * 1e3:.6g} g/mol)"


def _hole(case: Case) -> str:
    orifice = case.hole
    size, area = _length(orifice.diameter), f"{orifice.area * 1e6:.4g} mm2"
    if isinstance(orifice, OutlineOrifice):
        return f"{_outline(orifice.form)}, area {area}, that of a circle of {orifice.diameter * 1e3:.4g} mm"
    if orifice.shape == "round":
        return f"round, diameter {size}, area {area}"
    if orifice.length is None:
        return f"slit, width {size}; flows are per meter of its length"
    return f"slit, width {size}, length {_length(orifice.length)}, area {area}"


def _outline(form: HoleOutline) -> str:
    corners = counted(sum(map(len, form.loops)), "corner")
    holes = f"{counted(len(form.loops), 'hole')} with " if len(form.loops) > 1 else ""
    return f"outline, {holes}{corners}"


def _wall(case: Case) -> str:
    orifice = case.hole
    if not case.states_wall:
        return "as in the mesh (its wall_thickness is not stated)"
    if orifice.wall_thickness == 0.0:
        return "knife edge"
    relative = orifice.wall_thickness / orifice.diameter
    thickness = f"{_length(orifice.wall_thickness)} ({relative:.3g} of the {orifice.size})"
    if orifice.chamfer > 0.0:
        return f"{thickness}, upstream edge chamfered by {_length(orifice.chamfer)}"
    if orifice.rounding > 0.0:
        return f"{thickness}, upstream edge rounded by {_length(orifice.rounding)}"
    return f"{thickness}, sharp edges"


def _cabin(case: Case) -> str:
    reservoir = case.reservoir
    if reservoir is None:
        return "as given in [boundary]"
    return f"{_pressure(reservoir.pressure)}, {write_quantity(reservoir.temperature, Dimension.TEMPERATURE)}"


def _outside(case: Case) -> str:
    pressure, reservoir = case.outside_pressure, case.reservoir
    if pressure is None:
        return "as given in [boundary]"
    if pressure == 0.0:
        return "vacuum"
    inside = "cabin" if case.orifice is not None else "reservoir"
    ratio = f" ({pressure / reservoir.pressure:.4g} of the {inside}'s)" if reservoir else ""
    return _pressure(pressure) + ratio


def _mesh(case: Case) -> str:
    mesh = case.mesh
    if mesh.mesh_files:
        return ", ".join([*map(short_path, mesh.mesh_files), str(mesh.plane)])
    return f"template {mesh.source}, {mesh.details}"


def _mode(case: Case) -> str:
    run = case.run
    if run.end_time is None:
        return f"{run.mode}, until the residual has fallen to {run.residual_drop:.0e}"
    return f"{run.mode}, {write_quantity(run.end_time, Dimension.TIME)}"


def _length(meters: float) -> str:
    return write_quantity(meters, Dimension.LENGTH)


def _pressure(pascals: float) -> str:
    return write_quantity(pascals, Dimension.PRESSURE)
