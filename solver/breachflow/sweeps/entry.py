"""The form of what a ledger holds: entries of solutions and answers of points."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from breachflow.errors import ResultError
from breachflow.sweeps.ledger import Json

_ENTRY: Final[dict[str, Any]] = {
    "case": str,
    "case_text": str,
    "summary": dict,
    "error": str,
    "started_from": list,
    "seconds": int | float,
}
"""Keys of the entry of a solution, with the types of their values."""

_ANSWER: Final[dict[str, Any]] = {"summary": dict}


def sound_entries(found: Mapping[str, Json], ledger: Path) -> dict[str, Json]:
    """These entries of solutions. Raises ResultError where one does not have the form of an entry."""
    return _of_form(_ENTRY, found, ledger)


def sound_answers(found: Mapping[str, Json], ledger: Path) -> dict[str, Json]:
    """These answers of points. Raises ResultError where one does not have the form of an answer."""
    return _of_form(_ANSWER, found, ledger)


def _of_form(form: Mapping[str, Any], found: Mapping[str, Json], ledger: Path) -> dict[str, Json]:
    for digest, stored in found.items():
        if not _has_form(stored, form):
            raise ResultError(
                f"{ledger}: the entry {digest} is none of a sweep; remove the folder to compute all anew"
            )
    return dict(found)


def _has_form(stored: Any, form: Mapping[str, Any]) -> bool:
    if not isinstance(stored, dict) or set(stored) != set(form):
        return False
    fits = all(isinstance(value, form[name]) for name, value in stored.items())
    texts = fits and all(isinstance(text, str) for text in stored.get("started_from", ()))
    return texts and all(map(_is_quantity, stored["summary"].values()))


def _is_quantity(parts: Any) -> bool:
    """Whether these are a value, its unit and its description."""
    if not isinstance(parts, list) or len(parts) != 3:
        return False
    value, *words = parts
    return isinstance(value, str | int | float) and all(isinstance(word, str) for word in words)
