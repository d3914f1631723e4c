"""Values as TOML text: for completed cases and, shortened to one line, for messages."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

from breachflow.words import escaped

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST: Final = 60


def toml_string(text: str) -> str:
    """A basic string, quoted and escaped; always a single line of printable text."""
    return f'"{escaped(text)}"'


def toml_value(value: object) -> str:
    """A value as a case has it, on one line.

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
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)


def dotted(key: tuple[str, ...]) -> str:
    """A key as it would be written in a case."""
    return ".".join(toml_key(shortened(part)) for part in key)


def literal(value: object) -> str:
    """A value for a message: at most a few dozen characters, whatever it is."""
    if isinstance(value, dict):
        return "{...}" if value else "{}"
    if isinstance(value, list):
        return shortened("[" + ", ".join(_item(item) for item in value[:10]) + "]")
    return _item(value)


def shortened(text: str) -> str:
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
