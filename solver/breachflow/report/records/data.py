"""An answer as pictures take it: curves, times and pressures in the units shown, and what happened when."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.answer import phrases
from breachflow.inference.answer.answer import Inference
from breachflow.inference.answer.phrases import ShownUnit
from breachflow.inference.basis import InferBasis
from breachflow.inference.curves import LawCurves, law_curves
from breachflow.inference.record.record import PressureRecord
from breachflow.inference.record.select import gap_spans
from breachflow.inference.scatter import Scatter, scatter_of
from breachflow.words import counted


class RecordMark(NamedTuple):
    """Something that happened at a time, in the unit of time."""

    time: float
    text: str
    is_change: bool
    """A change that was found; else a step that was given."""


class InferPicture:
    """An answer with its curves."""

    def __init__(self, found: Inference) -> None:
        assert found.basis is not None
        self.found = found
        self.basis: InferBasis = found.basis
        self.name = PurePath(found.name).name

    @property
    def record(self) -> PressureRecord:
        """The readings that were used."""
        return self.basis.question.record

    @property
    def clock(self) -> ShownUnit:
        """The unit of time."""
        return phrases.time_unit(self.found.length)

    @property
    def time_label(self) -> str:
        """Label of the axis of time."""
        start = self.found.start
        since = "the first reading" if start is None else instant_text(start)
        return f"time from {since} ({self.clock.name})"

    def shown(self, seconds: Floats) -> Floats:
        """(n,) times from the first reading in the unit of time."""
        return np.asarray(seconds / self.clock.factor)

    def since(self, seconds: Floats) -> Floats:
        """(n,) times of the record, s, in the unit of time from the first reading."""
        return self.shown(np.asarray(seconds) - self.record.times[0])

    def pressure(self, pascals: Floats | float) -> Floats:
        """(n,) pressures in the unit of the record."""
        return np.asarray(pascals / self.found.unit_factor)

    @cached_property
    def curves(self) -> LawCurves | None:
        """The fitted law; None where nothing was fitted."""
        return law_curves(self.basis)

    @property
    def more_of_law(self) -> str:
        """What the fit has beside the law, in words; empty where it has nothing more."""
        has_temperature = self.record.temperatures is not None
        parts = ["temperature"] * has_temperature + ["wave"] * (self.found.assumed.period is not None)
        return " and ".join(parts)

    @cached_property
    def scatter(self) -> Scatter | None:
        """Residuals; None where nothing was fitted."""
        return scatter_of(self.basis)

    @property
    def rate_unit(self) -> ShownUnit:
        """The unit of rates of the pressure."""
        falls = self.found.pressure_rate
        return phrases.rate_unit(self.found, 0.0 if falls is None else falls.median or 0.0)

    @property
    def left_out(self) -> tuple[Floats, Floats]:
        """Times and pressures, (n,) each, of readings that were not used: excluded, or spikes."""
        whole = self.basis.question.whole
        there = ~np.isin(whole.times, self.record.times)
        return whole.times[there], whole.pressures[there]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Stretches without readings, s, but for those that were excluded."""
        spans = gap_spans(self.record.times)
        excluded = self.basis.question.excluded
        return [one for one in spans if not any(begin < one[1] and one[0] < end for begin, end in excluded)]

    @property
    def marks(self) -> list[RecordMark]:
        """Steps and changes, in the order of time."""
        steps = [
            RecordMark(float(self.since(np.array(time))), "step, as given", is_change=False)
            for time in self.basis.question.options.jumps
            if self.record.times[0] < time <= self.record.times[-1]
        ]
        changes = [
            RecordMark(
                one.time / self.clock.factor,
                f"the opening {'grew' if one.probability_grew > 0.5 else 'shrank'}"
                f" between {self._time(one.low)} and {self._time(one.high)} {self.clock.name}",
                is_change=True,
            )
            for one in self.found.changes
        ]
        return sorted([*steps, *changes])

    @property
    def what_was_left_out(self) -> str:
        """A sentence on gaps, excluded stretches and spikes; empty where all readings were used."""
        parts = []
        if self.gaps:
            parts.append(counted(len(self.gaps), "gap"))
        if self.basis.question.excluded:
            parts.append(counted(len(self.basis.question.excluded), "excluded part"))
        if len(self.left_out[0]):
            parts.append(f"{counted(len(self.left_out[0]), 'reading')} left out")
        return ", ".join(parts)

    def _time(self, seconds: float) -> str:
        return f"{seconds / self.clock.factor:.3g}"


def instant_text(one: datetime) -> str:
    """An instant to the minute, in UTC where it has a zone."""
    if one.tzinfo is None:
        return f"{one:%Y-%m-%d %H:%M}"
    return f"{one.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
