"""What is wrong with an `expected.toml`, in one line: where it stands, the key, and what is allowed."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from breachflow.document.toml_text import literal, shortened
from breachflow.words import allowed, single_line, suggested

Location: TypeAlias = tuple[int | str, ...]

_HEADER: Final = re.compile(r"\s*\[\[?\s*([a-z_.]+)\s*\]")
_KEY: Final = re.compile(r"\s*([A-Za-z_]+)\s*=")

_PLAIN: Final = {
    "string_type": "must be text in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "float_type": "must be a number, without quotes or unit",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must not be negative",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "too_short": "is empty",
    "model_type": "must be a table",
}


def first_fault(error: ValidationError, text: str, model: type[BaseModel]) -> str:
    """'LINE: key = value: what is wrong' of the first fault by line, and how many more there are."""
    lines = _lines(text)
    details = sorted(error.errors(include_url=False), key=lambda detail: _line(detail["loc"], lines))
    first = details[0]
    others = len(details) - 1
    count = f" (and {others} more {'fault' if others == 1 else 'faults'})" if others else ""
    where = f"{_line(first['loc'], lines)}: {_key(first)}"
    return single_line(f"{where}{_words(first, model)}{count}")


def _key(detail: ErrorDetails) -> str:
    """'variant[2].expected[1].tolerance = "x": ', counting from 1; empty for the file as a whole."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{shortened(part)}" for part in detail["loc"]]
    given = detail["input"]
    shown = "" if detail["type"] == "missing" or isinstance(given, dict) else f" = {literal(given)}"
    return f"{''.join(parts).removeprefix('.')}{shown}: " if parts else ""


def _words(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, location = detail["type"], detail["loc"]
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    table = _model_at(location[:-1], model)
    if kind == "missing":
        return f"is missing: {table.model_fields[str(location[-1])].description}"
    if kind == "extra_forbidden":
        names = list(table.model_fields)
        return f"unknown key; {allowed(names)}{suggested(str(location[-1]), names)}"
    if kind == "list_type" and isinstance(detail["input"], dict):
        return f"must be an array of tables: write [[{location[-1]}]]"
    return _PLAIN.get(kind, detail["msg"])


def _model_at(location: Location, model: type[BaseModel]) -> type[BaseModel]:
    """The table at a location: every name on the way is that of an array of tables."""
    for part in location:
        if isinstance(part, str):
            model = _item_of(model.model_fields[part].annotation)
    return model


def _item_of(array: Any) -> type[BaseModel]:
    item: type[BaseModel] = get_args(array)[0]
    return item


def _line(location: Location, lines: dict[Location, int]) -> int:
    """The line of the key, or of the table it is missing from."""
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


def _lines(text: str) -> dict[Location, int]:
    """The line, from 1, of each [[table]] and of the keys in it."""
    found: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    table: Location = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _entered(tuple(header[1].split(".")), counts)
            found[table] = number
            found.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
    return found


def _entered(names: tuple[str, ...], counts: dict[Location, int]) -> Location:
    """The location of the table that a [[header]] opens: the next one in the last of the outer tables."""
    table: Location = ()
    for name in names[:-1]:
        table = (*table, name, counts.get((*table, name), 1) - 1)
    table = (*table, names[-1])
    counts[table] = counts.get(table, 0) + 1
    return (*table, counts[table] - 1)
