"""`breachflow estimate`: what theory says of a hole, at once and without a mesh."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import click

from breachflow.cli.options import JSON
from breachflow.cli.printing.estimate_text import VACUUM, print_estimate, print_laws
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.estimate import Choice, Drain
from breachflow.leak.estimate import estimate as estimate_leak
from breachflow.leak.laws import NAMES, Law
from breachflow.units import Dimension, UnitError, read_quantity
from breachflow.words import suggested

QUANTITY = "QUANTITY"

Callback: TypeAlias = Callable[[click.Context, click.Parameter, str | None], float | None]
Decorator: TypeAlias = Callable[[Callable[..., None]], Callable[..., None]]


def quantity(dimension: Dimension, may_be_zero: bool = False) -> Callback:
    """An option's callback that reads a number with a unit at the same gate as a case file."""

    def read(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        given = context.meta[parameter.opts[0]] = f'{parameter.opts[0]} "{text}"'
        if may_be_zero and dimension is Dimension.PRESSURE and text.strip() == VACUUM:
            return 0.0
        try:
            value = read_quantity(text, dimension)
        except UnitError as error:
            raise click.UsageError(f"{given} {error}", context) from error
        _require_sign(value, dimension, may_be_zero, given)
        return value

    return read


def _require_sign(value: float, dimension: Dimension, may_be_zero: bool, given: str) -> None:
    if may_be_zero and value < 0.0:
        raise click.UsageError(f"{given}: must not be below 0")
    if not may_be_zero and value <= 0.0:
        least = "0 K" if dimension is Dimension.TEMPERATURE else "0"
        raise click.UsageError(f"{given}: must be above {least}")


def _size(*names: str, help: str, may_be_zero: bool = False) -> Decorator:
    return click.option(*names, metavar=QUANTITY, callback=quantity(Dimension.LENGTH, may_be_zero), help=help)


def _breach(
    diameter: float | None, width: float | None, length: float | None, depth: float | None, edge: float | None
) -> Breach:
    if diameter is not None and width is None and length is None:
        return Breach(Section.ROUND, diameter, depth or 0.0, None, edge or 0.0)
    if diameter is None and width is not None and length is not None:
        return Breach(Section.SLIT, width, depth or 0.0, length, edge or 0.0)
    raise click.UsageError("say how large the hole is: --diameter (round), or --width and --length (slit)")


def _require_fall(context: click.Context, pressure: float, outside: float, until: float | None) -> None:
    meta = context.meta
    if outside > pressure:
        raise click.UsageError(
            f"{meta['--outside']}: must not be above {meta['--pressure']}: gas flows outwards"
        )
    if until is not None and not outside < until <= pressure:
        raise click.UsageError(
            f"{meta['--until']}: must be above --outside and not above {meta['--pressure']}"
        )


def _drain(volume: float | None, until: float | None) -> Drain | None:
    if volume is None:
        if until is not None:
            raise click.UsageError("--until needs --volume: how much gas there is to lose")
        return None
    return Drain(volume, until)


def _list_laws(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:  # noqa: ARG001
    if wanted:
        print_laws()
        context.exit()


def _law(context: click.Context, parameter: click.Parameter, text: str | None) -> str | Law | None:  # noqa: ARG001
    """A name of the list, or else the law in a file, whose packages are imported here alone."""
    if text is None or text in NAMES:
        return text
    if not Path(text).is_file():
        raise click.UsageError(
            f'--law "{text}": no law of --list and no file; the table.h5 of a sweep may be given'
            f"{suggested(text, NAMES)}"
        )
    from breachflow.leak.fitted.law_file import leak_law

    return leak_law(text)


@click.command(cls=ListedCommand, section=HelpSection.COMPUTE)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_laws,
    help="Print every law with its shapes, range and source.",
)
@_size("--diameter", help='Round hole or tube, e.g. "2 mm".')
@_size("--width", "--opening", "width", help="Slit or crack: its width, with --length.")
@_size("--length", help="Slit or crack: its length along the wall.")
@_size(
    "--wall-thickness",
    "--depth",
    "depth",
    may_be_zero=True,
    help="Along the flow: of the wall, a tube or a crack; without it a thin wall.",
)
@_size("--edge-radius", may_be_zero=True, help="Of the upstream edge; without it sharp.")
@click.option(
    "--pressure",
    metavar=QUANTITY,
    callback=quantity(Dimension.PRESSURE),
    required=True,
    help='Inside, e.g. "1 atm".',
)
@click.option(
    "--temperature",
    metavar=QUANTITY,
    callback=quantity(Dimension.TEMPERATURE),
    required=True,
    help='E.g. "20 degC".',
)
@click.option(
    "--outside",
    metavar=QUANTITY,
    callback=quantity(Dimension.PRESSURE, may_be_zero=True),
    default=VACUUM,
    show_default=True,
    help="Outside pressure.",
)
@click.option("--gas", type=click.Choice(list(SPECIES)), default="air", show_default=True)
@click.option(
    "--law",
    metavar="NAME|FILE",
    callback=_law,
    help="Only this law, within its range: a name of --list, or the table.h5 of a sweep, to which a law was"
    " fitted. Without it the best estimate of all.",
)
@click.option(
    "--cd",
    "coefficient",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    help="Discharge coefficient; without it the one expected of this hole.",
)
@click.option(
    "--volume",
    metavar=QUANTITY,
    callback=quantity(Dimension.VOLUME),
    help='What empties, e.g. "1005 m3": adds dp/dt.',
)
@click.option(
    "--until",
    metavar=QUANTITY,
    callback=quantity(Dimension.PRESSURE),
    help='With --volume: adds the time to this pressure, e.g. "490 mmHg".',
)
@JSON
@click.pass_context
def estimate(
    context: click.Context,
    diameter: float | None,
    width: float | None,
    length: float | None,
    depth: float | None,
    edge_radius: float | None,
    pressure: float,
    temperature: float,
    outside: float,
    gas: str,
    law: str | Law | None,
    coefficient: float | None,
    volume: float | None,
    until: float | None,
    as_json: bool,
) -> None:
    """What theory says of a hole: mass flow, thrust, regime. No mesh, no field, no waiting.

    The expected flow is continuous from the smallest crack to the largest hole; the laws it rests on and what
    the others say are printed with it.
    """
    if law is not None and coefficient is not None:
        raise click.UsageError("--law and --cd both say how much flows: give one of them")
    breach = _breach(diameter, width, length, depth, edge_radius)
    drain = _drain(volume, until)
    _require_fall(context, pressure, outside, until)
    state = LeakState(SPECIES[gas], pressure, temperature, outside)
    try:
        result = estimate_leak(breach, state, Choice(law, coefficient), drain)
    except OutOfRange as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    else:
        print_estimate(result)
