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


def plus_minus(value: float, uncertainty: float) -> str:
    """A value with its uncertainty, whose one digit (or two from 10 to 19) sets the digits of both.

    The value keeps a digit where the uncertainty is larger. An uncertainty that is not known (nan) is left
    out, and the value has three digits.

    >>> plus_minus(53.145, 0.58), plus_minus(117.16, 1.28), plus_minus(0.81864, 0.0089)
    ('53.1 ± 0.6', '117.2 ± 1.3', '0.819 ± 0.009')
    >>> plus_minus(28475.0, 310.0), plus_minus(1.172e-13, 1.2e-15), plus_minus(0.81864, math.nan)
    ('28500 ± 300', '1.172e-13 ± 0.012e-13', '0.819')
    >>> plus_minus(3840.0, 72000.0)
    '4000 ± 72000'
    """
    if not math.isfinite(value) or not 0.0 < uncertainty < math.inf:
        return significant(value, 3 if math.isnan(uncertainty) else 6)
    largest = max(abs(value), uncertainty)
    power = 0 if 1e-3 <= largest < 1e6 else math.floor(math.log10(largest))
    decimals = power - min(_last_place(uncertainty), _last_place(value or uncertainty))
    exponent = f"e{power:+03d}" if power else ""
    return " ± ".join(_fixed(number * 10.0**-power, decimals) + exponent for number in (value, uncertainty))


def percent(part: float) -> str:
    """A part of a whole in per cent, with two digits.

    >>> percent(0.05), percent(0.0181), percent(0.4)
    ('5 %', '1.8 %', '40 %')
    """
    return f"{float(f'{100.0 * part:.2g}'):g} %"


def significant(value: float, digits: int) -> str:
    """A number with a number of digits, without an exponent from 0.001 to a million.

    >>> significant(0.344397, 3), significant(1234567.0, 3), significant(2104.0, 3), significant(0.0, 3)
    ('0.344', '1.23e+06', '2100', '0')
    """
    if not math.isfinite(value) or value == 0.0:
        return f"{value + 0.0:g}"
    if 1e-3 <= abs(value) < 1e6:
        return _fixed(value, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits - 1}e}"


def _fixed(number: float, decimals: int) -> str:
    """A number rounded to a decimal place, which may be left of the point; no negative zero."""
    return f"{round(number, decimals) + 0.0:.{max(decimals, 0)}f}"


def _last_place(uncertainty: float) -> int:
    """The decimal place of the last digit that an uncertainty leaves."""
    first, place = f"{uncertainty:.1e}".split("e")
    return int(place) - (1 if first < "2" else 0)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
