"""`breachflow infer`: from a pressure record to the leak."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

import breachflow
from breachflow.case_kinds import case_file
from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import FILE, GAS, JSON, quantity
from breachflow.cli.printing.lines import print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand

if TYPE_CHECKING:
    from breachflow.inference.answer.answer import Inference
    from breachflow.inference.case.schema import RecordCase

OPTIONS: Final = {"from_time": "--from", "to_time": "--to"}
"""Options whose name is not that of the argument of `breachflow.infer`."""

HEADINGS: Final = {
    "The cabin": ("volume", "volume_uncertainty", "gas", "temperature", "until", "length", "depth"),
    "What of the record counts": (
        "pressure_column",
        "temperature_column",
        "from_time",
        "to_time",
        "exclude",
        "step",
    ),
    "What else moves the pressure": (
        "known",
        "temperature_weight",
        "period",
        "background",
        "wander",
        "noise_from",
        "exponent",
    ),
}
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow infer tunnel.csv --volume "7 m3" --volume-uncertainty 0.15
breachflow infer station.csv --volume "1005 m3" --background "0 +- 0.05 mmHg/h" --step "2026-06-05T14:00Z"
breachflow infer module.csv --volume "75 m3" --noise-from quiet.csv --length "30 mm" --depth "2 mm\""""

CASE_SUFFIX: Final = ".toml"
"""Of a file that is the case of a record, and not the record."""

SMALL_MATRICES: Final = "OPENBLAS_NUM_THREADS"
"""Threads of the linear algebra: its matrices are so small that more of them only wait for each other."""


def _case(path: Path) -> RecordCase | None:
    """The case of a record; None of a file that is the record itself."""
    path = case_file(path)
    if path.suffix != CASE_SUFFIX:
        return None
    from breachflow.inference.case.read import load_record_case

    return load_record_case(path)


def _inferred(path: Path, given: dict[str, Any]) -> Inference:
    """The answer to a record, or to the case of one with other options beside it."""
    case = _case(path)
    if case is None:
        return breachflow.infer(path, **given)
    from breachflow.inference.case.answer import told_of_case

    with told_of_case(case, given):
        return breachflow.infer(case.record, **case.arguments | given)


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE, headings=HEADINGS, example=EXAMPLES)
@click.argument("record", metavar="RECORD", type=FILE)
@quantity("--volume", help='What empties, e.g. "7 m3": adds kg/day, lb/day and the opening.')
@click.option(
    "--volume-uncertainty",
    metavar="SHARE",
    type=float,
    help="Relative standard deviation of the volume; without it 0.1.",
)
@GAS
@quantity("--temperature", help="Of the gas; without it the mean of the record's sensor, else 295 K.")
@quantity("--until", help="The limit; without it 490 mmHg, which is commonly quoted and not verified.")
@quantity("--length", help="Length of a crack; with --depth adds the opening of one that leaks as much.")
@quantity("--depth", help="Depth of a crack: the thickness of the wall.")
@click.option("--pressure-column", metavar="HEADING", help="The pressure, of a file with several sensors.")
@click.option("--temperature-column", metavar="HEADING", help="The temperature, likewise.")
@click.option("--from", "from_time", metavar="TIME", help='First time that counts: a date, or "6 h".')
@click.option("--to", "to_time", metavar="TIME", help="Last time that counts.")
@click.option(
    "--exclude",
    metavar="TIME TIME",
    nargs=2,
    multiple=True,
    help="Leave out the readings between two times; may be given several times.",
)
@click.option(
    "--step",
    metavar="TIME",
    multiple=True,
    help="Here the pressure jumps by an unknown amount (a repress, a docking); may be given several times.",
)
@click.option(
    "--known",
    metavar="FILE",
    type=FILE,
    help="Gas that was let in: a CSV file with time, and mass [kg] (all until then) or flow [kg/h].",
)
@click.option(
    "--temperature-weight",
    metavar="WEIGHT",
    help='How far the sensor speaks for the mean temperature; without it "1 +- 0.25"; none leaves it out.',
)
@quantity("--period", help='Period of a wave such as an orbit\'s; without it "92.9 min"; none for no wave.')
@click.option("--exponent", metavar="any|NUMBER", default="any", show_default=True, help="n of flow ~ p^n.")
@quantity("--background", help='Rate of fall without a leak, e.g. "0 +- 0.05 mmHg/h".')
@quantity(
    "--wander",
    help="By how much the pressure wanders in an hour without a leak, one standard deviation; without it"
    ' "0.12 mmHg" for an open station (above 300 m3, or of unknown volume), else "0 mmHg".',
)
@click.option("--noise-from", metavar="FILE", type=FILE, help="A quiet record that the wander is read from.")
@click.option(
    "--report", metavar="FOLDER", type=FILE, help="Write pictures, and report.html with all of them, there."
)
@JSON
def infer(record: Path, report: Path | None, as_json: bool, **arguments: Any) -> None:
    """Tell a leak from a pressure record.

    RECORD is a CSV file with the headings `time [s]` (or min, h, day, or dates of ISO 8601), `pressure
    [mmHg]` in any unit and, if there is one, `temperature [degC]`. The answer is a verdict: leak (hole-like,
    crack-like or not identifiable), changed, no leak shown, inconsistent with a leak, or that the record is
    frozen, steps or is too short; with kg/day, the opening and the time to a limit, each with a 90 %
    interval. Outside is a vacuum. RECORD may also be a case, a TOML file with the record and these options.
    It decides nothing about a flight; how a crack grows is not modeled.
    \f

    Raises UsageError where a value is wrong, CaseError where the record cannot be read, ResultError where the
    report cannot be written.
    """
    if report is not None:
        from breachflow.report.chart import require_packages

        require_packages()
    os.environ.setdefault(SMALL_MATRICES, "1")
    context = click.get_current_context()
    given = {
        name: value
        for name, value in arguments.items()
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    with told_as_options(OPTIONS):
        found = _inferred(record, given)
    files: list[Path] = []
    if report is not None:
        from breachflow.report.records.write import write_infer_report

        files = write_infer_report(found, report)
    if as_json:
        from breachflow.inference.answer.as_json import as_object

        click.echo(json.dumps(as_object(found), indent=2))
    else:
        print_line(str(found))
        for file in files:
            print_line(f"wrote {short_path(file)}")
