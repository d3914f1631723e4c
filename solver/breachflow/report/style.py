"""The look of all pictures: colors, lines, markers, fonts and the text of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

MARK: Final = "Breachflow report"
"""Text in the head of every file of a report, by which a later report recognizes it."""

COLORS: Final = ("#1f4e9c", "#c2571a", "#1d7f6e", "#8c2d7f", "#4d4d4d", "#b8860b", "#5aa2d8", "#7a1f1f")
"""Colors of lines and points."""
DASHES: Final = (
    "-", (0, (6, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)), (0, (3, 1)), (0, (9, 3)), (0, (1, 3)),
    (0, (3, 1, 1, 1)),
)  # fmt: skip
MARKERS: Final = "osD^vPX*"
GROUND: Final = "#ffffff"
INK: Final = "#1b1f24"
"""Text and axes."""
GREY: Final = "#666666"
GRID: Final = "#e3e3e3"
BAND: Final = "#cfd8e6"
"""Uncertainties behind points."""
WALL: Final = "#7f7f7f"
WHITE: Final = "#fefefe"
"""A white that stays white on a dark page, for lines over colored fields; so do "black" and `WALL`."""

DARK: Final = {
    GROUND: "#14171a", INK: "#e6e8ea", GREY: "#9aa4ad", GRID: "#343b43", BAND: "#2f3f57",
    **dict(zip(COLORS, (
        "#7fb2ff", "#ff9d5c", "#4fd1b5", "#e08ad3", "#b9b9b9", "#e3b341", "#3f97d6", "#ff8f8f",
    ), strict=True)),
}  # fmt: skip
"""The color that stands for each of ours on a dark page."""

MOST_DECADES: Final = 4.5
"""Decades of a logarithmic axis beyond which it has no minor ticks."""

PER_INCH: Final = 12.0
"""Characters of a title that fit into an inch."""

LEGEND: Final = 2.9
"""Width of a legend beside a figure, inches."""

FEW_DECADES: Final = 2.2
"""Decades of a logarithmic axis below which 2 and 5 times the powers of ten are labeled too."""

_LOOK: Final[dict[Any, Any]] = {
    "svg.hashsalt": "breachflow",  # the same identifiers in every SVG file
    "svg.fonttype": "path",
    "text.parse_math": False,  # a dollar sign in a title stays a dollar sign
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), GROUND),
    "grid.linewidth": 0.6,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "lines.markersize": 5.0,
    "lines.linewidth": 1.4,
}


_THEMED: Final = re.compile(rb"(?<=: )(?:" + b"|".join(color.encode() for color in DARK) + rb")(?=[;\"])")
"""Colors in the styles of an SVG file."""


def themed(svg: bytes) -> bytes:
    """An SVG picture whose ground, text and lines follow the reader: light, or dark as `DARK` says."""
    light = "".join(f"--{color[1:]}:{color};" for color in DARK)
    dark = "".join(f"--{color[1:]}:{twin};" for color, twin in DARK.items())
    rules = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    named = _THEMED.sub(lambda match: b"var(--" + match[0][1:] + b")", svg)
    return named.replace(b'<style type="text/css">', f'<style type="text/css">{rules}'.encode(), 1)


@contextmanager
def look() -> Iterator[None]:
    """Draw and save figures with the common settings inside this context."""
    with mpl.rc_context(_LOOK):
        yield


def new_figure(width: float, height: float, title: str, facts: str = "", *, legend: bool = False) -> Figure:
    """An empty figure with a title and, below it, facts; width and height in inches.

    With a legend, which stands on the right, both leave room for it.
    """
    figure = Figure(figsize=(width, height), layout="compressed")
    longest = int(PER_INCH * (width - LEGEND * legend))
    lines = [line for text in (drawable(title), drawable(facts, 300)) for line in wrap(text, longest)]
    if text := "\n".join(lines):
        figure.suptitle(text, fontsize=10.0, x=0.01, ha="left")
    return figure


def note(figure: Figure, sentences: Sequence[str]) -> None:
    """Write sentences below the figure, one a line."""
    if sentences:
        figure.supxlabel("\n".join(sentences), fontsize=8.0, x=0.01, ha="left", color=INK)


def drawable(text: str, longest: int = 100) -> str:
    """The text in at most `longest` characters that the font has: Latin and Greek letters and signs.

    Any other character becomes a question mark.

    >>> drawable("größer β > 1"), drawable("long title", 8)
    ('größer β > 1', 'long...')
    """
    known = "".join(sign if sign.isprintable() and ord(sign) < 0x400 else "?" for sign in text)
    return known if len(known) <= longest else f"{known[: longest - 3].rstrip()}..."


def plain_numbers(*axes: Axes) -> None:
    """Label logarithmic axes with plain numbers instead of powers of ten."""
    for one in axes:
        for axis in (one.xaxis, one.yaxis):
            if axis.get_scale() in ("log", "symlog"):
                plain_axis(axis, decades_of(axis) if axis.get_scale() == "log" else 0.5 * MOST_DECADES)


def plain_axis(axis: Axis, decades: float) -> None:
    """Label one logarithmic axis, which covers `decades` decades, with plain numbers."""
    axis.set_major_formatter(FuncFormatter(_number))
    axis.set_minor_formatter(NullFormatter())
    if decades > MOST_DECADES:
        axis.set_minor_locator(NullLocator())
    elif decades < FEW_DECADES:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))


def decades_of(axis: Axis) -> float:
    """Number of decades that a logarithmic axis covers."""
    low, high = axis.get_view_interval()
    return math.log10(high / low) if 0.0 < low < high else 0.0


def short(value: float, digits: int = 3) -> str:
    """A number with `digits` significant digits, and an exponent only where it is far from one.

    >>> short(0.01), short(1000.0), short(33784.2), short(1.04e-7), short(0.0)
    ('0.01', '1000', '33 800', '1.04e-7', '0')
    """
    rounded = float(f"{value:.{digits}g}") + 0.0
    if not math.isfinite(rounded):
        return "unknown"
    if 1e4 <= abs(rounded) < 1e7:
        return f"{rounded:,.0f}".replace(",", " ")
    if rounded == 0.0 or 1e-4 < abs(rounded) < 1e4:
        return f"{rounded:g}"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def _number(value: float, _place: object = None) -> str:
    return short(value)
