"""Reading the case of a record."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.document.read import DocumentType
from breachflow.inference.case.schema import RecordCase
from breachflow.words import case_of

MARK: Final = "record"
"""A key that the case of every record has, and no other case."""

RECORD: Final = DocumentType(
    RecordCase,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow init --from record/tunnel_crack` copies one to start from",
    example=("infer.volume", "7 m3"),
    marks=(MARK, "infer"),
    others={
        **dict.fromkeys(("boundary", "orifice", "mesh"), case_of("flow")),
        **dict.fromkeys(("holes", "risk"), case_of("risk")),
        "suspect": case_of("leak to be located"),
        "compartment": case_of("cabin"),
    },
)


def load_record_case(
    path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False
) -> RecordCase:
    """Read the case of a record, with keys replaced by overrides such as "infer.volume=8 m3".

    Raises CaseError where the file cannot be read or the case in it is not valid; the message has a line for
    each fault, with file, line, key, value and what is allowed.
    """
    return RECORD.load(path, overrides, allow_outside=allow_outside)


def is_record_case(path: Path) -> bool:
    """Whether the case in a file is that of a record; False also where it cannot be read."""
    try:
        return MARK in tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
