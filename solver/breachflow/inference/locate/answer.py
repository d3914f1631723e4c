"""Where a leak is, as a record in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from breachflow.inference.locate.plan import HatchStep


@dataclass(frozen=True)
class LeakPlace:
    """A place where the leak may be: one compartment, or two."""

    probability: float
    share: Mapping[str, float]
    """Share of the leak in each compartment that has one."""


@dataclass(frozen=True)
class TestEffect:
    """What one test has told."""

    __test__ = False

    closed: tuple[str, ...]
    """Hatches that were shut."""
    sides: tuple[tuple[str, ...], ...]
    """Names of the compartments of each side whose slope was read."""
    slopes: tuple[tuple[float, float], ...]
    """Slope of the pressure of each, and its standard deviation, Pa/s; below 0 as it falls."""
    by_record: bool
    """Whether a slope is that of a record."""
    probability: Mapping[str, float]
    """Of each compartment after the test."""
    two_leaks: float
    gain: float
    """Information that the test has given, bit: the entropy of the places before less that after."""
    fit: float
    """Probability that slopes are as far off, by chance, from what the likeliest places make."""


@dataclass(frozen=True)
class SealFinding:
    """The leaks of the hull behind a hatch and of its seal, at the pressure before it."""

    hatch: str
    inside: str
    outside_pressure: float
    """Pa."""
    hull: float | None
    """kg/s; None where one pressure level cannot tell the two apart."""
    hull_uncertainty: float | None
    seal: float | None
    seal_uncertainty: float | None
    correlation: float | None
    """Of the errors of both."""
    fit: float | None
    """Probability of so large a misfit by chance; None of two levels, which always fit."""
    next_level: Mapping[str, float]
    """Standard deviation of the seal's leak, kg/s, after one more level at a pressure: by its text."""


@dataclass(frozen=True)
class LeakLocation:
    """Where a leak is, and which hatch to shut next, in SI units. `print` shows it in practical units.

    The command `locate --json` writes these attributes under their names.
    """

    title: str
    probability: Mapping[str, float]
    """Of a share of the leak in each compartment; their sum is 1 and the probability of two leaks."""
    two_leaks: float
    hypotheses: tuple[LeakPlace, ...]
    """Places, likeliest first."""
    entropy: float
    """Information that is missing, bit."""
    prior: Mapping[str, float]
    """`probability` before the tests."""
    weight_by: str
    """"given", or "volume" where the case gives no weights."""
    tests: tuple[TestEffect, ...]
    next: tuple[HatchStep, ...]
    """Hatches that may be shut next, best first, with the limit of the difference across them."""
    next_without_rule: tuple[HatchStep, ...]
    """The same where the difference is no limit; empty where there is none."""
    rate: float
    """Mass flow of the leak, kg/s."""
    rate_uncertainty: float
    hatch_rule: float | None
    """Largest difference across a shut hatch, Pa."""
    seals: tuple[SealFinding, ...]
    warnings: tuple[str, ...]
    """Cautions on the tests."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        from breachflow.inference.locate.text import location_text

        return location_text(self)

    def _repr_html_(self) -> str:
        """The answer as an HTML table for notebooks."""
        from breachflow.inference.locate.text import location_html

        return location_html(self)
