"""What is looked at before any fit: frozen stretches, spikes, steps that nobody marked, too few readings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.inference.record.record import PressureRecord
from breachflow.words import counted

LEAST_BINS: Final = 8
"""Readings at different times below which nothing is fitted."""
FEWEST_FROZEN: Final = 10
"""Readings that are alike for a sensor to be suspected."""
LONGER: Final = 5
"""Times as many as in the next longest stretch without a change."""
FLICKER: Final = 0.3
"""Share of the other readings that differ from the one before: then the sensor moves all the time."""
LEVELS: Final = 5
"""Different values elsewhere: then the sensor moves much, if not all the time."""
FINEST: Final = 1e-7
"""Beside the pressure: closer values differ by rounding alone."""
MOST_GAPS: Final = 300
"""Gaps between values that are looked at for a common step."""
FAR: Final = 8.0
"""Robust standard deviations beyond which a reading is a spike, or a jump a step."""
FAR_STEPS: Final = 3.0
"""Steps of the gauge beyond which it is one."""
HELD: Final = 5
"""Readings for which a step holds; a shorter one is a spike."""
NEAR: Final = 13
"""Readings, with the one in the middle, whose median a spike is told from."""
BESIDE: Final = 21
"""Differences, with the one in the middle, from whose median a jump is told."""
MOST_SPIKES: Final = 0.02
"""Share of the readings above which they are no spikes but the noise of this record."""
FEW_SPIKES: Final = 3
"""So many are spikes in any record."""
PER_MEAN: Final = 10
"""Readings of one mean, in which a step is looked for that takes several readings."""
BENT: Final = 0.2
"""Share of the usual move over a gap that is not told from its bend."""
ONE_DEVIATION: Final = 0.6827
"""Share of a normal distribution within a standard deviation."""
GAUSS: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


class GateVerdict(StrEnum):
    """Why a record is not fitted."""

    FROZEN = "frozen"
    UNMARKED_STEP = "unmarked_step"
    TOO_SHORT = "too_short"


@dataclass(frozen=True)
class Passed:
    """A record that may be fitted, or why not."""

    record: PressureRecord
    """Without its spikes."""
    resolution: float
    """Smallest gap between distinct values, Pa."""
    verdict: GateVerdict | None = None
    reason: str = ""
    """In words, with times; empty where the record passes."""

    @property
    def refusal(self) -> str:
        """The verdict and its reason in words; empty where the record passes."""
        return "" if self.verdict is None else f"{self.verdict.replace('_', ' ')}: {self.reason}"


@dataclass(frozen=True)
class KnownEvents:
    """What is known to happen in a record."""

    jumps: tuple[float, ...] = ()
    """Times, s, at which the pressure jumps."""
    rises: Floats | None = None
    """(n,) Pa by which gas that was let in has raised the pressure."""
    say: Callable[[float], str] = "{:.6g} s".format
    """A time, s, as people write it."""


NOTHING_KNOWN: Final = KnownEvents()


def passed(record: PressureRecord, known: KnownEvents = NOTHING_KNOWN) -> Passed:
    """The record after the gate."""
    step = resolution(record)
    if len(record) < LEAST_BINS:
        reason = f"{counted(len(record), 'reading')}; at least {LEAST_BINS} are needed"
        return Passed(record, step, GateVerdict.TOO_SHORT, reason)
    if step == 0.0:
        return Passed(record, step, GateVerdict.FROZEN, _all_alike(record))
    if reason := _frozen(record, step, known.say):
        return Passed(record, step, GateVerdict.FROZEN, reason)
    fallen = record.pressures - (0.0 if known.rises is None else known.rises)
    spikes = _spikes(fallen, step)
    if spikes.any():
        record = record.of(~spikes, f"{counted(int(spikes.sum()), 'spike')} left out")
    if reason := _unmarked(record, fallen[~spikes], step, known):
        return Passed(record, step, GateVerdict.UNMARKED_STEP, reason)
    return Passed(record, step)


def resolution(record: PressureRecord) -> float:
    """The step of which all gaps between distinct values are multiples, Pa; 0 where all are alike.

    Where there is none, the smallest gap.
    """
    values = np.unique(np.round(record.pressures / record.factor, 9))
    gaps = np.unique(np.round(np.diff(values), 9))
    gaps = gaps[gaps > FINEST * values[-1]] if len(gaps) else gaps
    if len(gaps) == 0:
        return 0.0
    step = float(gaps[0])
    for gap in gaps[1:MOST_GAPS]:
        step = _common(step, float(gap))
    return (step if step > FINEST * values[-1] else float(gaps[0])) * record.factor


def _common(step: float, gap: float) -> float:
    """The largest number of which both are multiples, but for rounding, by Euclid's algorithm."""
    while gap > FINEST:
        step, gap = gap, abs(step - gap * round(step / gap))
        if gap < 1e-3 * step:
            break
    return step


def _all_alike(record: PressureRecord) -> str:
    value = f"{record.pressures[0] / record.unit_factor:.6g} {record.unit}"
    return (
        f"all {len(record)} readings are {value}: a sensor that stands, or a gauge too coarse; least squares"
        " would call it 0 +- 0"
    )


