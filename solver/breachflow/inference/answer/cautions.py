"""What a reader of an answer should know beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.inference.answer.answer import Inference
from breachflow.inference.fit.problem import Prior
from breachflow.inference.question import InferQuestion
from breachflow.leak.reserve.cabin import WANDER_TEXT, is_open_station

WARMEST, COLDEST = 303.0, 283.0
"""K, of the air of a cabin that people live in."""
UNHEARD: Final = 0.5
"""Weight of a temperature sensor below which it does not speak for the air."""


def cautions(found: Inference, question: InferQuestion) -> Iterator[str]:
    """The cautions on an answer."""
    yield from _of_the_wander(question)
    yield from _of_the_sensor(found, question)
    yield from _of_the_law(question)
    if question.options.supply is not None and found.time_to_limit is not None:
        yield "the time to the limit is without further feed"


def _of_the_wander(question: InferQuestion) -> Iterator[str]:
    volume = question.assumed.volume
    if question.wander_given:
        return
    if volume is None:
        yield (
            f"without a volume the air is taken to wander by {WANDER_TEXT} in an hour, as in an open station"
            '; for a shut module give --volume, or --wander "0 mmHg"'
        )
    elif is_open_station(volume) and question.options.background == Prior(0.0, 0.0):
        yield (
            "in an open station the crew's breath, feeds and cleaners of the air look like a leak:"
            ' --background says what they make up, e.g. "0 +- 0.05 mmHg/h"'
        )


def _of_the_sensor(found: Inference, question: InferQuestion) -> Iterator[str]:
    assumed, weight = question.assumed, found.temperature_weight
    if question.record.temperatures is not None and not COLDEST < assumed.temperature < WARMEST:
        yield (
            f"the temperature sensor reads {assumed.temperature - 273.15:.3g} degC: a warm box, not the"
            " air? --temperature gives that of the air, --temperature-weight none leaves the sensor out"
        )
    if weight is not None and weight.high is not None and weight.high < UNHEARD:
        yield (
            f"the temperature sensor speaks for {100.0 * (weight.median or 0.0):.0f} % of what it should: it"
            " is not that of the air"
        )


def _of_the_law(question: InferQuestion) -> Iterator[str]:
    exponents = question.options.exponents
    if len(exponents) == 1:
        yield f"the exponent was given as {exponents[0]:g}: no interval holds that it may be another"
