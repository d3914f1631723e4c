"""TOML of strangers: a text that the parser would take minutes or gigabytes for is refused before."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

LARGEST: Final = 1_000_000
"""Bytes of a document."""

MOST_PARTS: Final = 20
"""Parts of a dotted key; time and memory of the parser grow with their square."""

_PART: Final = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}")


def long_key(text: str) -> int | None:
    """Where the first key of more than `MOST_PARTS` parts begins; None where there is none."""
    found = _LONG_KEY.search(text)
    return None if found is None else found.start()


def parse_toml(text: str) -> dict[str, Any]:
    """What a text says. Raises ValueError where it is no TOML, or not one that people write."""
    if len(text) > LARGEST or long_key(text) is not None:
        raise ValueError(f"a text of more than {LARGEST} bytes, or a key of more than {MOST_PARTS} parts")
    return tomllib.loads(text)
