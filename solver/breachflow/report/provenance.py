"""The rows of a page that say where its data come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from breachflow.results.result import FOLDER
from breachflow.results.text import number
from breachflow.words import Row

FIRST: Final = ("program", "source_digest", "command", "date")
"""Attributes that are listed first, in this order."""

NOT_LISTED: Final = {"title", "case", FOLDER}
"""Attributes that have another place on the page, and the user's folder: pages are passed on to others."""


def provenance_rows(attributes: Mapping[str, str | int | float | bool]) -> list[Row]:
    """Program, digest of its sources, command and date of a file, then its other attributes by name."""
    shown = {name: value for name, value in attributes.items() if name not in NOT_LISTED and value != ""}
    names = [*(name for name in FIRST if name in shown), *sorted(set(shown) - set(FIRST))]
    return [(name.replace("_", " "), number(shown[name])) for name in names]
