"""Kinds of cases: by which key a case is known, and which command computes it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from breachflow.toml_gate.parse import LARGEST, parse_toml

CASE_FILE: Final = "case.toml"
"""The case in a folder."""


class CaseKind(StrEnum):
    """A kind of case, by the word for it in messages."""

    FLOW = "flow"
    CABIN = "cabin"
    RISK = "risk"
    LOCATION = "leak to be located"
    RECORD = "record"

    @property
    def command(self) -> str:
        """The command that computes cases of this kind."""
        return _COMMANDS[self]

    @property
    def advice(self) -> str:
        """What the reader of another kind says of such a case."""
        return f"this is the case of a {self}: `breachflow {self.command}` computes it"


_COMMANDS: Final = {
    CaseKind.FLOW: "run",
    CaseKind.CABIN: "cabin",
    CaseKind.RISK: "risk",
    CaseKind.LOCATION: "locate",
    CaseKind.RECORD: "infer",
}

_MARKS: Final = {
    "record": CaseKind.RECORD,
    "suspect": CaseKind.LOCATION,
    "boundary": CaseKind.FLOW,
    "holes": CaseKind.RISK,
    "compartment": CaseKind.CABIN,
}
"""Keys by which a case is known; the first that it has decides, as others have compartments too."""


def kind_of(data: Mapping[str, object]) -> CaseKind:
    """The kind of a case by its top-level keys; a flow where none of them tells.

    >>> kind_of({"compartment": {}, "suspect": {}}).command
    'locate'
    """
    return next((kind for mark, kind in _MARKS.items() if mark in data), CaseKind.FLOW)


def case_file(path: Path) -> Path:
    """The file of a case: of a folder its case.toml."""
    return path / CASE_FILE if path.is_dir() else path


def kind_of_file(path: Path) -> CaseKind:
    """The kind of the case in a file; a flow where it cannot be read: its reader tells why."""
    try:
        if not path.is_file():  # a pipe or a device may never end
            return CaseKind.FLOW
        with path.open("rb") as file:
            return kind_of(parse_toml(file.read(LARGEST + 1).decode("utf-8-sig")))
    except (OSError, ValueError, RecursionError):
        return CaseKind.FLOW
