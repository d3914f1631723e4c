"""Drawings as pictures in files, and the pictures that a folder of drawing modules gives of some data."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from io import BytesIO
from typing import Final, NamedTuple

from matplotlib.figure import Figure

from breachflow.report.style import MARK, look

RESOLUTION: Final = 160
"""Dots per inch of PNG files, and of the rasterized parts of SVG files."""

FRAME_RESOLUTION: Final = 110
"""The same of frames, of which a page has many."""


class FrameDrawing(NamedTuple):
    """A figure for one time."""

    label: str
    """The time."""
    figure: Figure


class Drawing(NamedTuple):
    """A figure with its caption."""

    title: str
    description: str
    """What the figure shows, for a reader who cannot see it."""
    figure: Figure
    frames: tuple[FrameDrawing, ...] = ()
    """Figures that a page can step through."""


class Frame(NamedTuple):
    """A picture of one time, which has no file of its own."""

    label: str
    svg: bytes


class Picture(NamedTuple):
    """A drawing in two file formats."""

    name: str
    """Name of its files, without the suffix."""
    title: str
    description: str
    """What the picture shows, for a reader who cannot see it."""
    png: bytes
    svg: bytes
    frames: tuple[Frame, ...] = ()
    """Pictures that a page can step through."""


def draw_pictures(package: str, names: Iterable[str], data: object) -> list[Picture]:
    """The pictures that the modules `names` of a package draw of the data, in the order of their `PLACE`.

    A module whose `draw` returns None gives no picture.
    """
    modules = {name: import_module(f"{package}.{name}") for name in names}
    ordered = sorted(modules, key=lambda name: int(modules[name].PLACE))
    with look():
        drawings = {name: modules[name].draw(data) for name in ordered}
        return [as_picture(name, drawing) for name, drawing in drawings.items() if drawing is not None]


def as_picture(name: str, drawing: Drawing) -> Picture:
    """The drawing as files; equal drawings give equal bytes."""
    png = _saved(drawing.figure, "png", {"Software": MARK})
    drawing.figure.set_layout_engine("none")  # keep the layout of the PNG file
    frames = tuple(Frame(frame.label, _svg(frame.figure, FRAME_RESOLUTION)) for frame in drawing.frames)
    return Picture(name, drawing.title, drawing.description, png, _svg(drawing.figure), frames)


def _svg(figure: Figure, resolution: int = RESOLUTION) -> bytes:
    return _saved(figure, "svg", {"Creator": MARK, "Date": None}, resolution)


def _saved(
    figure: Figure, file_format: str, metadata: dict[str, str | None], resolution: int = RESOLUTION
) -> bytes:
    file = BytesIO()
    figure.savefig(file, format=file_format, dpi=resolution, metadata=metadata, bbox_inches="tight")
    return file.getvalue()
