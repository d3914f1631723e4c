"""Values as TOML text: for completed documents and, shortened to one line, for messages."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

from breachflow.document.faults import Key
from breachflow.words import escaped

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST: Final = 60
"""Characters of a text in a message."""


def toml_string(text: str) -> str:
    """A basic string, quoted and escaped; always a single line of printable text."""
    return f'"{escaped(text)}"'


def toml_value(value: object) -> str:
    """A value as a document has it, on one line.

    >>> toml_value({"gamma": 1.3, "molar_mass": "30 g/mol"})
    '{ gamma = 1.3, molar_mass = "30 g/mol" }'
    """
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{toml_key(key)} = {toml_value(inner)}" for key, inner in value.items()) + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return toml_string(value) if isinstance(value, str) else repr(value)


def toml_key(name: str) -> str:
    """A part of a key, in quotes where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)


def dotted(key: Key) -> str:
    """A key as a document writes it; the tables of an array count from 1.

    >>> dotted(("variant", 0, "far away"))
    'variant[1]."far away"'
    """
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{toml_key(shortened(part))}" for part in key)
    return "".join(parts).removeprefix(".")


def literal(value: object) -> str:
    """Any value for a message, in at most a few dozen characters."""
    if isinstance(value, dict):
        return "{...}" if value else "{}"
    if isinstance(value, list):
        return shortened("[" + ", ".join(_item(item) for item in value[:10]) + "]")
    return _item(value)


def shortened(text: str) -> str:
    """The text, or its beginning and an ellipsis where it is long."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _item(value: object) -> str:
    if isinstance(value, str):
        return toml_string(shortened(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 128:
        return f"an integer of {value.bit_length()} bits"  # Python refuses to print the largest ones
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return "{...}" if isinstance(value, dict) else "[...]"
