"""The table and the headline of measured data on the page of a sweep."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.constants import SECONDS_PER_DAY
from breachflow.report.html import Headline, PointRows
from breachflow.report.sweep.labels import COEFFICIENT
from breachflow.report.sweep.measured import FLOW, ComputedCoefficient, MeasuredPoints
from breachflow.results.quantities import UNCERTAINTY
from breachflow.words import counted

MOST_ROWS: Final = 500
"""Rows of measured data that the page lists."""

HEADING: Final = [
    "line", "outside / cabin pressure", "wall / opening", "Cd measured", "±", "Cd computed", "±",
    "measured / computed - 1", "mass flow measured (kg/day)", "computed (kg/day)", "judged",
]  # fmt: skip

WITHIN: Final = "within both"
BEYOND: Final = "more than both explain"
UNJUDGED: Final = "an uncertainty is missing"

INPUTS: Final = {
    "pressure_ratio": "pressure outside",
    "thickness_ratio": "wall thickness",
    "heat_capacity_ratio": "gas",
}
"""What tells each group."""

EXPLANATION: Final = (
    "Computed: the law fitted to the sweep, else a straight line between the two points beside the row. What "
    "a row does not state is taken from the sweep where all its points agree. Judged by the sum of both "
    "uncertainties."
)


def measured_rows(measured: MeasuredPoints) -> PointRows:
    """A line for each measured row beside what is computed for it."""
    lines = [_line(measured, row) for row in range(min(len(measured), MOST_ROWS))]
    columns = ", ".join(measured.data.left_out)
    notes = [EXPLANATION, f"Columns left out: {columns}." if columns else ""]
    notes += [f"The first {MOST_ROWS} of {len(measured)} rows."] if len(measured) > MOST_ROWS else []
    return PointRows(HEADING, lines, " ".join(filter(None, notes)))


def measured_headline(measured: MeasuredPoints) -> Headline:
    """The range of the deviation of measured from computed coefficients."""
    computed = np.array([one.value for one in measured.computed])
    deviation = 100.0 * (measured.numbers(COEFFICIENT) / computed - 1.0)
    compared = deviation[np.isfinite(deviation)]
    verdicts = [judged(row, one) for row, one in zip(measured.rows, measured.computed, strict=True)]
    told = [f"{len(compared)} of {counted(len(measured), 'row')} compared"]
    told += [f"{verdicts.count(word)} {word}" for word in (WITHIN, BEYOND) if word in verdicts]
    span = f"{compared.min():+.1f} to {compared.max():+.1f} %" if len(compared) else "nothing to compare"
    return Headline("measured / computed - 1", span, ", ".join(told))


def judged(row: dict[str, float], computed: ComputedCoefficient) -> str:
    """Whether a difference is within the sum of both uncertainties, or why there is none."""
    difference = row[COEFFICIENT] - computed.value
    both = row[COEFFICIENT + UNCERTAINTY] + computed.uncertainty
    if difference != difference:
        return _why_not(row)
    if both != both:
        return UNJUDGED
    return WITHIN if abs(difference) <= both else BEYOND


def _why_not(row: dict[str, float]) -> str:
    """Why nothing is compared with a row."""
    unknown = [name for group, name in INPUTS.items() if row[group] != row[group]]
    if unknown:
        return f"not compared: the row states no {' and no '.join(unknown)}, which the sweep varies"
    if row[COEFFICIENT] != row[COEFFICIENT]:
        return "not compared: the row states no coefficient, nor all that gives one"
    return "not compared: outside of the sweep"


def _line(measured: MeasuredPoints, number: int) -> list[str]:
    row, computed = measured.rows[number], measured.computed[number]
    ratio = computed.value / row[COEFFICIENT] if row[COEFFICIENT] else np.nan
    deviation = 100.0 * (1.0 / ratio - 1.0)
    return [
        str(measured.data.lines[number]),
        _text(row["pressure_ratio"]),
        _text(row["thickness_ratio"]),
        _text(row[COEFFICIENT]),
        _text(row[COEFFICIENT + UNCERTAINTY], 2),
        _text(computed.value),
        _text(computed.uncertainty, 2),
        f"{deviation:+.1f} %" if deviation == deviation else "",
        _text(SECONDS_PER_DAY * row[FLOW]),
        _text(SECONDS_PER_DAY * row[FLOW] * ratio),
        judged(row, computed),
    ]


def _text(value: float, digits: int = 4) -> str:
    return f"{value + 0.0:.{digits}g}" if value == value else ""
