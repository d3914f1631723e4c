"""What a record was asked with: each value as it was given, or that it is the default."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.inference.answer import phrases
from breachflow.inference.fit.setup import NOTHING, SENSOR
from breachflow.inference.record.select import time_text
from breachflow.report.records.data import InferPicture
from breachflow.words import Row, counted

DEFAULT = " [default]"


def input_rows(data: InferPicture) -> list[Row]:
    """The cabin, what of the record counts, and what else moves the pressure."""
    return [*_cabin(data), *_record(data), *_moves(data)]


def _cabin(data: InferPicture) -> Iterator[Row]:
    assumed, found = data.found.assumed, data.found
    if assumed.volume is None:
        yield "volume", "not given"
    else:
        yield "volume", f"{assumed.volume:.6g} m3"
        share = f"{100.0 * assumed.volume_uncertainty:.3g} %, one standard deviation"
        yield "uncertainty of the volume", f"{share}{_default(assumed.volume_uncertainty_given)}"
    yield "gas", assumed.gas
    yield "temperature", f"{assumed.temperature:.5g} K{_default(assumed.temperature_given)}"
    yield "limit", f"{phrases.pressure(found, assumed.limit)}{_default(assumed.limit_given)}"
    if assumed.crack is not None:
        length, depth = (1e3 * one for one in assumed.crack)
        yield "crack", f"{length:.4g} mm long, {depth:.4g} mm deep"


def _record(data: InferPicture) -> Iterator[Row]:
    question = data.basis.question
    whole = question.whole
    ends = " to ".join(time_text(whole, float(whole.times[place])) for place in (0, -1))
    yield "record", f"{data.name}, {counted(len(whole), 'reading')}, {ends}"
    for begin, end in question.excluded:
        yield "excluded", f"{time_text(whole, begin)} to {time_text(whole, end)}"
    for jump in question.options.jumps:
        yield "step", time_text(whole, jump)


def _moves(data: InferPicture) -> Iterator[Row]:
    options, found = data.basis.question.options, data.found
    if options.supply is not None:
        rise = float(options.supply.rises[-1])
        yield "gas let in", f"raised the pressure by {phrases.pressure(found, rise)}"
    if data.record.temperatures is not None:
        weight = options.temperature_weight
        yield "weight of the sensor", f"{weight.mean:g} ± {weight.deviation:g}{_default(weight != SENSOR)}"
    if found.assumed.period is not None:
        yield "period of a wave", phrases.duration(found.assumed.period)
    exponents = options.exponents
    yield (
        "exponent",
        f"{exponents[0]:g}" if len(exponents) == 1 else f"any from {exponents[0]:g} to {exponents[-1]:g}",
    )
    if options.background != NOTHING:
        unit = phrases.rate_unit(found, max(abs(options.background.mean), options.background.deviation))
        mean, deviation = (one / unit.factor for one in options.background)
        yield "background", f"{mean:.3g} ± {deviation:.3g} {unit.name}"
    wander = f"{phrases.step(found, 60.0 * options.wander)} in an hour" if options.wander else "none"
    yield "wander", f"{wander}{_default(data.basis.question.wander_given)}"


def _default(given: bool) -> str:
    return "" if given else DEFAULT
