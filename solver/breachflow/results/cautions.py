"""The cautions of a summary: several sentences in one text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from breachflow.results.data import Summary

SEPARATOR: Final = "; "
"""Stands between two cautions, and in none."""


def joined(cautions: Iterable[str]) -> str:
    """Cautions as the one text that a summary holds; a repeated one is left out.

    >>> joined(["the wall is thick; friction acts", "Re is low", "Re is low"])
    'the wall is thick, friction acts; Re is low'
    """
    return SEPARATOR.join(dict.fromkeys(text.replace(SEPARATOR, ", ") for text in cautions))


def listed(summary: Summary) -> list[str]:
    """The cautions of a summary, the most important first."""
    text = str(summary["caution"].value) if "caution" in summary else ""
    return text.split(SEPARATOR) if text else []
