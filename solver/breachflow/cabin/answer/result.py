"""The result of a cabin for callers in Python: its numbers, its words, its quantities over time."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from breachflow.cabin.answer.answer import CabinAnswer, solve_cabin
from breachflow.cabin.answer.series import series_of
from breachflow.cabin.answer.summary import summary_of
from breachflow.cabin.answer.text import answer_lines
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.results.files.cabin.series import CabinSeries, write_series

UNIT = "mmHg"
"""Unit of pressures in words."""


class CabinResult:
    """What `breachflow.solve_cabin` gives."""

    def __init__(self, case: CabinCase, varied: bool = True) -> None:
        """
        Args:
            case: The case.
            varied: Whether the reserve time gets its interval and sensitivities.

        Raises CaseError where the law of a leak ends on the way, NonPhysicalState where the equations cannot
        be solved.
        """
        self.case = case
        self.answer: CabinAnswer = solve_cabin(case, varied=varied)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """All numbers in SI units by name: what `--json` prints."""
        return summary_of(self.answer)

    @property
    def text(self) -> str:
        """The lines that the command prints."""
        return "\n".join(answer_lines(self.answer, UNIT))

    @cached_property
    def series(self) -> CabinSeries:
        """The quantities over time; `series.to_xarray()` gives a dataset."""
        return series_of(self.answer, "", UNIT)

    def write(self, path: str | Path) -> None:
        """Write the result file. Raises ResultError where it cannot be written."""
        write_series(path, self.series)

    def __repr__(self) -> str:
        """The answer in words: what a notebook shows."""
        return self.text
