"""`breachflow export`: parts of a result as CSV and VTU files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import click

from breachflow.cli.options import FILE, JSON, output
from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.errors import ResultError, UsageError
from breachflow.words import counted

if TYPE_CHECKING:
    from breachflow.results import Column, Field, Result
    from breachflow.results.export.sampling import Line

Point: TypeAlias = tuple[float, ...]

MOST_POINTS: Final = 10_000
"""Points on a line that may be asked for."""


class _Chosen(NamedTuple):
    """A result, and the fields of the time that was chosen."""

    result: Result
    fields: Mapping[str, Field]
    time: float | None
    """s; None of a steady result."""
    line: Line | None


class _Part(NamedTuple):
    """A part of a result that can be exported."""

    suffix: str
    """End of the name of its file, after that of the result."""
    columns: Callable[[_Chosen], Mapping[str, Column]]
    """The columns of its CSV file; empty where the result has no such part."""


def _history(chosen: _Chosen) -> Mapping[str, Column]:
    from breachflow.results.export.columns import in_order

    return in_order(chosen.result.history)


def _probes(chosen: _Chosen) -> Mapping[str, Column]:
    from breachflow.results.export.columns import probe_columns

    return probe_columns(chosen.result)


def _line(chosen: _Chosen) -> Mapping[str, Column]:
    from breachflow.results.export.sampling import line_columns

    assert chosen.line is not None
    return line_columns(chosen.result, chosen.fields, chosen.line)


def _fields(chosen: _Chosen) -> Mapping[str, Column]:
    from breachflow.results.export.columns import cell_columns

    return cell_columns(chosen.result, chosen.fields)


def _events(_: _Chosen) -> Mapping[str, Column]:
    return {}  # of cabins alone


PARTS: Final = {
    "history": _Part(".history.csv", _history),
    "events": _Part(".events.csv", _events),
    "probes": _Part(".probes.csv", _probes),
    "line": _Part(".line.csv", _line),
    "fields": _Part(".fields.csv", _fields),
}
"""The parts that are written as CSV, by option."""

VTU: Final = ".fields.vtu"


def _point(text: str) -> Point:
    """A point "x,y" or "x,y,z" in meters. Raises click.BadParameter."""
    from breachflow.units import Dimension, UnitError, read_quantity

    parts = text.split(",")
    if len(parts) not in (2, 3):
        raise click.BadParameter(f'"{text}" is no point; write x and y, e.g. "0 mm,0.5 mm", in space z too')
    try:
        return tuple(read_quantity(part, Dimension.LENGTH) for part in parts)
    except UnitError as error:
        raise click.BadParameter(f'"{text}": a coordinate {error}') from None


def _points(
    context: click.Context,  # noqa: ARG001
    parameter: click.Parameter,  # noqa: ARG001
    value: tuple[str, str] | None,
) -> tuple[Point, Point] | None:
    return None if value is None else (_point(value[0]), _point(value[1]))


@click.command(
    cls=ListedCommand,
    section=HelpSection.RESULTS,
    example='breachflow export breach/result.vtkhdf --line "0 mm,0 mm" "8 mm,0 mm"',
)
@click.argument("result", metavar="RESULT", type=FILE)
@click.option(
    "--history", is_flag=True, help="The history of the run, a line for each step; of a cabin, for each time."
)
@click.option("--events", is_flag=True, help="What happened in a cabin, a line for each event.")
@click.option("--probes", is_flag=True, help="The probes over time, one below the other.")
@click.option(
    "--line",
    nargs=2,
    metavar="START END",
    callback=_points,
    help='The fields along a line, e.g. --line "0 mm,0 mm" "8 mm,0 mm".',
)
@click.option(
    "--points",
    metavar="N",
    type=click.IntRange(2, MOST_POINTS),
    help="Points on that line, both ends included; 201 if absent.",
)
@click.option("--fields", is_flag=True, help="The fields in every cell, with its center.")
@click.option("--vtu", is_flag=True, help="Mesh and fields as .vtu, for programs that do not read VTKHDF.")
@click.option(
    "--snapshot",
    metavar="N",
    type=click.IntRange(min=1),
    help="Take the fields of this snapshot, from 1 on; the last if absent.",
)
@output("FOLDER", "Folder for the files, instead of that of the result.")
@JSON
def export(result: Path, output: Path | None, as_json: bool, **asked: Any) -> None:
    """Write parts of a result as CSV and VTU files.

    Each part is a file beside the result: NAME.history.csv, NAME.events.csv, NAME.probes.csv, NAME.line.csv,
    NAME.fields.csv, NAME.fields.vtu. The headings of CSV files name the units; all numbers are in SI units.
    Of a cabin, the history has a column for each quantity of each compartment, leak, hatch and supply.
    ParaView opens the result of a flow itself.
    """
    from breachflow.results.files.cabin.series import is_series

    folder, names = output or result.parent, _parts(asked)
    if is_series(result):
        written = _write_cabin(result, names, folder, asked)
    else:
        written = _write(_chosen(_read(result), asked), names, folder, asked["vtu"])
    if as_json:
        print_json({"files": written})
        return
    for file in written:
        print_line(f"wrote {file['file']}: {counted(file['rows'], 'row')}, {len(file['columns'])} columns")


def _parts(asked: Mapping[str, Any]) -> list[str]:
    """The parts that are written as CSV. Raises UsageError where nothing is asked for."""
    names = [name for name in PARTS if asked[name]]
    if not names and not asked["vtu"]:
        raise UsageError(f"say what to export: {', '.join(f'--{name}' for name in (*PARTS, 'vtu'))}")
    if asked["points"] and not asked["line"]:
        raise UsageError("--points is the number of points of a --line; give one")
    return names


def _read(path: Path) -> Result:
    from breachflow.results import read_result
    from breachflow.results.files.tables import is_table

    if is_table(path):
        raise ResultError(
            f"{short_path(path)}: is the table of a sweep; as CSV it is in "
            f"{short_path(path.with_suffix('.csv'))}, and its solutions can be exported"
        )
    return read_result(path)


def _chosen(result: Result, asked: Mapping[str, Any]) -> _Chosen:
    """The fields of the chosen time; of the last one if none is. Raises UsageError."""
    from breachflow.results.export.sampling import POINTS, Line

    ends = asked["line"]
    line = Line(ends[0], ends[1], asked["points"] or POINTS) if ends else None
    number, count = asked["snapshot"], len(result.snapshots)
    if number is not None and number > count:
        has = f"has {counted(count, 'snapshot')}" if count else "has no snapshots: it is the state at the end"
        raise UsageError(f"--snapshot {number}: {short_path(result.path)} {has}")
    if not count:
        return _Chosen(result, result.fields, None, line)
    snapshot = result.snapshots[(number or count) - 1]
    return _Chosen(result, snapshot.fields, snapshot.time, line)


def _write_cabin(
    path: Path, names: list[str], folder: Path, asked: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Write the parts of the result of a cabin; returns what each file is. Raises UsageError for others."""
    from breachflow.results.export.series import event_columns, history_columns
    from breachflow.results.files.cabin.series import read_series

    parts = {"history": history_columns, "events": event_columns}
    others = [name for name in (*names, *(["vtu"] if asked["vtu"] else [])) if name not in parts]
    if others or asked["snapshot"]:
        option = others[0] if others else "snapshot"
        raise UsageError(f"--{option}: {short_path(path)} is of a cabin, which has --history and --events")
    series = read_series(path)
    return _write_tables({name: parts[name](series) for name in names}, path, folder)


