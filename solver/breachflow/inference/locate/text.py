"""Where a leak is, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.inference.locate.sides import side_text
from breachflow.inference.sensor import short_time
from breachflow.units import PASCALS_PER_MMHG
from breachflow.words import Row, counted, plus_minus, significant

if TYPE_CHECKING:
    from breachflow.inference.locate.answer import LeakLocation, SealFinding, TestEffect
    from breachflow.inference.locate.plan import HatchStep


MOST_STEPS: Final = 4
"""Hatches that are printed."""

MOST_COMPARTMENTS_SHOWN: Final = 12
"""Compartments that are printed."""


def location_text(found: LeakLocation) -> str:
    """The answer as lines of text, its warnings last."""
    rows = list(location_rows(found))
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}" for label, text in rows]
    title = [found.title] if found.title else []
    return "\n".join([*title, *lines, *(f"WARNING: {warning}" for warning in found.warnings)])


def location_html(found: LeakLocation) -> str:
    """The answer as a table of HTML, its warnings in the last rows."""
    from breachflow.leak.answer import AnswerSection, section_html

    warnings = [("WARNING", warning) for warning in found.warnings]
    return section_html(AnswerSection(found.title, [*location_rows(found), *warnings]))


def location_rows(found: LeakLocation) -> Iterator[Row]:
    """The answer, with its labels."""
    yield _state(found), f"{probabilities(found.probability)}; two leaks {percent(found.two_leaks)}"
    yield from _plan_rows(found.next, "shut next")
    if found.next and found.next[0].rule_limit is not None:
        yield from _limit_rows(found, found.next[0])
    if found.next:
        yield from _decision_rows(found.next[0])
    if found.next and found.next_without_rule:
        best, free = found.next[0], found.next_without_rule
        same = (best.hatch, best.wait) == (free[0].hatch, free[0].wait)
        yield from [("without the limit", "the same")] if same else _plan_rows(free, "without the limit")
    for effect, i in zip(found.tests, range(1, len(found.tests) + 1), strict=True):
        hatches = " and ".join(effect.closed)
        fit = "" if effect.fit > 0.05 else f"; such slopes are rare (P = {effect.fit:.2g})"
        read = f"{_slopes(effect)}; " if effect.by_record else ""
        yield f"test {i}", f"{hatches} shut: {read}{_bits(effect.gain)}{fit}"
    day = SECONDS_PER_DAY
    rate = plus_minus(found.rate * day, found.rate_uncertainty * day)
    pounds = found.rate * day / KILOGRAMS_PER_POUND
    yield (
        "leak",
        f"{rate} kg/day = {significant(pounds, 3)} lb/day, {counted(len(found.hypotheses), 'place')}",
    )
    if found.weight_by == "volume":
        yield "suspicion", "by volume [assumed: suspect.weight gives your own]"
    for seal in found.seals:
        yield from _seal_rows(seal)


def _slopes(effect: TestEffect) -> str:
    """The slopes of a test."""
    size = 3600.0 / PASCALS_PER_MMHG
    texts = (
        f"{side_text(side)} {plus_minus(size * slope, size * deviation)}"
        for side, (slope, deviation) in zip(effect.sides, effect.slopes, strict=True)
    )
    return f"{', '.join(texts)} mmHg/h"


def _state(found: LeakLocation) -> str:
    tests = len(found.tests)
    return "before any test" if tests == 0 else f"after {counted(tests, 'test')}"


def probabilities(found: Mapping[str, float]) -> str:
    """The probabilities of the likeliest compartments, largest first.

    >>> probabilities({"prk": 0.006, "ro": 0.29, "usos": 0.71})
    'usos 71 %, ro 29 %, prk 0.6 %'
    """
    ordered = sorted(found.items(), key=lambda item: -item[1])
    shown = [f"{name} {percent(value)}" for name, value in ordered[:MOST_COMPARTMENTS_SHOWN]]
    left = ordered[MOST_COMPARTMENTS_SHOWN:]
    return ", ".join([*shown, f"{len(left)} others up to {percent(left[0][1])}"] if left else shown)


def percent(value: float) -> str:
    """A probability in per cent, told apart from 0 and from 100.

    >>> percent(0.996387), percent(0.29385), percent(0.0062), percent(1e-5), percent(0.99999)
    ('99.6 %', '29 %', '0.6 %', 'below 0.1 %', 'above 99.9 %')
    """
    if value < 0.001:
        return "below 0.1 %"
    if value > 0.999:
        return "above 99.9 %"
    return f"{100.0 * value:.1f} %" if value < 0.0095 or value > 0.99 else f"{100.0 * value:.0f} %"


def _plan_rows(steps: Sequence[HatchStep], label: str) -> Iterator[Row]:
    """The best hatch with what it would show, then the others."""
    if not steps:
        if label == "shut next":
            yield label, "nothing: no hatch divides what is left in doubt"
        return
    best = steps[0]
    yield label, f"{best.hatch}: wait {short_time(best.wait)}; {_expected(best)}: {_bits(best.gain)}"
    if others := [f"{one.hatch} ({short_time(one.wait)}, {_bits(one.gain)})" for one in steps[1:MOST_STEPS]]:
        yield "", f"then {', '.join(others)}"


def _bits(gain: float) -> str:
    return f"{gain + 0.0:.2f} bit"


def _expected(step: HatchStep) -> str:
    """How fast each side falls if the leak is there."""
    (side, rate), *others = sorted(zip(step.sides, step.rates, strict=True), key=lambda pair: -pair[1])
    rest = " or ".join(f"{side_text(other)} by {_rate(slower)}" for other, slower in others)
    return f"{side_text(side)} falls by {_rate(rate)} mmHg/h if the leak is there, else {rest}"


def _rate(rate: float) -> str:
    return significant(3600.0 * rate / PASCALS_PER_MMHG, 2)


def _limit_rows(found: LeakLocation, step: HatchStep) -> Iterator[Row]:
    assert step.rule_limit is not None
    assert found.hatch_rule is not None
    rule, rate = found.hatch_rule / PASCALS_PER_MMHG, found.rate * SECONDS_PER_DAY
    yield (
        "keep shut at most",
        f"{short_time(step.rule_limit)} ({rule:.3g} mmHg across the hatch at {rate:.3g} kg/day)",
    )


def _decision_rows(step: HatchStep) -> Iterator[Row]:
    if step.threshold is None or step.threshold_side is None:
        return
    fall = significant(step.threshold / PASCALS_PER_MMHG, 2)
    yield "decide", f"on {side_text(step.threshold_side)} if it falls by more than {fall} mmHg in that time"


def _seal_rows(seal: SealFinding) -> Iterator[Row]:
    """The leaks of a hull and of a seal, or which level tells them apart."""
    outside = seal.outside_pressure / PASCALS_PER_MMHG
    pressure = f"{outside:.5g} mmHg"
    day = SECONDS_PER_DAY
    if seal.hull is None or seal.seal is None:
        yield f"seal of {seal.hatch}", "needs a second pressure level: one cannot tell the seal from the hull"
    else:
        hull = plus_minus(seal.hull * day, (seal.hull_uncertainty or 0.0) * day)
        leak = plus_minus(seal.seal * day, (seal.seal_uncertainty or 0.0) * day)
        poor = "" if seal.fit is None or seal.fit > 0.05 else f"; the levels fit badly (P = {seal.fit:.2g})"
        yield f"seal of {seal.hatch}", f"{leak} kg/day, hull {hull} kg/day (each from {pressure}){poor}"
    further = [
        f"{float(share) * outside:.3g} mmHg ± {significant(deviation * day, 2)}"
        for share, deviation in seal.next_level.items()
    ]
    yield "", f"one more level would tell the seal: at {', at '.join(further)} kg/day"
