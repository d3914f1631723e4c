"""The page of a report: one file with the pictures inside, which needs no network and runs no script."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from breachflow.report.style import MARK, Picture

TEMPLATE: Final = "page.html.jinja"

LARGEST_SVG: Final = 500_000
"""Bytes up to which lines stay lines in the page; beyond, it has the dots of the PNG file."""

Row: TypeAlias = tuple[str, str]
"""Label and text."""


class Headline(NamedTuple):
    """One of the few numbers that matter most."""

    label: str
    value: str
    detail: str = ""


class Remark(NamedTuple):
    """A caution or an error, and where it applies."""

    text: str
    where: str


class PointRows(NamedTuple):
    """A table with a line for each point."""

    heading: list[str]
    lines: list[list[str]]
    note: str
    """What is not in it; empty if nothing is missing."""


@dataclass(frozen=True)
class Page:
    """What a page says, in the order in which it says it."""

    title: str
    subtitle: str
    alarms: list[str]
    """Why not to trust the numbers, in few words."""
    headlines: list[Headline]
    numbers: list[Row]
    pictures: list[Picture]
    law: list[Row]
    remarks: list[Remark]
    rows: PointRows | None
    provenance: list[Row]
    case: str


def render(page: Page) -> bytes:
    """The page as HTML; whatever comes from a file is text in it, never markup."""
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
    text = environment.get_template(TEMPLATE).render(page=page, mark=MARK)
    return text.encode("utf-8", "backslashreplace")


def data_uri(picture: Picture) -> str:
    """The picture inside an address."""
    if len(picture.svg) <= LARGEST_SVG:
        return _encoded(picture.svg, "image/svg+xml")
    return _encoded(picture.png, "image/png")


def _encoded(image: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(image).decode('ascii')}"


def _harmless(value: object) -> object:
    """No signs that HTML does not allow; what is marked as markup stays so."""
    if not isinstance(value, str) or value.isprintable():
        return value
    kind = type(value)
    return kind("".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in value))
