"""The user guide describes every key and every word of a cabin's case, and its example works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.document.json_schema import schema_of

GUIDE = (Path(__file__).parents[2] / "docs" / "user_guide.md").read_text(encoding="utf-8")
CHAPTER = GUIDE.split("## Cabins\n")[1].split("\n## ")[0]


def keys_of(schema: Any) -> set[str]:
    """Names of all keys anywhere in a JSON schema."""
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})) | keys_of(list(schema.values()))


@pytest.mark.parametrize("key", sorted(keys_of(schema_of(CabinCase, "cabin"))))
def test_the_guide_describes_every_key(key: str) -> None:
    elsewhere = {"gamma", "molar_mass", "viscosity", "viscosity_exponent", "prandtl", "name"}
    elsewhere |= {"latin_hypercube", "seed"}  # of [sweep], whose chapter is that of all sweeps
    place = GUIDE if key in elsewhere or f"| `{key}` |" in GUIDE else CHAPTER
    words = re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", place)))
    assert key in words


def test_the_example_is_a_case() -> None:
    text = re.findall(r"```toml\n(.*?)```", CHAPTER, flags=re.DOTALL)[0]
    assert parse_cabin(text).title == "Mir: Spektr punctured, its hatch shut after 402 s"
