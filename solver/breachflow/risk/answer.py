"""The answer of a risk as a record in SI units, and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from breachflow.units import PASCALS_PER_MMHG
from breachflow.words import significant


@dataclass(frozen=True)
class SizeRisk:
    """For each time, the hole that takes it, and how probable a larger one is."""

    diameter: tuple[float, ...]
    """Diameter of the hole through which the limit is reached in the time, m."""
    of_a_penetration: tuple[float, ...]
    """Probability that a penetration makes a larger hole: a shorter time."""


@dataclass(frozen=True)
class PunctureRisk:
    """The holes of one cause in one compartment."""

    compartment: str
    empties: tuple[str, ...]
    """The compartments that open hatches make one volume with it, itself first."""
    volume: float
    """What empties, m3."""
    per_year: float
    """Penetrations a year that are expected."""
    isothermal: SizeRisk
    """Walls that keep the gas at its temperature: slow leaks."""
    adiabatic: SizeRisk
    """No heat from the walls: fast leaks."""


@dataclass(frozen=True)
class Chances:
    """For each time, the probability that it is not left at least once in the years."""

    isothermal: tuple[float, ...]
    adiabatic: tuple[float, ...]


@dataclass(frozen=True)
class RiskAnswer:
    """The probability of too short a time, in SI units. `print` shows it in the units that people use."""

    title: str
    gas: str
    """Name of the gas."""
    limit: float
    """Pressure that must not be passed, Pa."""
    limit_name: str
    years: float
    """Time in orbit, years."""
    times: tuple[float, ...]
    """Times from the hole to the limit, s."""
    penetrations: float
    """Penetrations that are expected in the years."""
    holes: Mapping[str, PunctureRisk]
    """By the name of the cause."""
    compartments: Mapping[str, Chances]
    """By the compartment that is hit."""
    station: Chances
    """Of a hole anywhere."""
    warnings: tuple[str, ...]
    """Cautions on the numbers."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        return "\n".join(risk_lines(self))


WALLS = {"isothermal": "walls keep the temperature", "adiabatic": "no heat from the walls"}
"""Attributes of the thermal limits, and what is printed for them."""

LABEL, COLUMN = 44, 11
"""Widths of the labels and of the columns of numbers."""


def risk_lines(found: RiskAnswer) -> Iterator[str]:
    """The answer as lines of text."""
    if found.title:
        yield found.title
    limit = f"{found.limit / PASCALS_PER_MMHG:.4g} mmHg = {found.limit / 1e3:.4g} kPa ({found.limit_name})"
    yield f"  limit     {limit}; {found.gas} into vacuum"
    yield f"  exposure  {found.years:g} years, {found.penetrations:.4g} penetrations expected"
    yield ""
    yield _line("limit reached in less than", [_time(time) for time in found.times])
    for name, cause in found.holes.items():
        yield _cause(name, cause)
        for attribute, words in WALLS.items():
            yield from _sizes(words, getattr(cause, attribute))
    yield f"in {found.years:g} years, at least once"
    places = dict(found.compartments)
    if len(places) > 1:
        places["anywhere"] = found.station
    for place, chances in places.items():
        for attribute, words in WALLS.items():
            yield _line(f"  {place}: {words}", [f"{value:.3g}" for value in getattr(chances, attribute)])
    yield from (f"WARNING: {warning}" for warning in found.warnings)


def _cause(name: str, cause: PunctureRisk) -> str:
    """The cause, its compartment, and what empties."""
    others = cause.empties[1:]
    joined = f" with {', '.join(others)}" if others else ""
    return f"{name}: {cause.per_year:g} a year in {cause.compartment}; {cause.volume:.6g} m3 empty{joined}"


def _sizes(words: str, sizes: SizeRisk) -> Iterator[str]:
    yield _line(
        f"  {words}: holes above", [f"{significant(1e3 * diameter, 3)} mm" for diameter in sizes.diameter]
    )
    yield _line("    of a penetration", [f"{value:.3g}" for value in sizes.of_a_penetration])


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:<{LABEL}}{''.join(f'{cell:>{COLUMN}}' for cell in cells)}"


def _time(seconds: float) -> str:
    """A time in the largest unit in which it has no small fraction."""
    for size, unit in ((86400.0, "day"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:.4g} {unit}"
    return f"{seconds:.4g} s"
