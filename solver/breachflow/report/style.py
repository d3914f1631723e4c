"""What all pictures share: colors, lines, markers, fonts, and files that are the same every time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

MARK: Final = "Breachflow report"
"""In the head of every file of a report: tells them from files of others."""

COLORS: Final = ("#1f4e9c", "#c2571a", "#1d7f6e", "#8c2d7f", "#4d4d4d", "#b8860b", "#5aa2d8", "#7a1f1f")
DASHES: Final = (
    "-", (0, (6, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)), (0, (3, 1)), (0, (9, 3)), (0, (1, 3)),
    (0, (3, 1, 1, 1)),
)  # fmt: skip
MARKERS: Final = "osD^vPX*"
GREY: Final = "#666666"
WALL: Final = "#7f7f7f"

MOST_DECADES: Final = 4.5
"""Of a logarithmic axis with small ticks between the powers of ten."""

FEW_DECADES: Final = 2.2
"""The same of one with numbers between the powers of ten."""

_LOOK: Final[dict[Any, Any]] = {
    "svg.hashsalt": "breachflow",  # names inside the file do not change from run to run
    "svg.fonttype": "path",
    "text.parse_math": False,  # a dollar in a title is a dollar
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "lines.markersize": 5.0,
    "lines.linewidth": 1.4,
}
_RESOLUTION: Final = 160
"""Dots per inch of PNG files, and of what SVG files hold as dots."""


class Picture(NamedTuple):
    """One picture of a report, drawn."""

    name: str
    """Of its files, without their endings."""
    title: str
    description: str
    """What is to be seen, for a reader who cannot see it."""
    png: bytes
    svg: bytes


@contextmanager
def look() -> Iterator[None]:
    """Everything drawn and saved inside looks alike."""
    with mpl.rc_context(_LOOK):
        yield


def picture(name: str, title: str, description: str, figure: Figure) -> Picture:
    """The figure as files; the same figure always gives the same bytes."""
    png = _saved(figure, "png", {"Software": MARK})
    figure.set_layout_engine("none")  # everything is in its place now
    svg = _saved(figure, "svg", {"Creator": MARK, "Date": None})
    return Picture(name, title, description, png, svg)


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    file = BytesIO()
    figure.savefig(
        file, format=kind, dpi=_RESOLUTION, metadata=metadata, bbox_inches="tight", facecolor="white"
    )
    return file.getvalue()


def new_figure(width: float, height: float, title: str) -> Figure:
    """An empty figure, sizes in inches."""
    figure = Figure(figsize=(width, height), layout="compressed")
    if title:
        figure.suptitle(drawable(title), fontsize=10.0, x=0.01, ha="left")
    return figure


def note(figure: Figure, sentences: list[str]) -> None:
    """Lines under the picture."""
    if sentences:
        figure.supxlabel("\n".join(sentences), fontsize=8.0, x=0.01, ha="left", color="#333333")


def drawable(text: str, longest: int = 100) -> str:
    """Short enough, and of signs that the font has: Latin and Greek letters."""
    known = "".join(sign if sign.isprintable() and ord(sign) < 0x400 else "?" for sign in text)
    return known if len(known) <= longest else f"{known[: longest - 3].rstrip()}..."


def plain_numbers(*axes: Axes) -> None:
    """Numbers on logarithmic axes as people write them, not as powers."""
    for one in axes:
        for axis in (one.xaxis, one.yaxis):
            if axis.get_scale() in ("log", "symlog"):
                plain_axis(axis, decades_of(axis) if axis.get_scale() == "log" else 0.5 * MOST_DECADES)


def plain_axis(axis: Axis, decades: float) -> None:
    """The same for one axis that covers so many powers of ten."""
    axis.set_major_formatter(FuncFormatter(_number))
    axis.set_minor_formatter(NullFormatter())
    if decades > MOST_DECADES:
        axis.set_minor_locator(NullLocator())
    elif decades < FEW_DECADES:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))


def decades_of(axis: Axis) -> float:
    """How many powers of ten an axis shows."""
    low, high = axis.get_view_interval()
    return math.log10(high / low) if 0.0 < low < high else 0.0


def short(value: float, digits: int = 3) -> str:
    """A number as short as people write it.

    >>> short(0.01), short(1000.0), short(33784.2), short(1.04e-7), short(0.0)
    ('0.01', '1000', '33 800', '1.04e-7', '0')
    """
    rounded = float(f"{value:.{digits}g}") + 0.0
    if 1e4 <= abs(rounded) < 1e7:
        return f"{rounded:,.0f}".replace(",", " ")
    if rounded == 0.0 or 1e-4 < abs(rounded) < 1e4:
        return f"{rounded:g}"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def _number(value: float, _place: object = None) -> str:
    return short(value)
