"""`breachflow estimate`: what theory says of a hole, at once and without a mesh."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NamedTuple, TypeAlias

import click

from breachflow.analytic import blowdown, nozzle, orifice, rarefaction
from breachflow.case.units import UNITS, Dimension, UnitError, read_quantity
from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY, SPECIES, Species
from breachflow.errors import OutOfRange

PASCALS_PER_MMHG = float(UNITS[Dimension.PRESSURE]["mmHg"])
VACUUM = "vacuum"
UNKNOWN = "unknown"
QUANTITY = "QUANTITY"


Callback: TypeAlias = Callable[[click.Context, click.Parameter, str | None], float | None]


def quantity(dimension: Dimension, may_be_vacuum: bool = False) -> Callback:
    """An option's callback that reads a number with a unit at the same gate as a case file."""

    def read(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        given = context.meta[parameter.opts[0]] = f'{parameter.opts[0]} "{text}"'
        if may_be_vacuum and text.strip() == VACUUM:
            return 0.0
        try:
            value = read_quantity(text, dimension)
        except UnitError as error:
            raise click.UsageError(f"{given} {error}", context) from error
        _require_sign(value, dimension, may_be_vacuum, given)
        return value

    return read


def _require_sign(value: float, dimension: Dimension, may_be_zero: bool, given: str) -> None:
    if may_be_zero and value < 0.0:
        raise click.UsageError(f"{given}: must not be below 0")
    if not may_be_zero and value <= 0.0:
        least = "0 K" if dimension is Dimension.TEMPERATURE else "0"
        raise click.UsageError(f"{given}: must be above {least}")


@dataclass(frozen=True)
class Hole:
    """The opening: `size` is its diameter, or its width where `length` is given (a slit)."""

    size: float
    length: float | None

    @property
    def area(self) -> float:
        return self.size * self.length if self.length is not None else 0.25 * math.pi * self.size**2


class Judgment(NamedTuple):
    """Whether the inviscid continuum holds, by the gas in the ideal throat; None where that is not known."""

    reynolds: float | None
    knudsen: float | None
    regime: str
    inviscid_holds: bool | None
    sentence: str
    warnings: list[str]


@dataclass(frozen=True)
class Estimate:
    """Everything the command prints, in SI units; the JSON keys are the field names."""

    area: float
    outside_pressure: float
    pressure_ratio: float
    choked: bool
    ideal_mass_flow: float
    mass_flow: float
    discharge_coefficient: float
    discharge_coefficient_uncertainty: float | None
    discharge_coefficient_source: str
    throughput: float
    thrust: float
    throat_pressure: float
    throat_temperature: float
    throat_density: float
    throat_speed: float
    reynolds: float | None
    knudsen: float | None
    regime: str
    inviscid_holds: bool | None
    regime_sentence: str
    warnings: list[str]
    rarefied_mass_flow: float | None
    pressure_rate: float | None
    time_constant: float | None


def compute(
    hole: Hole,
    gas: Species,
    pressure: float,
    temperature: float,
    outside: float,
    coefficient: float | None = None,
    volume: float | None = None,
) -> Estimate:
    """The closed forms put together; raises OutOfRange where one of them does not hold."""
    gamma, constant, area = gas.heat_capacity_ratio, gas.specific_gas_constant, hole.area
    ideal = nozzle.ideal_mass_flow(area, pressure, temperature, gamma, constant, outside)
    expected = _coefficient(hole, outside / pressure, gamma, coefficient)
    throat = nozzle.throat_state(pressure, temperature, gamma, constant, outside)
    mass_flow = expected.value * ideal
    judgment = _judge(gas, throat, mass_flow / area, hole.size)
    thrust = pressure * area * nozzle.thrust_ratio(outside / pressure, gamma, expected.value)
    rate = None if volume is None else blowdown.pressure_rate(mass_flow, volume, temperature, constant)
    return Estimate(
        area=area,
        outside_pressure=outside,
        pressure_ratio=outside / pressure,
        choked=outside / pressure <= nozzle.critical_pressure_ratio(gamma),
        ideal_mass_flow=ideal,
        mass_flow=mass_flow,
        discharge_coefficient=expected.value,
        discharge_coefficient_uncertainty=None if coefficient is not None else expected.uncertainty,
        discharge_coefficient_source=expected.source,
        throughput=mass_flow * constant * temperature,
        thrust=thrust,
        throat_pressure=throat.pressure,
        throat_temperature=throat.temperature,
        throat_density=throat.density,
        throat_speed=throat.speed,
        reynolds=judgment.reynolds,
        knudsen=judgment.knudsen,
        regime=judgment.regime,
        inviscid_holds=judgment.inviscid_holds,
        regime_sentence=judgment.sentence,
        warnings=judgment.warnings,
        rarefied_mass_flow=_rarefied(hole, gas, pressure, temperature, outside, judgment),
        pressure_rate=rate,
        time_constant=-pressure / rate if rate else None,
    )


def _coefficient(hole: Hole, ratio: float, gamma: float, given: float | None) -> orifice.Coefficient:
    if given is not None:
        return orifice.Coefficient(given, 0.0, "given")
    return (
        orifice.expected_round(ratio, gamma) if hole.length is None else orifice.expected_slit(ratio, gamma)
    )


def _viscosity(gas: Species, temperature: float) -> float:
    if gas.sutherland is None:
        raise OutOfRange("no viscosity is known for this gas")
    return rarefaction.sutherland_viscosity(gas.sutherland, temperature)


def _judge(gas: Species, throat: nozzle.Throat, mass_flux: float, size: float) -> Judgment:
    """Reynolds and Knudsen number where the flow is decided, and what follows from them."""
    try:
        viscosity = _viscosity(gas, throat.temperature)
    except OutOfRange as reason:
        sentence = f"The continuum assumption was not checked: at the throat {reason}."
        return Judgment(None, None, UNKNOWN, None, sentence, [f"{UNKNOWN} regime: {sentence}"])
    path = rarefaction.mean_free_path(
        viscosity, throat.pressure, throat.temperature, gas.specific_gas_constant
    )
    knudsen = rarefaction.knudsen_number(path, size)
    reynolds = rarefaction.reynolds_number(mass_flux, size, viscosity)
    regime = rarefaction.regime(knudsen)
    warnings = _warnings(regime, reynolds)
    return Judgment(reynolds, knudsen, str(regime), regime.inviscid_holds, regime.sentence, warnings)


def _warnings(regime: rarefaction.Regime, reynolds: float) -> list[str]:
    if not regime.inviscid_holds:
        return [f"{regime} flow: {regime.sentence}"]
    caution = rarefaction.low_reynolds_caution(reynolds)
    return [f"{caution}."] if caution else []


def _rarefied(
    hole: Hole, gas: Species, pressure: float, temperature: float, outside: float, judgment: Judgment
) -> float | None:
    """Thin round hole into vacuum, beyond the continuum: free-molecular flow times Sharipov's W."""
    if hole.length is not None or outside > 0.0 or judgment.inviscid_holds is not False:
        return None
    gamma, constant = gas.heat_capacity_ratio, gas.specific_gas_constant
    try:
        viscosity = _viscosity(gas, temperature)
    except OutOfRange:
        return None
    delta = rarefaction.rarefaction_parameter(0.5 * hole.size, viscosity, pressure, temperature, constant)
    choked = orifice.thin_round_vacuum(gamma).value * nozzle.choked_mass_flux(gamma)
    increase = rarefaction.thin_hole_flow_of_gas(delta, choked * math.sqrt(2.0 * math.pi))
    return increase * rarefaction.free_molecular_mass_flow(hole.area, pressure, temperature, constant)


def _flow_rows(estimate: Estimate) -> list[tuple[str, str]]:
    flow, day = estimate.mass_flow, estimate.mass_flow * SECONDS_PER_DAY
    outside = VACUUM if estimate.outside_pressure == 0.0 else f"{estimate.outside_pressure:.6g} Pa"
    uncertainty = estimate.discharge_coefficient_uncertainty
    spread = "" if uncertainty is None else f" +- {uncertainty:.1g}"
    source = estimate.discharge_coefficient_source
    choked = "choked" if estimate.choked else "not choked"
    return [
        ("outside", f"{outside} (p_outside/p0 = {estimate.pressure_ratio:.4g}, {choked})"),
        ("area", f"{estimate.area * 1e6:.4g} mm2"),
        ("ideal mass flow", f"{estimate.ideal_mass_flow:.4g} kg/s"),
        ("discharge coefficient", f"{estimate.discharge_coefficient:.4g}{spread} ({source})"),
        ("expected mass flow", f"{flow:.4g} kg/s = {flow * 1e3:.4g} g/s"),
        ("", f"{day:.4g} kg/day = {day / KILOGRAMS_PER_POUND:.4g} lb/day"),
        ("", f"{estimate.throughput:.4g} Pa m3/s (at the inside temperature)"),
        ("thrust", f"about {estimate.thrust:.3g} N"),
    ]


def _state_rows(estimate: Estimate) -> list[tuple[str, str]]:
    rows = [
        ("throat pressure", f"{estimate.throat_pressure:.6g} Pa"),
        ("throat temperature", f"{estimate.throat_temperature:.2f} K"),
        ("throat density", f"{estimate.throat_density:.4g} kg/m3"),
        ("throat speed", f"{estimate.throat_speed:.2f} m/s"),
        ("Reynolds number", _known(estimate.reynolds)),
        ("Knudsen number", _known(estimate.knudsen)),
        ("regime", f"{estimate.regime}: {estimate.regime_sentence}"),
    ]
    if estimate.rarefied_mass_flow is not None:
        rows.append(
            ("rarefied mass flow", f"about {estimate.rarefied_mass_flow:.3g} kg/s, thin wall (Sharipov 2004)")
        )
    return rows


def _known(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3g}"


def _volume_rows(estimate: Estimate) -> list[tuple[str, str]]:
    if estimate.pressure_rate is None or estimate.time_constant is None:
        return []
    rate, tau = estimate.pressure_rate, estimate.time_constant
    hours = f" = {tau / 3600.0:.4g} h = {tau / SECONDS_PER_DAY:.4g} days"
    return [
        ("pressure change", f"{rate * 3600.0 / PASCALS_PER_MMHG:.4g} mmHg/h = {rate:.4g} Pa/s (isothermal)"),
        ("time constant", f"{tau:.4g} s{hours} (pressure over its rate of fall)"),
    ]


def _print_table(rows: list[tuple[str, str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_header=False)
    for label, text in rows:
        table.add_row(Text(label), Text(text))
    Console().print(table)


def _print_plain(rows: list[tuple[str, str]]) -> None:
    width = max(len(label) for label, _ in rows)
    for label, text in rows:
        click.echo(f"{label:<{width}}  {text}")


def _show(estimate: Estimate) -> None:
    rows = _flow_rows(estimate) + _state_rows(estimate) + _volume_rows(estimate)
    if sys.stdout.isatty():
        _print_table(rows)
    else:
        _print_plain(rows)
    for warning in estimate.warnings:
        click.secho(f"WARNING: {warning}", fg="red", bold=True)


def _hole(diameter: float | None, width: float | None, length: float | None) -> Hole:
    if diameter is not None and width is None and length is None:
        return Hole(diameter, None)
    if diameter is None and width is not None and length is not None:
        return Hole(width, length)
    raise click.UsageError("say how large the hole is: --diameter (round), or --width and --length (slit)")


@click.command()
@click.option(
    "--diameter", metavar=QUANTITY, callback=quantity(Dimension.LENGTH), help='Round hole, e.g. "2 mm".'
)
@click.option(
    "--width", metavar=QUANTITY, callback=quantity(Dimension.LENGTH), help="Slit: its width, with --length."
)
@click.option("--length", metavar=QUANTITY, callback=quantity(Dimension.LENGTH), help="Slit: its length.")
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
    callback=quantity(Dimension.PRESSURE, may_be_vacuum=True),
    default=VACUUM,
    show_default=True,
    help="Outside pressure.",
)
@click.option("--gas", type=click.Choice(list(SPECIES)), default="air", show_default=True)
@click.option(
    "--cd",
    "coefficient",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    help="Discharge coefficient; without it the one expected at this pressure ratio.",
)
@click.option(
    "--volume",
    metavar=QUANTITY,
    callback=quantity(Dimension.VOLUME),
    help='What empties, e.g. "1005 m3": adds dp/dt.',
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object in SI units.")
@click.pass_context
def estimate(
    context: click.Context,
    diameter: float | None,
    width: float | None,
    length: float | None,
    pressure: float,
    temperature: float,
    outside: float,
    gas: str,
    coefficient: float | None,
    volume: float | None,
    as_json: bool,
) -> None:
    """What theory says of a hole: mass flow, thrust, regime. No mesh, no field, no waiting."""
    hole, species = _hole(diameter, width, length), SPECIES[gas]
    if outside > pressure:
        raise click.UsageError(
            f"{context.meta['--outside']}: must not be above {context.meta['--pressure']}: gas flows outwards"
        )
    try:
        result = compute(hole, species, pressure, temperature, outside, coefficient, volume)
    except OutOfRange as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    else:
        _show(result)
