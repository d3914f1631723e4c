"""Reading the case of a risk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.case_kinds import CaseKind
from breachflow.document.read import DocumentType
from breachflow.risk.checks import CHECKS
from breachflow.risk.schema import RiskCase

EXAMPLE: Final = """\
title = "A module of a station: holes by meteoroids"
gas = "air"

[compartment.module]
volume = "75 m3"
pressure = "760 mmHg"
temperature = "295 K"

[compartment.station]
volume = "930 m3"
pressure = "760 mmHg"
temperature = "295 K"

[hatch.module]
between = ["module", "station"]
state = "open"                             # open: the hole empties both; or "closed"

[limit]
evacuation = { pressure = "490 mmHg" }     # commonly quoted, not verified: give your own

[holes.meteoroids]
in = "module"
per_year = 0.01                            # penetrations that are expected: your own number
pareto = { from = "1 mm", exponent = 2.5 } # or lognormal = { median = "3 mm", sigma = 0.8 }
                                           # or file = "holes.csv" with lines: diameter [mm], weight

[risk]
years = 10
times = ["3 min", "10 min", "1 h", "1 day"]
"""
"""A whole case, to start from."""

RISK: Final = DocumentType(
    RiskCase,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow risk --example` prints a case to start from",
    example=("risk.years", "10"),
    checks=CHECKS,
    stand_ins={
        "gas": "air",
        "compartment": {"a": {"volume": "1 m3", "pressure": "1 Pa", "temperature": "1 K"}},
    },
    marks=("holes", "risk"),
    others={
        **dict.fromkeys(("boundary", "orifice", "mesh"), CaseKind.FLOW.advice),
        **dict.fromkeys(("suspect", "test", "seal"), CaseKind.LOCATION.advice),
        **dict.fromkeys(("record", "infer"), CaseKind.RECORD.advice),
        **dict.fromkeys(("leak", "supply", "crew", "event", "run", "output"), CaseKind.CABIN.advice),
    },
)


def load_risk(path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> RiskCase:
    """Read the case of a risk in a file, with keys replaced by overrides such as "risk.years=15".

    Raises CaseError where the file cannot be read or the case in it is not valid; the message has a line for
    each fault, with file, line, key, value and what is allowed.
    """
    return RISK.load(path, overrides, allow_outside=allow_outside)
