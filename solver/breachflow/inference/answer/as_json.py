"""An answer as one JSON object in SI units, under the names that the guide lists."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from breachflow.inference.answer.answer import Inference

HIDDEN: Final = ("unit_factor", "name", "basis")
"""Attributes of an answer that serve its text and its pictures alone."""


def as_object(found: Inference) -> dict[str, Any]:
    """The attributes by name; dates as texts of ISO 8601, probabilities of exponents as pairs."""
    whole = {name: value for name, value in asdict(replace(found, basis=None)).items() if name not in HIDDEN}
    whole["start"] = None if found.start is None else found.start.isoformat()
    return whole
