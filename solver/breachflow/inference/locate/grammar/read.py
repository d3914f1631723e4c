"""Reading the case of a leak to be located."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.case_kinds import CaseKind
from breachflow.document.read import DocumentType
from breachflow.inference.locate.grammar.checks import CHECKS
from breachflow.inference.locate.grammar.schema import LocateCase

EXAMPLE: Final = """\
title = "A leak of 1.6 kg/day: which hatch next"
gas = "air"

[compartment]                              # as in the case of a cabin
tunnel = { volume = "7 m3", pressure = "740 mmHg", temperature = "295 K" }
service = { volume = "85 m3", pressure = "740 mmHg", temperature = "295 K" }
cargo = { volume = "72 m3", pressure = "740 mmHg", temperature = "295 K" }
station = { volume = "720 m3", pressure = "740 mmHg", temperature = "295 K" }

[hatch]
tunnel = { between = ["tunnel", "service"], state = "open" }
cargo = { between = ["service", "cargo"], state = "open" }
node = { between = ["cargo", "station"], state = "open" }

[suspect]
rate = "1.6 kg/day"                        # of the whole leak: `breachflow infer` or `reserve` give it
rate_uncertainty = "0.3 kg/day"
weight = { tunnel = 0.4, service = 0.3, cargo = 0.2, station = 0.1 }   # by volume if absent
two_leaks = 0.1                            # probability that there are two
hatch_rule = "0.5 mmHg"                    # largest difference across a shut hatch
handling = "0.5 h"                         # to shut, to read, to open
noise = { correlated = "0.05 mmHg", time = "1 h", resolution = "0.1 mmHg", every = "1 min" }

[[test]]                                   # what was done and seen, in order
closed = ["node"]
slope = { tunnel = "-0.26 +- 0.05 mmHg/h", station = "0.01 +- 0.05 mmHg/h" }
"""
"""A whole case, to start from."""

LOCATE: Final = DocumentType(
    LocateCase,
    noun="case",
    size="a case has a few dozen lines",
    absent="`breachflow locate --example` prints a case to start from",
    example=("suspect.rate", "1.6 kg/day"),
    checks=CHECKS,
    stand_ins={
        "gas": "air",
        "compartment": {"a": {"volume": "1 m3", "pressure": "1 Pa", "temperature": "1 K"}},
        "hatch.*.between": ["?", "?"],
        "hatch.*.state": "open",
        "test.*.closed": ["?"],
        "seal.*.inside": "?",
    },
    marks=("suspect", "test", "seal"),
    others={
        **dict.fromkeys(("boundary", "orifice", "mesh"), CaseKind.FLOW.advice),
        **dict.fromkeys(("holes", "risk"), CaseKind.RISK.advice),
        **dict.fromkeys(("record", "infer"), CaseKind.RECORD.advice),
        **dict.fromkeys(("leak", "supply", "crew", "event", "run", "limit", "output"), CaseKind.CABIN.advice),
    },
)


def load_locate(
    path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False
) -> LocateCase:
    """Read the case of a leak to be located, with keys replaced by overrides such as "suspect.two_leaks=0.2".

    Raises CaseError where the file cannot be read or the case in it is not valid; the message has a line for
    each fault, with file, line, key, value and what is allowed.
    """
    return LOCATE.load(path, overrides, allow_outside=allow_outside)


def parse_locate(text: str, *, path: Path | None = None, overrides: Sequence[str] = ()) -> LocateCase:
    """Read the case of a leak to be located in a text. Raises CaseError where it is not valid."""
    return LOCATE.parse(text, path=path, overrides=overrides)
