"""What `breachflow.infer` says of many synthetic worlds, as counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from worlds import KINDS, MMHG, World, changing, world

import breachflow


@dataclass(frozen=True)
class Answered:
    """One world and what was said of it."""

    truth: World
    found: breachflow.Inference

    @property
    def holds(self) -> bool:
        """Whether the 90 % interval of the rate holds the truth."""
        rate = self.found.fractional_rate
        return rate is not None and rate.low < self.truth.rate < rate.high

    @property
    def half_width(self) -> float:
        """Half of that interval, beside the truth."""
        rate = self.found.fractional_rate
        return 0.5 * (rate.high - rate.low) / self.truth.rate

    @property
    def law_is_known(self) -> bool:
        """Whether the truth is that of a hole or of a crack, and not between."""
        return self.truth.exponent in (1.0, 2.0)

    @property
    def law_is_wrong(self) -> bool:
        """Whether the law is told, and it is the other one."""
        other = "crack-like" if self.truth.exponent == 1.0 else "hole-like"
        return self.law_is_known and self.found.law == other

    @property
    def law_is_told(self) -> bool:
        """Whether the law is told, and it is the true one."""
        law = "hole-like" if self.truth.exponent == 1.0 else "crack-like"
        return self.law_is_known and self.found.law == law


def answered(one: World) -> Answered:
    """What is said of a world, with its volume and the wander that it is to be fitted with."""
    found = breachflow.infer(
        one.times,
        one.pressures / MMHG,
        one.temperatures,
        pressure_unit="mmHg",
        volume=one.volume,
        volume_uncertainty=0.1,
        wander=one.wander,
    )
    return Answered(one, found)


def study(seeds: range) -> dict[str, list[Answered]]:
    """Worlds of all kinds, by kind."""
    return {kind: [answered(world(kind, seed)) for seed in seeds] for kind in KINDS}


def share(values: list[bool]) -> float:
    """Of those that are true."""
    return float(np.mean(values))


def changes(seeds: range, factor: float, exponent: float) -> list[Answered]:
    """Worlds whose opening changes by a factor, 1 without a change."""
    return [answered(changing(seed, factor, exponent)) for seed in seeds]


def table(found: dict[str, list[Answered]]) -> str:
    """Lines of text: coverage, half-width and verdicts by kind."""
    lines = []
    for kind, worlds in found.items():
        held = 100.0 * share([one.holds for one in worlds])
        width = float(np.median([one.half_width for one in worlds]))
        wrong = sum(one.law_is_wrong for one in worlds)
        far = [one for one in worlds if one.law_is_known and one.truth.fall > 0.1]
        told = sum(one.law_is_told for one in far)
        verdicts = [one.found.verdict for one in worlds]
        counts = {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}
        law = f"law wrong {wrong}, told {told}/{len(far)}"
        lines.append(f"{kind:8} {held:5.1f} %  half-width {width:.4f}  {law}  {counts}")
    everyone = [one for worlds in found.values() for one in worlds]
    lines.append(f"all      {100.0 * share([one.holds for one in everyone]):5.1f} %")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    first, count = (int(word) for word in sys.argv[1:3])
    print(table(study(range(first, first + count))))
    for exponent in (1.0, 2.0):
        for factor in (1.0, 1.5):
            told = [
                one.found.verdict == "changed" for one in changes(range(first, first + 20), factor, exponent)
            ]
            print(f"n = {exponent:g}, opening times {factor:g}: changed {sum(told)} of 20")
