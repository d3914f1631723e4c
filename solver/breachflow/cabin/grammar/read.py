"""Reading the case of a cabin: its model and its checks handed to the reader of documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.cabin.grammar.checks import CHECKS
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cabin.grammar.sweep_rules import CABIN_SWEEP
from breachflow.case_kinds import CaseKind
from breachflow.document.read import DocumentType

CABIN: Final = DocumentType(
    CabinCase,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow init --from cabin/mir_spektr` copies one to start from",
    example=("compartment.base.volume", "350 m3"),
    checks=CHECKS,
    stand_ins={
        "compartment": {"a": {"volume": "1 m3", "pressure": "1 Pa", "temperature": "1 K"}},
        "run": {"end_time": "1 s"},
        "hatch.*.between": ["?", "?"],
        "hatch.*.state": "open",
        "leak.*.from": "?",
        "supply.*.to": "?",
        "supply.*.gas": "air",
        "crew.*.in": "?",
        "crew.*.members": 1,
    },
    marks=("leak", "supply", "crew", "event"),
    others={
        **dict.fromkeys(("boundary", "orifice", "mesh"), CaseKind.FLOW.advice),
        **dict.fromkeys(("suspect", "test", "seal"), CaseKind.LOCATION.advice),
        **dict.fromkeys(("holes", "risk"), CaseKind.RISK.advice),
        **dict.fromkeys(("record", "infer"), CaseKind.RECORD.advice),
    },
    sweep=CABIN_SWEEP,
)


def load_cabin(path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> CabinCase:
    """Read the case of a cabin in a file, with keys replaced by overrides such as "run.end_time=2 h".

    Paths in the case must stay inside its folder or its project unless `allow_outside` is true.
    Raises CaseError where the file cannot be read or the case in it is not valid; the message has a line for
    each fault, with file, line, key, value and what is allowed.
    """
    return CABIN.load(path, overrides, allow_outside=allow_outside)


def parse_cabin(
    text: str, *, path: Path | None = None, overrides: Sequence[str] = (), allow_outside: bool = False
) -> CabinCase:
    """Read the case of a cabin in a text.

    Paths in the case are relative to the folder of `path`, or to the working directory without one.
    Raises CaseError where the case is not valid; the message has a line for each fault.
    """
    return CABIN.parse(text, path=path, overrides=overrides, allow_outside=allow_outside)
