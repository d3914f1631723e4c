"""`breachflow repair`: whether a repair has worked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import click

import breachflow
from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import FILE, GAS, JSON, quantity
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand

OPTIONS: Final = {"from_time": "--from", "to_time": "--to"}
"""Options whose name is not that of the argument of `breachflow.repair`."""

HEADINGS: Final = {
    "A record": (
        "at", "from_time", "to_time", "exclude", "step", "known", "temperature_weight", "period",
        "background",
    ),
    "Or two leak rates": (
        "before", "after", "before_pressure", "after_pressure", "since", "noise", "noise_time", "resolution",
        "every",
    ),
    "Of both": ("exponent", "planned", "left", "wander", "noise_from", "volume", "temperature", "gas"),
}  # fmt: skip
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow repair tunnel.csv --at "2026-06-05T14:00Z" --volume "7 m3"
breachflow repair --before "1.70 +- 0.08 kg/day" --after "0.35 +- 0.12 kg/day"
breachflow repair --before "1.2 +- 0.1 mmHg/h" --after "0.4 +- 0.5 mmHg/h" --wander "0.12 mmHg\""""


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE, headings=HEADINGS, example=EXAMPLES)
@click.argument("record", metavar="[RECORD]", type=FILE, required=False)
@click.option("--at", metavar="TIME", help='Time of the repair: a date, or "18 h" after the record\'s zero.')
@click.option("--from", "from_time", metavar="TIME", help="First time that counts.")
@click.option("--to", "to_time", metavar="TIME", help="Last time that counts.")
@click.option(
    "--exclude", metavar="TIME TIME", nargs=2, multiple=True, help="Leave out the readings between two times."
)
@click.option("--step", metavar="TIME", multiple=True, help="Here the pressure jumps by an unknown amount.")
@click.option("--known", metavar="FILE", type=FILE, help="Gas that was let in, as for `breachflow infer`.")
@click.option("--temperature-weight", metavar="WEIGHT", help="Of the sensor, as for `breachflow infer`.")
@quantity("--period", help="Of a wave such as an orbit's, as for `breachflow infer`.")
@quantity("--background", help='Rate of fall without a leak, e.g. "0 +- 0.05 mmHg/h".')
@quantity(
    "--before",
    help='Leak rate before the repair with its standard deviation, e.g. "1.70 +- 0.08 kg/day" or "1.2 +- 0.1'
    ' mmHg/h".',
)
@quantity("--after", help="Leak rate after it, likewise; it may be below 0.")
@quantity("--before-pressure", help="Pressure at which the rate before was measured, if they differ.")
@quantity("--after-pressure", help="Pressure at which the rate after was measured.")
@click.option(
    "--exponent", type=float, help="Of the law: 1 of a hole, 2 of a crack; of a record found without it."
)
@quantity("--planned", help="Loss that is planned for: it has worked only if less than it is left.")
@quantity("--since", help="Length of the record after the repair so far.")
@click.option(
    "--left",
    type=click.FloatRange(0.0, 0.5, max_open=True),
    default=0.0,
    show_default=True,
    help="Share of the leak that is assumed to be left, for the length of the record that is needed.",
)
@quantity("--noise", help='Standard deviation of noise that lasts, e.g. "0.05 mmHg"; with --noise-time.')
@quantity("--noise-time", help='How long it lasts, e.g. "1 h".')
@quantity("--resolution", help="Step in which the gauge reads.")
@quantity("--every", help="Time between two readings; 1 min without it.")
@quantity(
    "--wander",
    help="By how much the pressure wanders in an hour without a leak. Without any noise it is that of an open"
    ' station, "0.12 mmHg", where the volume is one.',
)
@click.option("--noise-from", metavar="FILE", type=FILE, help="A quiet record that the wander is read from.")
@quantity(
    "--volume", help="What leaks; needed where one rate is a mass flow and another one of the pressure."
)
@quantity("--temperature", help="Of the gas; 295 K without it.")
@GAS
@JSON
def repair(as_json: bool, **arguments: Any) -> None:
    """Tell whether a repair has worked, from a record or from two rates.

    RECORD is a CSV file as `breachflow infer` takes it. The answer has the probabilities that the leak fell
    by half, by three quarters and by nine tenths, what is left at most, and how long to wait.
    \f

    Raises UsageError where a value is wrong or out of range, CaseError where the record cannot be read.
    """
    with told_as_options(OPTIONS):
        given = {name: value for name, value in arguments.items() if value not in (None, ())}
        found = breachflow.repair(**given)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(str(found))
