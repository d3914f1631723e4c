"""The keys in which the cases of two files differ."""

from __future__ import annotations

from typing import Final

from breachflow.document.complete import KeyDifference, differences
from breachflow.errors import ResultError

OUTPUT_KEYS: Final = (("title",), ("output", "file"))
"""Inputs on which no number depends."""


def changed_inputs(before: str, after: str) -> list[KeyDifference]:
    """The keys in which two completed cases differ. Raises ResultError where a text is no case."""
    try:
        return differences(before, after, OUTPUT_KEYS)
    except ValueError as error:
        raise ResultError(f"the case in one of the files cannot be read: {error}") from error
