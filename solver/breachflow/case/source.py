"""Where the values of a case come from, a line of the file or an override, for messages and paths."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from breachflow.case.faults import Fault, Key
from breachflow.case.locate import lines_of_keys
from breachflow.case.toml_text import dotted, literal, shortened, single_line
from breachflow.errors import CaseError


@dataclass(frozen=True)
class Override:
    """One `--set KEY=VALUE`."""

    text: str
    key: Key
    value: object

    @property
    def label(self) -> str:
        return f"--set {single_line(shortened(self.text))}"


@dataclass(frozen=True)
class Source:
    """A parsed text with its overrides."""

    name: str
    text: str
    data: dict[str, Any]
    overrides: tuple[Override, ...]

    def error(self, faults: Sequence[Fault]) -> CaseError:
        """The first fault by line, overrides before the file, and how many more there are."""
        first, *others = sorted(dict.fromkeys(faults), key=lambda fault: self._order(fault.key))
        count = f" (and {len(others)} more {'fault' if len(others) == 1 else 'faults'})" if others else ""
        return CaseError(self._where(first.key) + single_line(first.text) + count)

    def _where(self, key: Key) -> str:
        override = self._override_of(key)
        if override is None:
            return f"{self.name}:{self._line(key)}: {dotted(key)}{self._value(key)}: "
        inner = "" if override.key == key else f"{dotted(key)}{self._value(key)}: "
        return f"{self.name}: {override.label}: {inner}"

    def _order(self, key: Key) -> int:
        return 0 if self._override_of(key) else self._line(key)

    def _override_of(self, key: Key) -> Override | None:
        for override in reversed(self.overrides):
            if key[: len(override.key)] == override.key:
                return override
            if override.key[: len(key)] == key and key not in self._lines:
                return override
        return None

    def _line(self, key: Key) -> int:
        """The line of the key, or of the table it is missing from."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def _value(self, key: Key) -> str:
        found: object = self.data
        for part in key:
            if not isinstance(found, dict) or part not in found:
                return ""
            found = found[part]
        return "" if isinstance(found, dict) else f" = {literal(found)}"

    @cached_property
    def _lines(self) -> dict[Key, int]:
        return lines_of_keys(self.text)


def read_override(text: str, name: str) -> Override:
    """The override in 'orifice.diameter=3 mm'; a value that is no TOML value is taken as text."""
    key, equals, value = text.partition("=")
    override = Override(text, _key_in(key), _value_in(value))
    if not equals or not override.key:
        raise CaseError(f"{name}: {override.label}: must be KEY=VALUE, e.g. orifice.diameter=3 mm")
    return override


def apply_override(override: Override, data: dict[str, Any], name: str) -> None:
    """Replace or add one value in the data."""
    *tables, last = override.key
    for depth, part in enumerate(tables, start=1):
        data = data.setdefault(part, {})
        if not isinstance(data, dict):
            raise CaseError(f"{name}: {override.label}: {dotted(override.key[:depth])} is not a table")
    data[last] = override.value


def _key_in(text: str) -> Key:
    found: object = _parsed(f"{text} = 0") if text.count(".") < 20 else None
    key: Key = ()
    while isinstance(found, dict) and len(found) == 1:
        part, found = next(iter(found.items()))
        key = (*key, part)
    return key if found == 0 else ()


def _value_in(text: str) -> object:
    found = _parsed(f"value = {text}")
    return found["value"] if found is not None and list(found) == ["value"] else text


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text) if "\n" not in text else None
    except (ValueError, RecursionError):
        return None
