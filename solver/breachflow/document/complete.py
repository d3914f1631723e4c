"""A document written back as TOML, with every default and every unit; in which keys two such texts differ."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_origin

from pydantic.fields import FieldInfo

from breachflow.document.faults import DottedKey
from breachflow.document.fields import MeasuredField, QuantityArray, QuantityField, TimedNumber
from breachflow.document.places.annotations import (
    Annotation,
    annotation_of,
    bare,
    is_table,
    members_of,
    metadata_of,
    values_of,
)
from breachflow.document.table import Table
from breachflow.document.toml_text import dotted, toml_key, toml_string, toml_value
from breachflow.toml_gate.parse import parse_toml
from breachflow.units import Dimension, write_quantity


class KeyDifference(NamedTuple):
    """A key with its values in two documents, as TOML; None where a document does not have it."""

    key: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """The difference in words.

        >>> print(KeyDifference("numerics.order", "1", "2"), KeyDifference("title", None, '"new"'), sep="; ")
        numerics.order is 1, not 2; title is absent, not "new"
        """
        return f"{self.key} is {self.before or 'absent'}, not {self.after or 'absent'}"


def completed(document: Table, folder: Path, unstated: Collection[DottedKey] = ()) -> str:
    """The text that reads back to the same document; paths in it are relative to `folder`.

    A key that holds a table becomes a section of its own, unless a value may stand in its place. The keys
    `unstated`, each of a section, stay away.
    """
    return "\n".join(_lines(document, folder, unstated)) + "\n"


def _lines(document: Table, folder: Path, unstated: Collection[DottedKey]) -> Iterator[str]:
    fields = list(_fields(document))
    for key, field, value in fields:
        if not _is_section(field):
            yield f"{key} = {_written(value, annotation_of(field), folder)}"
    for key, field, value in fields:
        if _is_section(field) and value != {}:
            yield f"\n[{key}]"
            left_out = [name for table, name in unstated if table == key]
            yield from _section(value, annotation_of(field), folder, left_out)


def _is_section(field: FieldInfo) -> bool:
    kinds = [bare(member) for member in members_of(field.annotation)]
    return all(is_table(kind) or get_origin(kind) is dict for kind in kinds)


def _section(
    value: Table | Mapping[str, Any], annotation: Annotation, folder: Path, left_out: Collection[str]
) -> Iterator[str]:
    if isinstance(value, Table):
        yield from (f"{key} = {text}" for key, text in _values(value, folder) if key not in left_out)
        yield from _extra(value, folder)
    else:
        within = values_of(annotation)
        yield from (f"{toml_key(key)} = {_written(item, within, folder)}" for key, item in value.items())


def _extra(table: Table, folder: Path) -> Iterator[str]:
    """Keys beyond the fields, with their values as given: written anew, they might read back to others."""
    for name, value in (table.__pydantic_extra__ or {}).items():
        written = toml_value(value) if isinstance(value, list) else _written(value, None, folder)
        yield f"{toml_string(name)} = {written}"


def _fields(table: Table) -> Iterator[tuple[str, FieldInfo, Any]]:
    """Key, field and value of everything that a table has."""
    for name, field in type(table).model_fields.items():
        value = getattr(table, name)
        if value is not None:
            yield field.alias or name, field, value


def _values(table: Table, folder: Path) -> Iterator[tuple[str, str]]:
    return ((key, _written(value, annotation_of(field), folder)) for key, field, value in _fields(table))


def _written(value: object, annotation: Annotation, folder: Path) -> str:
    for item in metadata_of(annotation):
        if isinstance(item, QuantityField) and isinstance(value, float):
            return toml_string(write_quantity(value, item.dimension))
        if isinstance(item, QuantityArray) and isinstance(value, tuple):
            return _array(value, item.each.dimension)
        if isinstance(item, MeasuredField) and isinstance(value, tuple):
            return toml_string(" +- ".join(write_quantity(part, item.dimension) for part in value))
        if isinstance(item, TimedNumber) and isinstance(value, tuple):
            return f"[{toml_string(write_quantity(value[0], item.each.dimension))}, {value[1]!r}]"
    if isinstance(value, Path):
        return toml_string(Path(os.path.relpath(value, folder)).as_posix())
    if isinstance(value, Table):
        return "{ " + ", ".join(f"{key} = {written}" for key, written in _values(value, folder)) + " }"
    if isinstance(value, Mapping):
        within = values_of(annotation)
        keys = ((toml_key(key), _written(item, within, folder)) for key, item in value.items())
        return "{ " + ", ".join(f"{key} = {text}" for key, text in keys) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(item, values_of(annotation), folder) for item in value)}]"
    return toml_value(value)


def _array(values: tuple[float, ...], dimension: Dimension) -> str:
    return f"[{', '.join(toml_string(write_quantity(value, dimension)) for value in values)}]"


def differences(before: str, after: str, leave_out: Collection[DottedKey] = ()) -> list[KeyDifference]:
    """The keys in which two texts of completed documents differ, in the order of the later one.

    Keys and tables in `leave_out` do not count. Raises ValueError where a text is no TOML.

    >>> differences("a = 1\\n[b]\\nc = 2\\nd = 3", "a = 1\\n[b]\\nc = 4", leave_out=[("b", "d")])
    [KeyDifference(key='b.c', before='2', after='4')]
    """
    one, other = (dict(_leaves(parse_toml(text), (), leave_out)) for text in (before, after))
    keys = [*other, *(key for key in one if key not in other)]
    return [
        KeyDifference(dotted(key), one.get(key), other.get(key))
        for key in keys
        if one.get(key) != other.get(key)
    ]


def _leaves(table: dict[str, Any], above: DottedKey, leave_out: Collection[DottedKey]) -> Iterator[Any]:
    """Each key that holds no table, with its value as text."""
    for name, value in table.items():
        key = (*above, name)
        if key in leave_out:
            continue
        if isinstance(value, dict) and value:
            yield from _leaves(value, key, leave_out)
        else:
            yield key, toml_value(value)