def _frozen(record: PressureRecord, step: float, say: Callable[[float], str]) -> str:
    """A stretch without any change of a sensor that moves all the time elsewhere; empty without one.

    At the end of a record a coarse gauge that stands may be a leak that was shut: there the sensor must
    flicker elsewhere from reading to reading.
    """
    changed = np.flatnonzero(np.abs(np.diff(record.pressures)) > 0.5 * step) + 1
    edges = np.concatenate([[0], changed, [len(record)]])
    lengths = np.diff(edges)
    longest = int(np.argmax(lengths))
    count, start = int(lengths[longest]), int(edges[longest])
    others = np.delete(lengths, longest)
    if count <= FEWEST_FROZEN or len(others) == 0 or count <= LONGER * others.max():
        return ""
    elsewhere = np.concatenate([record.pressures[:start], record.pressures[start + count :]])
    levels = len(np.unique(np.round(elsewhere / step)))
    flickers = len(others) > FLICKER * len(elsewhere) and levels >= 3
    if not flickers and (levels < LEVELS or start + count == len(record)):
        return ""
    first, last = record.times[start], record.times[start + count - 1]
    value = f"{record.pressures[start] / record.unit_factor:.6g} {record.unit}"
    return (
        f"all {count} readings from {say(first)} to {say(last)} are {value}, {LONGER} times as many as ever"
        " elsewhere: a sensor that stands; leave them out with --exclude, --from or --to"
    )


def _spikes(values: Floats, step: float) -> Bools:
    """(n,) readings far from those beside them, that return at once."""
    if len(values) < 2 * NEAR:
        return np.zeros(len(values), dtype=np.bool_)
    away = np.abs(values - _running_median(values))
    far = away > np.maximum(FAR * _spread(away, step), FAR_STEPS * step)
    far &= away > FAR * np.median(np.abs(np.diff(values)))
    return (
        far
        if far.sum() <= max(FEW_SPIKES, MOST_SPIKES * len(values))
        else np.zeros(len(values), dtype=np.bool_)
    )


def _spread(away: Floats, step: float) -> float:
    """A robust standard deviation of numbers that are rounded to a step."""
    usual = max(GAUSS * float(np.median(away)), float(np.quantile(away, ONE_DEVIATION)))
    return float(np.hypot(usual, step / np.sqrt(6.0)))


def _running_median(values: Floats) -> Floats:
    """(n,) median of `NEAR` values around each; at the ends on a line through the medians beside them."""
    middles = np.median(np.lib.stride_tricks.sliding_window_view(values, NEAR), axis=1)
    half = NEAR // 2
    first, last = (middles[half] - middles[0]) / half, (middles[-1] - middles[-1 - half]) / half
    before = middles[0] - first * np.arange(half, 0, -1)
    return np.concatenate([before, middles, middles[-1] + last * np.arange(1, half + 1)])


def _unmarked(record: PressureRecord, values: Floats, step: float, known: KnownEvents) -> str:
    """A jump that stays, at a time where none is known; empty without one.

    `values` (n,) are the pressures without what was let in, Pa.
    """
    times, jumps, say = record.times, known.jumps, known.say
    values = _without_jumps(times, values, jumps)
    found = _step_in(times, values, step, jumps)
    if found is None and len(times) >= 6 * PER_MEAN * HELD:
        whole = len(times) // PER_MEAN * PER_MEAN
        middles, means = (column[:whole].reshape(-1, PER_MEAN).mean(axis=1) for column in (times, values))
        found = _step_in(middles, means, step, jumps)
    if found is None:
        return ""
    when, height = found
    return (
        f"the pressure jumps by {height / record.unit_factor:+.3g} {record.unit} at {say(when)}; if gas was"
        f' let in or out, give --step "{say(when)}", else leave the stretch out with --exclude'
    )


def _step_in(
    times: Floats, values: Floats, step: float, jumps: tuple[float, ...]
) -> tuple[float, float] | None:
    """Time and height of the largest jump that stays; None without one."""
    if len(times) < 2 * HELD + 2:
        return None
    gaps, moves = np.diff(times), np.diff(values)
    expected = _rates_beside(times, values) * gaps
    usual = np.maximum(1.0, np.sqrt(gaps / np.median(gaps)))
    away = np.abs(moves - expected) / usual
    far = away > np.maximum(FAR * _spread(away, step), FAR_STEPS * step)
    far &= np.abs(moves - expected) > BENT * np.abs(expected)
    for index in np.flatnonzero(far)[np.argsort(-away[far])]:
        near = times[max(index - 1, 0)], times[min(index + 2, len(times) - 1)]
        if not any(near[0] <= jump <= near[1] for jump in jumps) and _stays(moves - expected, int(index)):
            return 0.5 * float(times[index] + times[index + 1]), float(moves[index] - expected[index])
    return None


def _without_jumps(times: Floats, values: Floats, jumps: tuple[float, ...]) -> Floats:
    """(n,) values whose known jumps are replaced by the moves beside them."""
    moves = np.diff(values)
    for jump in jumps:
        index = int(np.searchsorted(times, jump, side="right")) - 1
        if 0 <= index < len(moves):
            beside = [moves[place] for place in (index - 1, index + 1) if 0 <= place < len(moves)]
            moves[index] = float(np.mean(beside)) if beside else 0.0
    return np.concatenate([values[:1], values[0] + np.cumsum(moves)])


def _rates_beside(times: Floats, values: Floats) -> Floats:
    """(n - 1,) mean rates of `BESIDE` readings around each difference, without it."""
    index = np.arange(len(times) - 1)
    low, high = np.maximum(index - BESIDE // 2, 0), np.minimum(index + 1 + BESIDE // 2, len(times) - 1)
    move = values[high] - values[low] - np.diff(values)
    return np.asarray(move / np.maximum(times[high] - times[low] - np.diff(times), 1e-300))


def _stays(excess: Floats, index: int) -> bool:
    """Whether the pressure keeps most of a jump for more than `HELD` readings, but for its usual fall."""
    after = np.cumsum(excess[index : index + 1 + HELD])
    before = np.cumsum(excess[max(index - HELD, 0) : index][::-1])
    if len(before) < 2 or len(after) <= HELD:
        return False
    return float((np.median(after) + np.median(before)) / excess[index]) > 0.5
