"""`breachflow estimate`: what closed forms say of a hole, at once and without a mesh."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import click

import breachflow
from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import GAS_NAMES, JSON, quantity
from breachflow.cli.printing.estimate_text import print_estimate, print_explanation, print_laws
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.leak.arguments.gas import CUSTOM_GAS, MIXTURE
from breachflow.leak.breach import VACUUM

COEFFICIENT: Final = "--cd"

OPTIONS: Final = {"discharge_coefficient": COEFFICIENT}
"""Options whose name is not that of the argument of `breachflow.estimate`."""

HEADINGS: Final = {
    "The hole": ("diameter", "width", "length", "wall_thickness", "edge_radius", "angle"),
    "Or the flow, to find the hole": ("mass_flow", "rate"),
    "The gas and both sides": ("pressure", "temperature", "outside", "gas"),
    "What empties": ("volume", "until"),
    "How it is computed": ("law", "discharge_coefficient"),
}
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow estimate --diameter "2 mm" --pressure "1 atm" --temperature "20 degC"
breachflow estimate --mass-flow "1.6 kg/day" --pressure "1 atm" --temperature "20 degC\""""


def _list_laws(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:  # noqa: ARG001
    if wanted:
        print_laws()
        context.exit()


@click.command(
    cls=ListedCommand,
    section=HelpSection.COMPUTE,
    headings=HEADINGS,
    example=EXAMPLES,
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_laws,
    help="Print every law with its shapes, range and source.",
)
@quantity("--diameter", help='Round hole or tube, e.g. "2 mm".')
@quantity("--width", "--opening", "width", help="Slit or crack: its width, with --length.")
@quantity("--length", help="Slit or crack: its length along the wall.")
@quantity(
    "--wall-thickness",
    "--depth",
    "wall_thickness",
    help="Along the flow: of the wall, a tube or a crack; without it a thin wall.",
)
@quantity("--edge-radius", help="Of the upstream edge; without it sharp.")
@quantity("--angle", help="Between the bore and the wall's normal; with a --law over orifice.angle.")
@quantity(
    "--mass-flow",
    help='What leaks, e.g. "1.6 kg/day" or, with its standard deviation, "1.6 +- 0.3 kg/day": finds the round'
    " hole, with --length the slit or crack.",
)
@quantity("--rate", help='Or how fast the pressure in --volume falls, e.g. "1.3 mmHg/h".')
@quantity("--pressure", required=True, help='Inside, e.g. "1 atm".')
@quantity("--temperature", required=True, help='E.g. "20 degC".')
@quantity("--outside", default=VACUUM, show_default=True, help="Outside pressure.")
@click.option(
    "--gas",
    metavar=GAS_NAMES,
    default="air",
    show_default=True,
    help=f"A name, mole fractions '{MIXTURE}', or numbers '{CUSTOM_GAS}'.",
)
@click.option(
    "--law",
    metavar="NAME|FILE",
    help="Only this law, within its range: a name of --list (sweep/crack: computed cracks), or the table.h5"
    " of a sweep, to which a law was fitted. Without it the best estimate of all.",
)
@click.option(
    COEFFICIENT,
    "discharge_coefficient",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    help="Discharge coefficient; without it the one expected of this hole.",
)
@quantity("--volume", help='What empties, e.g. "1005 m3": adds dp/dt.')
@quantity("--until", help='With --volume: adds the time to this pressure, e.g. "490 mmHg".')
@click.option(
    "--explain", is_flag=True, help="Print the formulas, one after the other, with the numbers put in."
)
@JSON
def estimate(as_json: bool, explain: bool, **arguments: Any) -> None:
    """Estimate a leak from closed forms: mass flow, thrust, regime.

    No mesh is made. The leak rate is continuous from the smallest crack to the largest hole. The laws
    that it rests on are printed with it, and what the other laws say.
    \f

    Raises UsageError where a value is wrong or out of range.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    with told_as_options(OPTIONS):
        result = breachflow.estimate(**given)
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    elif explain:
        print_explanation(result)
    else:
        print_estimate(result)
