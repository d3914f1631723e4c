"""The comparison of two benchmarks: by which factor each measurement has become better.

On one machine (same processor, cores, cache, system) the ratios are judged as they are. Between two machines,
times and rates are first divided by the geometric mean of the ratios of the machines' limits. This removes
the difference between the machines only roughly: each kernel is bound by limits of its own. The limits
themselves are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import exp, fsum, log
from typing import Final, NamedTuple

from breachflow.bench.records import LIMITS, Benchmark, Measurement
from breachflow.errors import UsageError

MACHINE_FREE: Final = ("B",)
"""Units of measurements that do not depend on the speed of the machine."""


class Verdict(StrEnum):
    """The judgment of a ratio."""

    WORSE = "WORSE"
    SAME = ""
    BETTER = "better"
    LIMIT = "machine"
    """A limit of the machine, which is not judged."""


class MeasurementComparison(NamedTuple):
    """One measurement in two benchmarks."""

    old: Measurement
    new: Measurement
    ratio: float
    """Above 1 where the new one is better; normalized between machines. 0 where the new one has no value."""
    verdict: Verdict


class Compared(NamedTuple):
    """The measurements that two benchmarks share."""

    comparisons: list[MeasurementComparison]
    notes: list[str]
    """Sentences on machines, disturbances and measurements that only one benchmark has."""

    @property
    def judged(self) -> list[MeasurementComparison]:
        """All comparisons except the limits of the machine."""
        return [comparison for comparison in self.comparisons if comparison.verdict is not Verdict.LIMIT]

    @property
    def worse(self) -> list[MeasurementComparison]:
        """The comparisons in which the new measurement is worse by more than the tolerance."""
        return [comparison for comparison in self.comparisons if comparison.verdict is Verdict.WORSE]


def compare(old: Benchmark, new: Benchmark, tolerance: float) -> Compared:
    """Judge every measurement that both have: worse or better by a factor of more than `tolerance`.

    Raises UsageError where they have none in common.
    """
    after = {record.key: record for record in new.records}
    pairs = [(record, after[record.key]) for record in old.records if record.key in after]
    judged = [(before, now) for before, now in pairs if _is_comparable(before, now)]
    if not judged:
        raise UsageError("the two files have no measurement in common")
    ratios = [_ratio(before, now) for before, now in judged if before.section == LIMITS and now.value]
    foreign = old.machine != new.machine
    factor = _mean(ratios) if foreign and ratios else 1.0
    comparisons = [_comparison(before, now, factor, tolerance) for before, now in judged]
    notes = [*_machine_notes(old, new, ratios, factor, tolerance), *_left_out(old, new)]
    return Compared(comparisons, notes)


def _is_comparable(old: Measurement, new: Measurement) -> bool:
    """Whether a ratio judges the pair. A missing new value counts as worse."""
    known = old.value is not None and old.value > 0.0 and (new.value is None or new.value > 0.0)
    return known and old.higher_is_better is not None


def _ratio(old: Measurement, new: Measurement) -> float:
    """The factor by which the new measurement is better; 0 where it has no value."""
    if old.value is None or new.value is None:
        return 0.0
    return new.value / old.value if old.higher_is_better else old.value / new.value


def _mean(ratios: Sequence[float]) -> float:
    """Geometric mean."""
    return exp(fsum(map(log, ratios)) / len(ratios))


def _comparison(old: Measurement, new: Measurement, factor: float, tolerance: float) -> MeasurementComparison:
    ratio = _ratio(old, new)
    if old.section == LIMITS:
        return MeasurementComparison(old, new, ratio, Verdict.LIMIT)
    if old.unit not in MACHINE_FREE:
        ratio /= factor
    if ratio * tolerance < 1.0:
        return MeasurementComparison(old, new, ratio, Verdict.WORSE)
    return MeasurementComparison(old, new, ratio, Verdict.BETTER if ratio > tolerance else Verdict.SAME)


def _machine_notes(
    old: Benchmark, new: Benchmark, ratios: Sequence[float], factor: float, tolerance: float
) -> Iterator[str]:
    spread = f"{min(ratios):.2f} to {max(ratios):.2f} times" if ratios else ""
    if old.machine == new.machine:
        if ratios and not (min(ratios) * tolerance >= 1.0 and max(ratios) <= tolerance):
            yield (
                f"the limits of the same machine are {spread} what they were: something else was running; "
                "measure again when it is quiet"
            )
    elif ratios:
        yield (
            f"two machines ({_names(old, new)}): the limits of the second are {spread} those of the first; "
            f"times and rates are divided by their mean, {factor:.2f}"
        )
    else:
        yield (
            f"two machines ({_names(old, new)}) and no limits of both: the ratios say as much of "
            "the machines as of the program"
        )


def _names(old: Benchmark, new: Benchmark) -> str:
    """The attributes in which two machines differ."""
    names = dict.fromkeys([*old.machine, *new.machine])
    differ = [name for name in names if old.machine.get(name) != new.machine.get(name)]
    return ", ".join(f"{name} {old.machine.get(name)} and {new.machine.get(name)}" for name in differ)


def _left_out(old: Benchmark, new: Benchmark) -> Iterator[str]:
    keys = [
        {record.key for record in benchmark.records if record.higher_is_better is not None}
        for benchmark in (old, new)
    ]
    for which, only in {"first": keys[0] - keys[1], "second": keys[1] - keys[0]}.items():
        if only:
            yield f"in the {which} file alone, not compared: {len(only)}"
