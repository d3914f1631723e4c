"""Words for people: text made printable, durations and sizes, the word that was most likely meant."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from typing import Final, TypeAlias

Row: TypeAlias = tuple[str, str]
"""The label and the text of a line that people read."""

_LONGEST: Final = 64
"""Characters of a word that are compared with the known ones."""

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word closest to this one, if any is as close as `likeness` (0 to 1); case does not count.

    >>> nearest("Diametr", ["diameter", "wall_thickness"])
    'diameter'
    """
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(word[:_LONGEST].lower(), list(by_lower), n=1, cutoff=likeness)
    return by_lower[close[0]] if close else None


def suggested(word: str, known: Iterable[str]) -> str:
    """The end of a message: the nearest word as a question, or nothing.

    >>> suggested("Diametr", ["diameter", "wall_thickness"])
    '; did you mean "diameter"?'
    """
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


def allowed(words: Iterable[str]) -> str:
    """The words a message lists as possible.

    >>> allowed(["air", "helium"])
    'allowed: air, helium'
    """
    return "allowed: " + ", ".join(words)


def escaped(text: str) -> str:
    """The text with quotes, backslashes and everything that does not print as a TOML string has them.

    >>> print(escaped('5" \x1b[31m'))
    5\\" \\u001b[31m
    """
    return "".join(map(_escaped, text))


def single_line(text: str) -> str:
    """The text with line breaks and control characters escaped.

    >>> print(single_line('5" wide\\n'))
    5" wide\\n
    """
    return "".join(character if character in '"\\' else _escaped(character) for character in text)


def printable(text: object) -> str:
    """Text from a file, made harmless for a terminal: control characters become question marks.

    >>> printable("air\x1b[31m")
    'air?[31m'
    """
    return "".join(character if character.isprintable() else "?" for character in str(text))


def duration(seconds: float) -> str:
    """A time, s, as people say it.

    >>> duration(4.26), duration(75.0), duration(8000.0)
    ('4.3 s', '1 min 15 s', '2 h 13 min')
    """
    if not math.isfinite(seconds) or seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def byte_count(count: float) -> str:
    """A number of bytes in the unit that people use for it.

    >>> byte_count(2.5e9), byte_count(120e6)
    ('2.5 GB', '120 MB')
    """
    return f"{count / 1e9:.3g} GB" if count >= 1e9 else f"{max(count / 1e6, 1.0):.0f} MB"


def counted(count: int, word: str) -> str:
    """A number of things, with the plural where it is due.

    >>> counted(1, "run"), counted(2, "run")
    ('1 run', '2 runs')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
