"""`breachflow bench`: speed and memory of the program on this machine, compared with earlier ones."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from breachflow.bench.options import CELLS, RESOLUTIONS, SECONDS
from breachflow.bench.sections import SECTIONS
from breachflow.cli.options import FILE, count
from breachflow.cli.printing.lines import print_columns, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.errors import ResultError, SlowerThanBefore, UsageError
from breachflow.words import duration

if TYPE_CHECKING:
    from breachflow.bench.compare import Compared, MeasurementComparison
    from breachflow.bench.options import BenchOptions
    from breachflow.bench.records import Benchmark, Measurement
    from breachflow.bench.tables import DisplayTable

TOLERANCE: Final = 1.2
"""Ratio up to which a machine with other load may explain a difference."""

LEFT: Final = ("elements", "geometry", "sweep", "resolution", "mode", "measurement", "unit", "")
"""Headings of columns of words; numbers are aligned on the right."""

MOST_NAMED: Final = 5
"""Measurements that the last line names."""


def _default(values: tuple[object, ...]) -> str:
    return f"can be repeated; {', '.join(map(str, values))} if absent."


@click.command(cls=ListedCommand, section=HelpSection.PROGRAM, example="breachflow bench --only start-up")
@click.option(
    "--only",
    metavar="PART",
    multiple=True,
    type=click.Choice(list(SECTIONS)),
    help=f"Measure this part alone; can be repeated: {', '.join(SECTIONS)}.",
)
@click.option(
    "--cells",
    metavar="N",
    multiple=True,
    type=click.IntRange(min=4),
    help=f"Cells of the meshes of throughput; {_default(CELLS)}",
)
@click.option(
    "--resolution",
    "resolutions",
    metavar="NAME",
    multiple=True,
    help=f"Mesh of the holes, by name or cells over half the opening; {_default(RESOLUTIONS)}",
)
@count("--threads", "Threads that are measured beside one; all cores if absent.")
@click.option("--seconds", metavar="S", type=click.FloatRange(min=0.0), help="Seconds for each timing.")
@click.option("--json", "file", metavar="FILE", type=FILE, help="Also write all as a JSON file.")
@click.option(
    "--compare",
    "files",
    metavar="OLD NEW",
    nargs=2,
    type=FILE,
    help="Compare two such files; nothing is measured.",
)
@click.option(
    "--tolerance",
    metavar="RATIO",
    type=click.FloatRange(min=1.0),
    help=f"With --compare: what is more times worse gives exit code 11; {TOLERANCE} if absent.",
)
def bench(
    only: tuple[str, ...],
    cells: tuple[int, ...],
    resolutions: tuple[str, ...],
    threads: int | None,
    seconds: float | None,
    file: Path | None,
    files: tuple[Path, Path] | None,
    tolerance: float | None,
) -> None:
    """Measure what runs cost on this machine; compare two measurements.

    Measures the limits of the machine, the throughput of each loop over the mesh, the time of steady and
    transient runs, memory and start-up, in some ten minutes. Nothing else should run on the machine. The best
    of all repeats is printed; the file has the median too. Ctrl-C ends it without a file.

    \f
    Raises UsageError, ResultError, or SlowerThanBefore where a compared measurement is worse than allowed.
    """
    if files is not None:
        if only or cells or resolutions or threads or seconds is not None or file:
            raise UsageError("--compare measures nothing: give it alone, or with --tolerance")
        _compare(*files, TOLERANCE if tolerance is None else tolerance)
        return
    if tolerance is not None:
        raise UsageError("--tolerance: is for --compare")
    if file is not None:
        _require_writable(file)
    options = _options(cells, resolutions, threads, seconds)
    records = [record for done in _measured(options, only) for record in done]
    if file is not None:
        _write(options, records, file)


def _require_writable(file: Path) -> None:
    """Raise before the measurements what would fail after them."""
    if file.is_dir():
        raise ResultError(f"{file}: is a folder; give a file name")
    if not file.parent.is_dir():
        raise ResultError(f"{file}: its folder does not exist; create it")


def _options(
    cells: tuple[int, ...], resolutions: tuple[str, ...], threads: int | None, seconds: float | None
) -> BenchOptions:
    from breachflow.bench.holes import hole
    from breachflow.bench.options import BenchOptions
    from breachflow.case import parse_case
    from breachflow.compiled import set_threads

    for resolution in resolutions:
        parse_case(hole(resolution))
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"[{duration(time.monotonic() - began)}] {text}", file=sys.stderr, flush=True)

    return BenchOptions(
        threads=tuple(sorted({1, set_threads(threads)})),
        tell=tell,
        cells=cells or CELLS,
        resolutions=resolutions or RESOLUTIONS,
        seconds=SECONDS if seconds is None else seconds,
    )


def _measured(options: BenchOptions, only: tuple[str, ...]) -> Iterator[list[Measurement]]:
    """The measurements of each section, printed as soon as it is done."""
    from breachflow.bench.sections import measure
    from breachflow.bench.tables import tables

    for records in measure(options, only):
        for table in tables(records):
            _print(table)
        yield records


def _write(options: BenchOptions, records: list[Measurement], file: Path) -> None:
    from breachflow.bench.machine import machine, versions
    from breachflow.bench.records import Benchmark, write_benchmark
    from breachflow.version import source_digest

    benchmark = Benchmark(
        machine=machine(),
        versions=versions(),
        source_digest=source_digest(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        options=options.as_json(),
        records=records,
    )
    write_benchmark(benchmark, file)
    print_line(f"wrote {short_path(file)}")


def _print(table: DisplayTable) -> None:
    print_line(table.title)
    left = [number for number, heading in enumerate(table.headings) if heading in LEFT]
    print_columns([table.headings, *table.rows], left)
    print_line()


def _compare(old: Path, new: Path, tolerance: float) -> None:
    from breachflow.bench.compare import compare
    from breachflow.bench.records import read_benchmark

    before, after = read_benchmark(old), read_benchmark(new)
    compared = compare(before, after, tolerance)
    _print(_comparison_table(compared, before, after))
    for note in compared.notes:
        print_line(f"note: {note}")
    _judge(compared, tolerance)


def _comparison_table(compared: Compared, old: Benchmark, new: Benchmark) -> DisplayTable:
    from breachflow.bench.tables import DisplayTable

    title = f"{old.date}, sources {old.source_digest}, and {new.date}, sources {new.source_digest}"
    headings = ("measurement", "first", "second", "unit", "times better", "")
    return DisplayTable(title, headings, [_row(comparison) for comparison in compared.comparisons])


def _row(comparison: MeasurementComparison) -> tuple[str, ...]:
    from breachflow.bench.tables import ABSENT, number_text

    old, new, ratio, verdict = comparison
    values = (ABSENT if value is None else number_text(value) for value in (old.value, new.value))
    return (_name(old), *values, old.unit, f"{ratio:.2f}", str(verdict))


def _name(record: Measurement) -> str:
    parameters = (f"{name}={value}" for name, value in record.parameters.items())
    return " ".join((record.section, record.name, *parameters))


def _judge(compared: Compared, tolerance: float) -> None:
    """Raise SlowerThanBefore where a measurement is worse than allowed."""
    worse, judged = compared.worse, len(compared.judged)
    if worse:
        names = "; ".join(_name(comparison.old) for comparison in worse[:MOST_NAMED])
        more = f" and {len(worse) - MOST_NAMED} more" if len(worse) > MOST_NAMED else ""
        raise SlowerThanBefore(
            f"{len(worse)} of {judged} measurements are more than {tolerance:g} times worse: {names}{more}"
        )
    print_line(f"{judged} measurements, none more than {tolerance:g} times worse")
