"""The keys in which the cases of two files differ."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.document.complete import KeyDifference, differences
from breachflow.errors import ResultError
from breachflow.toml_gate.parse import parse_toml

OUTPUT_KEYS: Final = (("title",), ("output", "file"))
"""Inputs on which no number depends."""


class StoredCase(NamedTuple):
    """The completed case in a file."""

    text: str
    place: str
    """The file and the member in which it stands."""


def changed_inputs(before: StoredCase, after: StoredCase) -> list[KeyDifference]:
    """The keys in which two completed cases differ. Raises ResultError where a text is no case."""
    for case in (before, after):
        try:
            parse_toml(case.text)
        except ValueError as error:
            raise ResultError(f"{case.place}: the case cannot be read: {error}") from error
    return differences(before.text, after.text, OUTPUT_KEYS)
