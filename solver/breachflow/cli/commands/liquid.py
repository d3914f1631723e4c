"""`breachflow liquid`: bounds of the leak of a liquid, such as coolant, into vacuum."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import click

from breachflow.cli.arguments import told_as_options
from breachflow.cli.options import JSON, quantity
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.leak.liquid.liquids import LIQUIDS

HEADINGS: Final = {
    "The hole and the loop": ("diameter", "pressure", "inventory", "gas_volume"),
    "The liquid": ("liquid", "density", "vapor_pressure", "viscosity"),
}
"""The options by what they are about."""

EXAMPLES: Final = """\
breachflow liquid --liquid water --diameter "1 mm" --pressure "3 bar" --inventory "20 kg"
breachflow liquid --density "692 kg/m3" --vapor-pressure "5 kPa" --diameter "0.8 mm" --pressure "1.5 bar\""""


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE, headings=HEADINGS, example=EXAMPLES)
@quantity("--diameter", help='Thin round hole, e.g. "0.8 mm".')
@quantity("--pressure", help='Of the loop, absolute, e.g. "1.5 bar".')
@quantity("--inventory", help='Mass of the liquid, e.g. "20 kg": adds the times in which it drains.')
@quantity("--gas-volume", help="Of the gas that presses on it, e.g. of an accumulator, with --inventory.")
@click.option(
    "--liquid", metavar=f"[{'|'.join(LIQUIDS)}]", help="Of this name, at 293.15 K; or give its numbers:"
)
@quantity("--density", help='E.g. "692 kg/m3".')
@quantity("--vapor-pressure", help='At its temperature, e.g. "5 kPa".')
@quantity("--viscosity", help="If it is known: whether friction counts.")
@JSON
def liquid(as_json: bool, **arguments: Any) -> None:
    """Bound the leak of a liquid, such as coolant, into vacuum.

    A jet through a thin wall stays liquid; if it boils in the hole it is slower, and nothing is faster than
    the upper bound. A liquid that boils before the hole is refused: its two phases follow other laws.
    \f

    Raises UsageError where a value is wrong or out of range.
    """
    from breachflow.leak.liquid.leak import LiquidArguments, liquid_leak
    from breachflow.leak.liquid.text import liquid_text

    with told_as_options({}):
        found = liquid_leak(LiquidArguments(**arguments))
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(liquid_text(found))
