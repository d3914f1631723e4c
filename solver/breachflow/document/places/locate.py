"""The line of each key in a TOML text, which the parser of the standard library does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import Final

from breachflow.document.faults import Key

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY: Final = re.compile(r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[ \t]*\.[ \t]*)+""")
_PART: Final = re.compile(r"""([A-Za-z0-9_-]+)|("(?:[^"\\\n]|\\.)*")|'([^'\n]*)'""")
_STRING: Final = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_SCALAR: Final = re.compile(r"[^,\]}\n#]*")


def lines_of_keys(text: str) -> dict[Key, int]:
    """The line, from 1, where each key and table of a valid TOML text is first written."""
    try:
        return _Walk(text).lines
    except RecursionError:  # arrays nested nearly as deep as the parser allows
        return {}


class _Walk:
    """One pass over a text that the parser has accepted, so that no syntax needs checking."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Key, int] = {}
        self._counts: dict[Key, int] = {}  # number of tables met so far in each array of tables
        self._statements()

    def _statements(self) -> None:
        table: Key = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Key:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        self._skip(_BLANK)
        line, key = self._line(), self._key(())
        self._skip(_BLANK)
        self._at += brackets
        return self._item(key, line) if brackets == 2 else key

    def _item(self, array: Key, line: int) -> Key:
        """The next table of an array of tables."""
        self._counts[array] = self._counts.get(array, 0) + 1
        return self._met((*array, self._counts[array] - 1), line)

    def _met(self, key: Key, line: int) -> Key:
        self.lines.setdefault(key, line)
        return key

    def _line(self) -> int:
        return bisect_left(self._breaks, self._at) + 1

    def _pair(self, table: Key) -> None:
        key = self._key(table)
        self._skip(_BLANK)
        self._at += len("=")
        self._skip(_BLANK)
        self._value(key)

    def _key(self, table: Key) -> Key:
        match = _KEY.match(self._text, self._at)
        assert match is not None
        key = table
        for part in _PART.finditer(match[0]):
            in_array = (self._counts[key] - 1,) if key in self._counts else ()  # the last table met
            key = self._met((*key, *in_array, _name(part)), self._line())
        self._at = match.end()
        return key

    def _value(self, key: Key) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._items("]", key)
        elif opening == "{":
            self._items("}", key)
        else:
            self._skip(_STRING if opening in "\"'" else _SCALAR)

    def _items(self, closing: str, key: Key) -> None:
        """An array, or an inline table, whose items are pairs."""
        self._enter()
        number = 0
        while self._text[self._at] != closing:
            if closing == "}":
                self._pair(key)
            else:
                is_table = self._text[self._at] == "{"
                self._value(self._met((*key, number), self._line()) if is_table else key)
                number += 1
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._enter()
        self._at += 1

    def _enter(self) -> None:
        self._at += 1
        self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        assert match is not None
        self._at = match.end()


def _name(part: re.Match[str]) -> str:
    if part[2] is not None:
        return str(tomllib.loads(f"name = {part[2]}")["name"])
    return part[1] if part[1] is not None else part[3]
