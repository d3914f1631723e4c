"""Compartments and hatches with the probability of a leak in each, and the hatch to shut next."""

from __future__ import annotations

import math
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from breachflow.cabin.grammar.rooms import Hatch
from breachflow.inference.locate.text import percent
from breachflow.inference.sensor import short_time
from breachflow.report.leaks.data import LocatePicture
from breachflow.report.picture import Drawing
from breachflow.report.style import GREY, GROUND, INK, drawable, new_figure, note

PLACE: Final = 1

COLUMN, ROW = 1.55, 1.25
"""Inches between two compartments."""

LEAST, MOST = 0.15, 0.34
"""Radius of the smallest and of the largest circle, in columns."""

DARKEST: Final = 0.82
"""How dark a circle is whose probability is 1."""


def draw(data: LocatePicture) -> Drawing:
    """The map: circles grow with the volumes and are as dark as the probabilities, which stand below."""
    places = data.places
    columns = max(x for x, _ in places.values()) + 1.0
    rows = max(-y for _, y in places.values()) + 1.0
    figure = new_figure(max(COLUMN * columns + 1.6, 6.4), ROW * rows + 1.6, data.title)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect(ROW / COLUMN)
    for name, hatch in data.case.hatch.items():
        _draw_hatch(axes, data, name, hatch)
    for name in places:
        _draw_compartment(axes, data, name)
    axes.set_xlim(-0.7, columns - 0.1)
    axes.set_ylim(-rows + 0.25, 0.75)
    sentences = [
        f"two leaks: {percent(data.found.two_leaks)}; the darker the likelier, the larger the more volume"
    ]
    if data.found.next:
        best = data.found.next[0]
        sentences.append(f"thick: shut next, {best.hatch} for {short_time(best.wait)} ({best.gain:.2f} bit)")
    note(figure, sentences)
    likely = max(data.found.probability, key=lambda name: data.found.probability[name])
    told = f"{likely} leaks with {percent(data.found.probability[likely])}"
    return Drawing("Where the leak may be", f"Map of compartments and hatches: {told}.", figure)


def _radius(data: LocatePicture, name: str) -> float:
    """Radius of a circle, columns: it grows as the root of the volume from the least one."""
    rooms = data.case.compartment
    share = rooms[name].volume / max(room.volume for room in rooms.values())
    return LEAST + (MOST - LEAST) * math.sqrt(share)


def _draw_compartment(axes: Axes, data: LocatePicture, name: str) -> None:
    place, radius, chance = data.places[name], _radius(data, name), data.found.probability[name]
    shade = str(1.0 - DARKEST * chance)
    circle = Ellipse(
        place, 2.0 * radius, 2.0 * radius * COLUMN / ROW, facecolor=shade, edgecolor=INK, zorder=3
    )
    axes.add_patch(circle)
    axes.annotate(
        f"{drawable(name, 16)}\n{percent(chance)}", (place[0], place[1] - radius * COLUMN / ROW), (0, -2),
        textcoords="offset points", ha="center", va="top", fontsize=9.0, color=INK, zorder=4,
        fontweight="bold" if chance > 0.5 else "normal",
        bbox={"facecolor": GROUND, "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def _draw_hatch(axes: Axes, data: LocatePicture, name: str, hatch: Hatch) -> None:
    """A line between two compartments: thick if it is to be shut next, broken if it is shut."""
    (x1, y1), (x2, y2) = (data.places[room] for room in hatch.between)
    is_next = bool(data.found.next) and name in data.found.next[0].hatch.split(" + ")
    style = "-" if hatch.state == "open" else (0, (2, 3))
    axes.plot([x1, x2], [y1, y2], color=INK if is_next else GREY, linewidth=4.0 if is_next else 1.2,
              linestyle=style, zorder=1)  # fmt: skip
    along = _middle(data, hatch)
    place = (x1 + along * (x2 - x1), y1 + along * (y2 - y1))
    axes.annotate(
        drawable(name, 18), place, (0, 3 if y1 == y2 else 0), textcoords="offset points", ha="center",
        va="bottom" if y1 == y2 else "center", fontsize=7.0, color=INK, zorder=2,
        fontweight="bold" if is_next else "normal",
        bbox={"facecolor": GROUND, "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _middle(data: LocatePicture, hatch: Hatch) -> float:
    """Share of the way between two compartments at which the middle of the line between their circles is."""
    (x1, y1), (x2, y2) = (data.places[room] for room in hatch.between)
    length = math.hypot((x2 - x1) * COLUMN, (y2 - y1) * ROW) / COLUMN
    first, second = (_radius(data, room) for room in hatch.between)
    return 0.5 + 0.5 * (first - second) / length