def _write(chosen: _Chosen, names: list[str], folder: Path, vtu: bool) -> list[dict[str, Any]]:
    """Write the parts; returns what each file is. Nothing is written where a part is missing."""
    from breachflow.files import write_atomically
    from breachflow.results.export.vtu import vtu_bytes

    tables = {name: PARTS[name].columns(chosen) for name in names}
    written = _write_tables(tables, chosen.result.path, folder)
    if vtu:
        path = folder / f"{chosen.result.path.stem}{VTU}"
        write_atomically(path, [vtu_bytes(chosen.result, chosen.fields, chosen.time)])
        units = {name: field.unit for name, field in chosen.fields.items()}
        written.append(_file("vtu", path, chosen.result.n_cells, units))
    return written


def _write_tables(
    tables: Mapping[str, Mapping[str, Column]], source: Path, folder: Path
) -> list[dict[str, Any]]:
    """Write each table as CSV, named like the result. Raises UsageError where one is empty."""
    from breachflow.files import make_folder, write_atomically
    from breachflow.results.files.csv_write import csv_bytes

    for name, columns in tables.items():
        if not columns:
            raise UsageError(f"--{name}: {short_path(source)} has no {name}")
    make_folder(folder)
    written = []
    for name, columns in tables.items():
        path = folder / f"{source.stem}{PARTS[name].suffix}"
        write_atomically(path, [csv_bytes(columns)])
        rows = len(next(iter(columns.values())).values)
        written.append(_file(name, path, rows, {key: column.unit for key, column in columns.items()}))
    return written


def _file(part: str, path: Path, rows: int, units: Mapping[str, str]) -> dict[str, Any]:
    return {"part": part, "file": short_path(path), "rows": rows, "columns": dict(units)}
