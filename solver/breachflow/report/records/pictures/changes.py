"""The leak before and after each change, with 90 % intervals."""

from __future__ import annotations

from typing import Final

from breachflow.inference.answer import phrases
from breachflow.report.picture import Drawing
from breachflow.report.records.data import InferPicture
from breachflow.report.records.panel import WIDTH
from breachflow.report.style import COLORS, INK, new_figure, note

PLACE: Final = 4


def draw(data: InferPicture) -> Drawing | None:
    """A row for each part of the record, the first one above; None where no change is told."""
    changes = data.found.changes
    if not changes:
        return None
    rows = [("before the change" if len(changes) == 1 else "before change 1", changes[0].before)]
    rows += [
        ("after the change" if len(changes) == 1 else f"after change {number}", one.after)
        for number, one in enumerate(changes, start=1)
    ]
    unit = phrases.rate_unit(data.found, max(abs(part.pressure_rate.median or 0.0) for _, part in rows))
    figure = new_figure(WIDTH, 1.7 + 0.6 * len(rows), f"{data.name}: the leak before and after")
    axes = figure.add_subplot()
    told = []
    for place, (label, part) in enumerate(rows):
        one = part.pressure_rate
        low, middle, high = (float(end or 0.0) / unit.factor for end in (one.low, one.median, one.high))
        axes.errorbar(
            middle, -place, xerr=[[middle - low], [high - middle]], fmt="o", color=COLORS[0], ecolor=INK,
            markersize=6.5, capsize=5.0, elinewidth=1.6,
        )  # fmt: skip
        flow = (
            "" if part.mass_flow is None else f"; {phrases.with_interval(part.mass_flow, phrases.KILOGRAMS)}"
        )
        text = f"{phrases.with_interval(one, unit)}{flow}"
        axes.annotate(
            text, (0.5, -place), (0, 9), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
            ha="center", fontsize=8.0, color=INK,
        )  # fmt: skip
        told.append(f"{label} {text}")
    axes.set_yticks([-place for place in range(len(rows))], [label for label, _ in rows])
    axes.set_ylim(-len(rows) + 0.5, 0.7)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.margins(x=0.06)
    axes.set_xlabel(f"rate of fall by the leak, at the pressure of the change ({unit.name})")
    note(figure, [_sure(data, number) for number in range(len(changes))])
    return Drawing("Before and after", f"The leak {'; '.join(told)}.", figure)


def _sure(data: InferPicture, number: int) -> str:
    """When the change was, and how sure it is that the leak grew or fell."""
    one, clock = data.found.changes[number], data.clock
    grew = one.probability_grew > 0.5
    sure = phrases.probability(one.probability_grew if grew else 1.0 - one.probability_grew)
    name = "change" if len(data.found.changes) == 1 else f"change {number + 1}"
    low, middle, high = (f"{time / clock.factor:.3g}" for time in (one.low, one.time, one.high))
    return (
        f"{name} at {middle} {clock.name} ({low} to {high}): the leak {'grew' if grew else 'fell'}, P {sure}"
    )
