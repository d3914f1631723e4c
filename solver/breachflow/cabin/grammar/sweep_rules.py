"""What may be swept in the case of a cabin."""

from __future__ import annotations

from typing import Final

from breachflow.document.faults import DottedKey
from breachflow.document.sweep.rules import SweepRules

_NO_ANSWER: Final = "it changes no answer"

_REFUSED: Final[dict[DottedKey, str]] = {
    ("title",): _NO_ANSWER,
    ("leak", "*", "kind"): "each kind has keys of its own; write a case for each",
    ("limit", "*", "source"): _NO_ANSWER,
    ("run", "sample"): "it changes no number of the table",
    ("sweep",): "it is the sweep itself",
    ("output",): "it changes no answer; a sweep names its own files",
}

CABIN_SWEEP: Final = SweepRules('"leak.puncture.diameter" = ["2 mm", "4 mm"]', _REFUSED)
