"""The keys of a document that may be swept, and the reason why another may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, get_origin

from pydantic.fields import FieldInfo

from breachflow.document.faults import DottedKey, Key
from breachflow.document.fields import dimension_of
from breachflow.document.places.annotations import (
    annotation_of,
    bare,
    is_table,
    members_of,
    table_among,
    values_of,
)
from breachflow.document.source import key_in, placed
from breachflow.document.sweep.rules import SweptDocument, rules_of, type_of
from breachflow.document.table import Table
from breachflow.document.toml_text import toml_key
from breachflow.units import Dimension
from breachflow.words import allowed, suggested

MOST_NAMED: Final = 40
"""Keys that a message names one by one."""


class SweptKey(NamedTuple):
    """A key of the document that takes several values."""

    key: Key
    field: FieldInfo

    @property
    def name(self) -> str:
        """As a document writes it: "orifice.diameter"; the tables of an array count from 1: "event.1.at"."""
        return _name(self.key)

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of its values; None of plain numbers and words."""
        return dimension_of(self.field)

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.field.annotation is int

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, with others between any two."""
        return self.field.annotation in (int, float, float | None)

    def within(self, names: Iterable[str]) -> Iterator[tuple[str, SweptKey]]:
        """The keys of a table that stands as its value, by name."""
        known = list(names)
        tables = [bare(member) for member in members_of(self.field.annotation)]
        table = next(one for one in tables if is_table(one) and set(known) <= one.model_fields.keys())
        return ((name, SweptKey((*self.key, name), table.model_fields[name])) for name in known)


def swept_keys(document: SweptDocument) -> list[SweptKey]:
    """The swept keys of a checked document, in the order of its table [sweep]."""
    return [swept_key(document, name) for name in document.sweep.entries] if document.sweep else []


def swept_key(document: SweptDocument, name: str) -> SweptKey:
    """The key that a text such as "orifice.diameter" names.

    Raises ValueError where the document has no such key or where it cannot be swept; the message says why.
    """
    key, fields = placed(key_in(name), document.origin.source.data), _sweepable(document)
    if key not in fields:
        raise ValueError(_why_not(document, key, fields))
    return SweptKey(key, fields[key])


def _sweepable(document: SweptDocument) -> dict[Key, FieldInfo]:
    refused = rules_of(document).refused
    fields = dict(_fields(document, ()))
    return {
        key: field for key, field in fields.items() if not (_refusal(key, refused) or _is_schedule(field))
    }


def _is_schedule(field: FieldInfo) -> bool:
    """Whether a value of the key is a list of pairs: it has no place on an axis."""
    items: object = get_origin(bare(values_of(annotation_of(field))))
    return items is tuple


def _fields(table: Table, above: Key) -> Iterator[tuple[Key, FieldInfo]]:
    """Every key of a table and of the tables in it that takes a value."""
    for name, field in type(table).model_fields.items():
        key, value = (*above, field.alias or name), getattr(table, name)
        within = _entries(value)
        is_absent = value is None and any(is_table(bare(one)) for one in members_of(field.annotation))
        if table_among(field.annotation) or not (within or is_absent or isinstance(value, Table | dict)):
            yield key, field
        if isinstance(value, Table):
            yield from _fields(value, key)
        for part, entry in within.items():
            yield from _fields(entry, (*key, part))


def _entries(value: object) -> dict[str | int, Table]:
    """The tables in a table of tables, by name, or in an array of tables, by place."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {part: entry for part, entry in items if isinstance(entry, Table)}


def _refusal(key: Key, refused: Mapping[DottedKey, str]) -> str:
    reasons = (reason for pattern, reason in refused.items() if _begins(key, pattern))
    return next(reasons, "")


def _begins(key: Key, pattern: DottedKey) -> bool:
    beginning = key[: len(pattern)]
    fits = (part in ("*", mine) for part, mine in zip(pattern, beginning, strict=False))
    return len(beginning) == len(pattern) and all(fits)


def _why_not(document: SweptDocument, key: Key, fields: dict[Key, FieldInfo]) -> str:
    rules = rules_of(document)
    if not key:
        reader = type_of(document)
        return f'is no key of a {reader.noun}; write e.g. "{reader.example[0]}"'
    if reason := _refusal(key, rules.refused):
        return f"cannot be swept: {reason}"
    if any(known == key and _is_schedule(field) for known, field in _fields(document, ())):
        return "cannot be swept: a schedule is many values; write a case for each"
    if foreign := rules.owner(document, tuple(map(str, key))):
        return f"belongs to {foreign}"
    above = fields.get(key[:-1])
    table = table_among(above.annotation) if above else None
    if table and key[:-1] not in {known[:-1] for known in fields}:
        return f"{_name(key[:-1])} is a name in this case; write {table.example} to sweep a key of it"
    return _why_unknown(document, key, fields)


def _why_unknown(document: SweptDocument, key: Key, fields: dict[Key, FieldInfo]) -> str:
    names = _near(key, list(fields))
    table, found = _value_at(document, key[:-1]), _value_at(document, key)
    if isinstance(found, Table | dict) or _entries(found):
        within = [_name(known) for known in fields if known[: len(key)] == key]
        return f"is a table; {allowed(within or names)}"
    if isinstance(table, Table) and key[-1] in table.misplaced:
        return table.misplaced[str(key[-1])].advice
    return f"unknown key; {allowed(names)}{suggested(_name(key), list(map(_name, fields)))}"


def _near(key: Key, fields: list[Key]) -> list[str]:
    """The keys to name in place of one: of its table, or of all; of many, the tables that have them."""
    near = [known for known in fields if known[0] == key[0]] or fields
    if len(near) > MOST_NAMED and key[1:]:
        near = [known for known in near if known[:-1] == key[:-1]] or near
    if len(near) <= MOST_NAMED:
        return list(map(_name, near))
    return list(dict.fromkeys(f"{_name(known[:-1])}.*" if known[1:] else _name(known) for known in near))


def _value_at(document: Table, key: Key) -> object:
    found: object = document
    for part in key:
        found = _parts(found).get(part)
    return found


def _parts(value: object) -> dict[str | int, object]:
    if isinstance(value, Table):
        return {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
    return (
        dict(value) if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
    )


def _name(key: Key) -> str:
    return ".".join(toml_key(part) if isinstance(part, str) else str(part + 1) for part in key)
