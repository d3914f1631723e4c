"""What is wrong with a case: the key at fault and the rest of the sentence."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Key: TypeAlias = tuple[str, ...]
"""The parts of a dotted key."""


class Fault(NamedTuple):
    key: Key
    text: str
    value: str = ""
    """What a message shows as the value at fault; empty: all that the key has."""
