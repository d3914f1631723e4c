"""The HTML page of a result or a table: one file with its pictures, without links.

A page with frames has one script, `frames.js`, and forbids any other by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from breachflow.report.picture import Frame, Picture
from breachflow.report.style import MARK, themed
from breachflow.words import Row

TEMPLATE: Final = "page.html.jinja"

SCRIPT: Final = "frames.js"
"""Steps through the frames of a picture."""

LARGEST_SVG: Final = 1_000_000
"""Bytes of an SVG file up to which the page contains it; a picture with a larger one is shown as PNG."""


class Headline(NamedTuple):
    """A number at the top of the page."""

    label: str
    value: str
    detail: str = ""


class Remark(NamedTuple):
    """A caution or an error."""

    text: str
    where: str
    """The points that it is about; empty for a result."""


class PointRows(NamedTuple):
    """A table with one row for each point of a sweep, or each row of measured data."""

    heading: list[str]
    lines: list[list[str]]
    note: str
    """What a reader must know of the rows, such as which are left out; may be empty."""


@dataclass(frozen=True)
class Page:
    """The content of a page, in the order in which it is shown."""

    title: str
    subtitle: str
    alarms: list[str]
    """Warnings that the numbers must not be trusted."""
    headlines: list[Headline]
    numbers: list[Row]
    """The summary of a result."""
    pictures: list[Picture]
    law: list[Row]
    """The law fitted to a table."""
    remarks: list[Remark]
    measured: PointRows | None
    """Measured data beside what is computed for them."""
    rows: PointRows | None
    provenance: list[Row]
    case: str
    """The completed case file."""
    inputs: list[Row] = field(default_factory=list)
    """What was given, and what was taken by default, where there is no case file."""


def render(page: Page) -> bytes:
    """The page as HTML in UTF-8. Every text of the page is escaped: none becomes markup."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters["data_uri"] = data_uri
    environment.tests["in_dots"] = is_in_dots
    script = (folder / SCRIPT).read_text("utf-8") if any(picture.frames for picture in page.pictures) else ""
    text = environment.get_template(TEMPLATE).render(
        page=page, mark=MARK, script=Markup(script), digest=_digest(script)
    )
    return text.encode("utf-8", "backslashreplace")


def data_uri(picture: Picture | Frame) -> str:
    """The picture as a `data:` URI."""
    if isinstance(picture, Picture) and is_in_dots(picture):
        return _encoded(picture.png, "image/png")
    return _encoded(themed(picture.svg), "image/svg+xml")


def is_in_dots(picture: Picture) -> bool:
    """Whether the page shows the PNG file, because the SVG file is too large."""
    return len(picture.svg) > LARGEST_SVG


def _digest(script: str) -> str:
    """The digest by which a browser recognizes the script."""
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def _encoded(image: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(image).decode('ascii')}"


def _harmless(value: object) -> object:
    """Replace characters that HTML does not allow; markup stays markup."""
    if not isinstance(value, str) or value.isprintable():
        return value
    kind = type(value)
    return kind("".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in value))
