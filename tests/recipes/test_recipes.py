"""The recipes of CONTRIBUTING and the table of docs/architecture.md agree with the tests of this folder."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import house

ROOT = Path(__file__).parents[2]
RECIPES = [
    "flux", "limiter", "boundary", "template", "gas", "law", "exact solution", "case key", "summary quantity",
    "column", "command", "case", "picture", "figure",
]  # fmt: skip
"""In the order of CONTRIBUTING."""
TESTED = [name for name in RECIPES if name != "case"]
"""A case is tested as every shipped case is."""


def section(document: str, heading: str) -> str:
    """The text of a document below a heading."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_every_recipe_has_its_heading() -> None:
    recipes = section("CONTRIBUTING.md", "How to add")
    assert re.findall(r"^\*\*An? (.+?)\.?\*\*", recipes, flags=re.MULTILINE) == RECIPES


@pytest.mark.parametrize("name", TESTED)
def test_every_recipe_is_followed_by_a_test(name: str) -> None:
    article = "an" if name[0] in "aeiou" else "a"
    file = Path(__file__).parent / f"test_add_{article}_{name.replace(' ', '_')}.py"
    module = ast.parse(file.read_text(encoding="utf-8"))
    assert str(ast.get_docstring(module)).startswith(f"CONTRIBUTING's recipe for {article} {name}")
    assert house.recipes()[name]


def test_the_architecture_says_how_many_files_a_recipe_takes() -> None:
    """Where it says "1 or 2", the test takes 2."""
    table = section("docs/architecture.md", "Registered once")
    rows = re.findall(r"^\| (.+?) \| .+ \| (?:\d or )?(\d) \|$", table, flags=re.MULTILINE)
    stated = {name: int(count) for names, count in rows for name in names.split(", ")}
    assert stated == {name: len(house.code_files(files)) for name, files in house.recipes().items()}
