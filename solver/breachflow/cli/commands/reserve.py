"""`breachflow reserve`: how long until the pressure of a leaking cabin has fallen to a limit."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import click

import breachflow
from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import GAS, JSON, quantity
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand

OPTIONS: Final = {
    "from_pressure": "--from",
    "to_pressure": "--to",
    "discharge_coefficient": "--cd",
}
"""Options whose name is not that of the argument of `breachflow.reserve`."""

HEADINGS: Final = {
    "Either a rate": ("rate",),
    "Or two readings": ("from_pressure", "to_pressure", "after", "resolution", "wander"),
    "Or a thin round hole": ("diameter", "discharge_coefficient"),
    "The cabin": ("pressure", "until", "volume", "temperature", "gas", "feed"),
}
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow reserve --rate "1 mmHg/h" --pressure "745 mmHg"
breachflow reserve --from "760 mmHg" --to "758 mmHg" --after "90 min" --volume "1005 m3"
breachflow reserve --diameter "2 mm" --volume "1005 m3" --pressure "760 mmHg" --until "523 mmHg"
breachflow reserve --rate "1.6 kg/day" --pressure "730 mmHg" --volume "7 m3" --feed "1 kg/day\""""


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE, headings=HEADINGS, example=EXAMPLES)
@quantity(
    "--rate",
    help='How fast the pressure falls, e.g. "1 mmHg/h" or, with its standard deviation, "1 +- 0.2 mmHg/h";'
    ' with --volume also a mass flow, e.g. "1.6 kg/day".',
)
@quantity("--from", "from_pressure", help='The earlier reading, e.g. "760 mmHg".')
@quantity("--to", "to_pressure", help="The later reading: the pressure now.")
@quantity("--after", help='Time between the two, e.g. "90 min".')
@quantity(
    "--resolution", help="Step in which the gauge reads; without it by the digits of the readings as written."
)
@quantity(
    "--wander",
    help="By how much the pressure wanders in an hour without a leak, one standard deviation; that of an open"
    ' station is "0.12 mmHg". Without it the interval does not hold it.',
)
@quantity("--diameter", help='Its diameter, e.g. "2 mm"; with --volume.')
@click.option(
    OPTIONS["discharge_coefficient"],
    "discharge_coefficient",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    help="Its discharge coefficient; without it the best estimate.",
)
@quantity("--pressure", help="The pressure now, with --rate or --diameter.")
@quantity("--until", help="The limit; without it 490 mmHg, which is commonly quoted and not verified.")
@quantity(
    "--volume", help="What empties: adds the leak rate in kg/day and lb/day, and a hole that leaks as much."
)
@quantity(
    "--temperature",
    help="Of the gas; without it 295 K. A time from a pressure rate does not depend on it.",
)
@GAS
@quantity(
    "--feed",
    help="Mass flow of the same gas into the cabin from now on; a rate is that without it. With --volume.",
)
@JSON
def reserve(as_json: bool, **arguments: Any) -> None:
    """Tell how long a leaking cabin has until a pressure limit.

    No file, no mesh. From a rate or from two readings the time needs no volume, but the law by which the flow
    falls with the pressure: a hole (isothermal, adiabatic), a crack, and a loss that does not lessen, which
    is the cautious one. Outside is a vacuum. For walls, slits and cracks of known size, see `breachflow
    estimate --volume --until`; for hatches, tanks and crews over time, `breachflow cabin`.
    \f

    Raises UsageError where a value is wrong or out of range.
    """
    with told_as_options(OPTIONS):
        found = breachflow.reserve(**{name: value for name, value in arguments.items() if value is not None})
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(str(found))
