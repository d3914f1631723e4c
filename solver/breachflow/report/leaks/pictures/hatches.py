"""What each hatch would tell in an hour if it were shut next, with and without the limit across it."""

from __future__ import annotations

from typing import Final

from breachflow.inference.locate.plan import HatchStep
from breachflow.inference.sensor import short_time
from breachflow.report.leaks.data import LocatePicture
from breachflow.report.picture import Drawing
from breachflow.report.style import BAND, INK, drawable, new_figure

PLACE: Final = 3

MOST_SHOWN: Final = 12


def draw(data: LocatePicture) -> Drawing | None:
    """A bar for each hatch, best above, with its wait and information; None where there is no plan."""
    steps = list(data.found.next[:MOST_SHOWN])[::-1]
    if not steps:
        return None
    free = {step.hatch: step for step in data.found.next_without_rule}
    figure = new_figure(8.0, 1.5 + 0.42 * len(steps), data.title)
    axes = figure.add_subplot()
    longest = max([step.score for step in steps] + [free[s.hatch].score for s in steps if s.hatch in free])
    for row, step in enumerate(steps):
        axes.barh(row, step.score, 0.55, color=BAND, edgecolor=INK, linewidth=1.0)
        other = free.get(step.hatch)
        if other is not None and other.score > step.score:
            axes.plot(
                [other.score] * 2, [row - 0.3, row + 0.3], color=INK, linewidth=1.5, linestyle=(0, (2, 1))
            )
        place = max(step.score, 0.0 if other is None else other.score)
        axes.annotate(
            _told(step),
            (place, row),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.0,
            color=INK,
        )
    axes.set_yticks(range(len(steps)), [drawable(step.hatch, 24) for step in steps])
    axes.set_xlim(0.0, 1.6 * longest or 1.0)
    ruled = "; dashed: without the limit of the difference" if free else ""
    axes.set_xlabel(f"information in an hour, with handling (bit/h){ruled}")
    best = steps[-1]
    told = f"{best.hatch} tells most, {best.score:.2f} bit/h, shut for {short_time(best.wait)}"
    return Drawing("Which hatch next", f"Information in an hour of each hatch: {told}.", figure)


def _told(step: HatchStep) -> str:
    return f"{short_time(step.wait)}, {step.gain + 0.0:.2f} bit"
