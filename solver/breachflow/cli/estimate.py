"""`breachflow estimate`: what theory says of a hole, at once and without a mesh."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeAlias

import click

from breachflow.analytic import blowdown, nozzle, orifice, rarefaction
from breachflow.case.units import UNITS, Dimension, UnitError, read_quantity
from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY, SPECIES, Species, Sutherland
from breachflow.errors import OutOfRange

PASCALS_PER_MMHG = float(UNITS[Dimension.PRESSURE]["mmHg"])
LOW_REYNOLDS = 1e4
VACUUM = "vacuum"
QUANTITY = "QUANTITY"


Callback: TypeAlias = Callable[[click.Context, click.Parameter, str | None], float | None]


def quantity(dimension: Dimension) -> Callback:
    """An option's callback that reads a number with a unit at the same gate as a case file."""

    def read(_context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        if dimension is Dimension.PRESSURE and text.strip() == VACUUM:
            return 0.0
        try:
            return read_quantity(text, dimension)
        except UnitError as error:
            raise click.BadParameter(f'"{text}" {error}', param=parameter) from error

    return read


@dataclass(frozen=True)
class Hole:
    """The opening: `size` is its diameter, or its width where `length` is given (a slit)."""

    size: float
    length: float | None

    @property
    def area(self) -> float:
        return self.size * self.length if self.length is not None else 0.25 * math.pi * self.size**2


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
    reynolds: float
    knudsen: float
    regime: str
    inviscid_holds: bool
    regime_sentence: str
    warnings: list[str]
    rarefied_mass_flow: float | None
    pressure_rate: float | None
    time_constant: float | None


def compute(
    hole: Hole,
    gas: Species,
    law: Sutherland,
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
    viscosity = rarefaction.sutherland_viscosity(law, temperature)
    path = rarefaction.mean_free_path(viscosity, pressure, temperature, constant)
    knudsen = rarefaction.knudsen_number(path, hole.size)
    reynolds = rarefaction.reynolds_number(expected.value * ideal / area, hole.size, viscosity)
    regime, mass_flow = rarefaction.regime(knudsen), expected.value * ideal
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
        reynolds=reynolds,
        knudsen=knudsen,
        regime=str(regime),
        inviscid_holds=regime.inviscid_holds,
        regime_sentence=regime.sentence,
        warnings=_warnings(regime, reynolds),
        rarefied_mass_flow=_rarefied(hole, gas, pressure, temperature, outside, knudsen),
        pressure_rate=rate,
        time_constant=-pressure / rate if rate else None,
    )


def _coefficient(hole: Hole, ratio: float, gamma: float, given: float | None) -> orifice.Coefficient:
    if given is not None:
        return orifice.Coefficient(given, 0.0, "given")
    return (
        orifice.expected_round(ratio, gamma) if hole.length is None else orifice.expected_slit(ratio, gamma)
    )


def _warnings(regime: rarefaction.Regime, reynolds: float) -> list[str]:
    if not regime.inviscid_holds:
        return [f"{regime} flow: {regime.sentence}"]
    if reynolds < LOW_REYNOLDS:
        return [
            "Reynolds number below 10 000: friction may shift the discharge coefficient by several per cent, "
            "and by much more where the wall is not thin against the hole."
        ]
    return []


def _rarefied(
    hole: Hole, gas: Species, pressure: float, temperature: float, outside: float, knudsen: float
) -> float | None:
    """Thin round hole into vacuum, beyond the continuum: free-molecular flow times Sharipov's W."""
    if hole.length is not None or outside > 0.0 or rarefaction.regime(knudsen).inviscid_holds:
        return None
    gamma = gas.heat_capacity_ratio
    delta = 0.25 * math.sqrt(math.pi) / knudsen
    choked = orifice.thin_round_vacuum(gamma).value * nozzle.choked_mass_flux(gamma)
    increase = rarefaction.thin_hole_flow_of_gas(delta, choked * math.sqrt(2.0 * math.pi))
    free = rarefaction.free_molecular_mass_flow(hole.area, pressure, temperature, gas.specific_gas_constant)
    return free * increase


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
        ("Reynolds number", f"{estimate.reynolds:.3g}"),
        ("Knudsen number", f"{estimate.knudsen:.3g}"),
        ("regime", f"{estimate.regime}: {estimate.regime_sentence}"),
    ]
    if estimate.rarefied_mass_flow is not None:
        rows.append(
            ("rarefied mass flow", f"about {estimate.rarefied_mass_flow:.3g} kg/s, thin wall (Sharipov 2004)")
        )
    return rows


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
    callback=quantity(Dimension.PRESSURE),
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
def estimate(
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
    if species.sutherland is None:
        raise click.UsageError(f"no viscosity is known for {gas}")
    law = species.sutherland
    try:
        result = compute(hole, species, law, pressure, temperature, outside, coefficient, volume)
    except OutOfRange as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    else:
        _show(result)
