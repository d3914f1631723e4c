"""`breachflow detect`: the smallest leak that a pressure record shows."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

import breachflow
from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import FILE, GAS, JSON, quantity
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand

HEADINGS: Final = {
    "What leaks": ("volume", "leak", "pressure", "temperature", "gas"),
    "The record": ("length", "noise", "noise_time", "resolution", "every", "wander", "noise_from"),
    "How sure": ("false_alarm", "miss"),
}
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow detect
breachflow detect --volume "7 m3" --noise "0.05 mmHg" --noise-time "1 h" --leak "1 kg/day"
breachflow detect --resolution "1 mmHg" --wander "0.12 mmHg" --volume "1005 m3" --chart smallest.png"""

CHANCE: Final = click.FloatRange(0.0, 0.5, min_open=True, max_open=True)


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE, headings=HEADINGS, example=EXAMPLES)
@quantity("--volume", multiple=True, help="A volume; can be repeated. 7, 75, 260 and 1005 m3 without it.")
@quantity(
    "--leak", help='A leak, e.g. "1 kg/day" or "0.1 mmHg/h": adds how long a record must be to show it.'
)
@quantity("--pressure", help="Of the gas, for the equivalent hole; 760 mmHg without it.")
@quantity("--temperature", help="Of the gas; 295 K without it.")
@GAS
@quantity(
    "--length",
    multiple=True,
    help="Length of the record; can be repeated. 1, 3, 6, 12, 24 and 72 h without it.",
)
@quantity("--noise", help='Standard deviation of noise that lasts, e.g. "0.05 mmHg"; with --noise-time.')
@quantity("--noise-time", help='How long it lasts, e.g. "1 h".')
@quantity("--resolution", help="Step in which the gauge reads.")
@quantity("--every", help="Time between two readings; 1 min without it.")
@quantity(
    "--wander",
    help="By how much the pressure wanders in an hour without a leak, one standard deviation. Without any"
    ' noise it is that of an open station, "0.12 mmHg".',
)
@click.option(
    "--noise-from",
    metavar="FILE",
    type=FILE,
    help="A quiet record: its wander, the step of its gauge and the time between its readings count.",
)
@click.option(
    "--false-alarm",
    type=CHANCE,
    default=0.05,
    show_default=True,
    help="Probability that a record without a leak shows one.",
)
@click.option(
    "--miss",
    type=CHANCE,
    default=0.05,
    show_default=True,
    help="Probability that a record with the smallest leak does not show it.",
)
@click.option("--chart", metavar="FILE", type=FILE, help="Draw the table: a picture, .png or .svg.")
@JSON
def detect(as_json: bool, chart: Path | None, **arguments: Any) -> None:
    """Tell how small a leak a pressure record can show.

    No file, no mesh. For each volume and each length of the record: the rate of the pressure, the leak in
    kg/day and lb/day, and the thin round hole that leaks as much. The noise of a record has memory, so that
    more readings do not help; a longer record does. Without any noise given it is that of an open station.
    \f

    Raises UsageError where a value is wrong or out of range, and ResultError where no chart can be written.
    """
    if chart is not None:
        from breachflow.report.chart import require_chart

        require_chart(chart)
    with told_as_options({}):
        found = breachflow.detect(**{name: value for name, value in arguments.items() if _given(value)})
    if chart is not None:
        from breachflow.report.leaks.detection import write_detection_chart

        write_detection_chart(found, chart)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(str(found))
        if chart is not None:
            print_line(f"wrote {chart}")


def _given(value: object) -> bool:
    return value is not None and value != ()
