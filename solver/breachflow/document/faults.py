"""Faults of a document: the key at fault and the rest of the sentence."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Key: TypeAlias = tuple[str | int, ...]
"""The parts of a dotted key; a number, from 0, is the place of a table in an array of tables."""


DottedKey: TypeAlias = tuple[str, ...]
"""The parts of a key as people write it in an override or in `[sweep]`."""


class Fault(NamedTuple):
    """Something wrong with a value of a document."""

    key: Key
    text: str
    """The end of the message, behind the key and its value."""
    value: str = ""
    """Value that the message shows; empty: the whole value of the key."""


def is_within(key: Key, table: Key) -> bool:
    """Whether a key is that of a table, or of something in it."""
    return key[: len(table)] == table
