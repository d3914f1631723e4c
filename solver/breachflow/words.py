"""The word a person most likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST = 64


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to this one, if any is close, whatever its case.

    >>> nearest("Diametr", ["diameter", "wall_thickness"])
    'diameter'
    """
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(word[:_LONGEST].lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def suggested(word: str, known: Iterable[str]) -> str:
    """The end of a message: the nearest word as a question, or nothing."""
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


def allowed(words: Iterable[str]) -> str:
    """The words a message lists as possible."""
    return "allowed: " + ", ".join(words)
