"""The text of a document and the overrides of its values; messages tell which of them a value is from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from breachflow.document.faults import DottedKey, Fault, Key
from breachflow.document.places.locate import lines_of_keys
from breachflow.document.toml_text import dotted, literal, shortened
from breachflow.errors import CaseError
from breachflow.words import allowed, single_line


class Override(NamedTuple):
    """A value that replaces one of the text, or adds one to it."""

    label: str
    """Name in messages, such as `--set orifice.diameter=3 mm`."""
    key: Key
    value: object
    """None removes the key."""


@dataclass(frozen=True)
class Source:
    """A parsed text with its overrides."""

    name: str
    text: str
    data: dict[str, Any]
    """Data of the text, with the overrides applied."""
    overrides: tuple[Override, ...]

    def error(self, faults: Sequence[Fault]) -> CaseError:
        """All faults by line, those of overrides before those of the file."""
        ordered = sorted(dict.fromkeys(faults), key=lambda fault: self._order(fault.key))
        return CaseError(*(self._where(fault) + single_line(fault.text) for fault in ordered))

    def overridden(self, overrides: Sequence[Override]) -> Source:
        """The source with further overrides applied. Raises CaseError where one cannot be."""
        data, found = self.data, []
        for override in overrides:
            found.append(override._replace(key=placed(override.key, data)))
            data = _applied(found[-1], data, self.name)
        return Source(self.name, self.text, data, (*self.overrides, *found))

    def _where(self, fault: Fault) -> str:
        override, place = self._override_of(fault.key), f"{shown(fault, self.data)}: " if fault.key else ""
        if override is None:
            return f"{self.name}:{self._line(fault.key)}: {place}"
        is_told = override.key == fault.key and not fault.value
        return f"{self.name}: {override.label}: {'' if is_told else place}"

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

    @cached_property
    def _lines(self) -> dict[Key, int]:
        return lines_of_keys(self.text)


def shown(fault: Fault, data: dict[str, Any]) -> str:
    """The key at fault as in 'orifice.diameter = "2 kPa"', alone where it has no value."""
    value = fault.value or _literal_at(fault.key, data)
    return f"{dotted(fault.key)} = {value}" if value else dotted(fault.key)


def replaced(data: dict[str, Any], values: Mapping[Key, object]) -> dict[str, Any]:
    """The data with other values; tables and arrays without them are shared."""
    changed = dict(data)
    for (*tables, last), value in values.items():
        table: Any = changed
        for part in tables:
            inner: Any = table.get(part, {}) if isinstance(table, dict) else table[part]
            table[part] = table = inner.copy()
        table[last] = value
    return changed


def placed(key: Key, data: dict[str, Any]) -> Key:
    """The key with the places of tables in arrays, which people count from 1, as numbers from 0.

    >>> placed(("event", "2", "at"), {"event": [{}, {}]}), placed(("event", "3", "at"), {"event": [{}, {}]})
    (('event', 1, 'at'), ('event', '3', 'at'))
    """
    parts: list[str | int] = []
    found: Any = data
    for part in key:
        place: str | int = part
        if (
            isinstance(found, list)
            and isinstance(part, str)
            and part.isdecimal()
            and 1 <= int(part) <= len(found)
        ):
            place = int(part) - 1
        inner = isinstance(place, int) or (isinstance(found, dict) and place in found)
        found = found[place] if inner else None
        parts.append(place)
    return tuple(parts)


def read_override(text: str, name: str, example: str) -> Override:
    """The override in a text KEY=VALUE; a value that is no TOML value is taken as text.

    Raises CaseError where the text has no key or no value.
    """
    key, equals, value = text.partition("=")
    override = Override(f"--set {single_line(shortened(text))}", key_in(key), _value_in(value))
    if not equals or not override.key:
        raise CaseError(f"{name}: {override.label}: must be KEY=VALUE, e.g. {example}")
    return override


def key_in(text: str) -> DottedKey:
    """The parts of a dotted key; none if it is no key."""
    is_statement = _parsed(text) is not None  # such as "a = 1 #", which hides what is added to it
    found: object = _parsed(f"{text} = 0") if text.count(".") < 20 and not is_statement else None
    key: DottedKey = ()
    while isinstance(found, dict) and len(found) == 1:
        part, found = next(iter(found.items()))
        key = (*key, part)
    return key if found == 0 else ()


def _applied(override: Override, data: dict[str, Any], name: str) -> dict[str, Any]:
    """The data with one value replaced, added or removed; what stays is shared."""
    *tables, last = override.key
    found: Any = data
    for depth, part in enumerate(override.key):
        if why := _why_not_within(found, part, override.key[:depth]):
            raise CaseError(f"{name}: {override.label}: {why}")
        if depth < len(tables):
            found = found.get(part, {}) if isinstance(found, dict) else found[part]
    if override.value is not None:
        return replaced(data, {override.key: override.value})
    rest: dict[Any, Any] = dict(found.items() if isinstance(found, dict) else enumerate(found))
    rest.pop(last, None)
    left = rest if isinstance(found, dict) else list(rest.values())
    return replaced(data, {tuple(tables): left}) if tables else rest


def _why_not_within(found: object, part: str | int, key: Key) -> str:
    """Why a value of a key has no such part; empty if it may have one."""
    if isinstance(found, list) and not isinstance(part, int):
        names = [f"{dotted(key)}.{place}" for place in range(1, len(found) + 1)]
        return f"no such entry; {allowed(names)}" if names else f"{dotted(key)} is empty"
    return "" if isinstance(found, dict | list) else f"{dotted(key)} is not a table"


def _literal_at(key: Key, data: dict[str, Any]) -> str:
    found: Any = data
    for part in key:
        is_there = part in found if isinstance(found, dict) else isinstance(found, list)
        if not is_there:
            return ""
        found = found[part]
    return "" if isinstance(found, dict) else literal(found)


def _value_in(text: str) -> object:
    found = _parsed(f"value = {text}")
    return found["value"] if found is not None and list(found) == ["value"] else text


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text) if "\n" not in text else None
    except (ValueError, RecursionError):
        return None
