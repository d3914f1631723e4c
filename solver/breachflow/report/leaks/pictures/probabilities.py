"""Probability of a leak in each compartment, before the tests and after each of them."""

from __future__ import annotations

from typing import Final

from breachflow.inference.locate.text import percent
from breachflow.report.leaks.data import LocatePicture
from breachflow.report.picture import Drawing
from breachflow.report.style import COLORS, GREY, INK, drawable, new_figure, plain_numbers

PLACE: Final = 2

FLOOR: Final = 1e-4
"""Probabilities below it stand at the left end of the axis."""

MARKS: Final = "osD^vPX*"


def draw(data: LocatePicture) -> Drawing:
    """A row for each compartment, the likeliest above; a mark for each state, which differs in shape."""
    found = data.found
    states = [("before any test", found.prior)]
    states += [(f"after test {i}", test.probability) for i, test in enumerate(found.tests, start=1)]
    names = sorted(found.probability, key=lambda name: found.probability[name])
    figure = new_figure(8.0, 1.6 + 0.34 * len(names), data.title, legend=True)
    axes = figure.add_subplot()
    for row, name in enumerate(names):
        values = [max(state[name], FLOOR) for _, state in states]
        axes.plot(values, [row] * len(values), color=GREY, linewidth=0.8, zorder=1)
        axes.annotate(
            percent(found.probability[name]), (1.02, row), xycoords=axes.get_yaxis_transform(),
            ha="left", va="center", fontsize=8.0, color=INK, annotation_clip=False,
        )  # fmt: skip
    for i, (label, state) in enumerate(states):
        last = i == len(states) - 1
        axes.plot(
            [max(state[name], FLOOR) for name in names], range(len(names)), MARKS[min(i, len(MARKS) - 1)],
            color=INK if last else COLORS[i % len(COLORS)], markerfacecolor=INK if last else "none",
            markersize=8.0 if last else 6.0, label=label, zorder=2,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(0.8 * FLOOR, 1.25)
    plain_numbers(axes)
    axes.set_yticks(range(len(names)), [drawable(name, 20) for name in names])
    axes.set_xlabel("probability of a leak there")
    axes.legend(loc="upper left", bbox_to_anchor=(1.12, 1.0))
    told = ", ".join(f"{name} {percent(found.probability[name])}" for name in reversed(names[-4:]))
    return Drawing("Probabilities", f"Probability of a leak in each compartment: {told}.", figure)
