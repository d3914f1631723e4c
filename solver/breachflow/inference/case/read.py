"""Reading the case of a record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.case_kinds import CaseKind
from breachflow.document.read import DocumentType
from breachflow.inference.case.schema import RecordCase

RECORD: Final = DocumentType(
    RecordCase,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow init --from record/tunnel_crack` copies one to start from",
    example=("infer.volume", "7 m3"),
    marks=("record", "infer"),
    others={
        **dict.fromkeys(("boundary", "orifice", "mesh"), CaseKind.FLOW.advice),
        **dict.fromkeys(("holes", "risk"), CaseKind.RISK.advice),
        "suspect": CaseKind.LOCATION.advice,
        "compartment": CaseKind.CABIN.advice,
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
