"""Reading a case: the model and the checks of cases handed to the reader of documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.case.checks.keys import CHECKS
from breachflow.case.checks.sweep import FLOW_SWEEP
from breachflow.case.default_model import with_model
from breachflow.case.schema import Case
from breachflow.case_kinds import CaseKind
from breachflow.document.read import DocumentType
from breachflow.errors import UsageError

CASE: Final = DocumentType(
    Case,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow init` writes a case to start from",
    example=("orifice.diameter", "3 mm"),
    checks=CHECKS,
    derive=with_model,
    stand_ins={
        "gas": "air",
        "boundary": {},
        "orifice.outline": [[0, 0], [1, 0], [0, 1]],
        "orifice.unit": "mm",
    },
    marks=("boundary",),
    others={
        "holes": CaseKind.RISK.advice,
        **dict.fromkeys(("record", "infer"), CaseKind.RECORD.advice),
        "suspect": CaseKind.LOCATION.advice,
        "compartment": CaseKind.CABIN.advice,
    },
    sweep=FLOW_SWEEP,
)


def load_case(path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> Case:
    """Read the case in a file, with keys replaced by overrides such as "orifice.diameter=3 mm".

    Paths in the case must stay inside its folder or its project unless `allow_outside` is true.
    Raises CaseError where the file cannot be read or the case in it is not valid; the message is one line
    that names file, line, key, value and what is allowed.
    """
    return CASE.load(path, overrides, allow_outside=allow_outside)


def parse_case(
    text: str, *, path: Path | None = None, overrides: Sequence[str] = (), allow_outside: bool = False
) -> Case:
    """Read the case in a text, with keys replaced by overrides such as "orifice.diameter=3 mm".

    Paths in the case are relative to the folder of `path`, or to the working directory without one, and must
    stay inside that folder or its project unless `allow_outside` is true.
    Raises CaseError where the case is not valid; the message is one line that names line, key, value and
    what is allowed.
    """
    return CASE.parse(text, path=path, overrides=overrides, allow_outside=allow_outside)


def require_case(case: Case, function: str) -> Case:
    """Return the case. Raises UsageError where it is something else, such as the path of a case."""
    if not isinstance(case, Case):
        raise UsageError(f"{function}() takes a case, not {case!r}: read it with breachflow.load_case(path)")
    return case
