"""Print the lowest version that `pyproject.toml` declares of each package, as constraints for pip.

`python tools/lowest_versions.py > lowest.txt && pip install -c lowest.txt '.[test]'`. What only builds the
documentation or checks the sources is left out: its newest version is used.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OPTIONAL = ("viz", "report", "cluster", "test")
"""The extras whose packages the program and its tests import."""
OF_THEIR_TIME = ("pyparsing<3.3",)
"""Constraints on packages of packages: matplotlib 3.8 calls names that newer ones warn of."""


def constraints(project: dict[str, Any]) -> list[str]:
    """The constraints of a table [project].

    >>> constraints({"dependencies": ["numpy>=1.26"], "optional-dependencies": {"test": ["pytest>=8.2"]}})
    ['numpy==1.26', 'pytest==8.2']
    """
    extras = project.get("optional-dependencies", {})
    required = [project["dependencies"], *(extras.get(name, []) for name in OPTIONAL)]
    found = (re.fullmatch(r"([\w-]+)>=([\w.]+)", entry) for entries in required for entry in entries)
    return sorted({f"{match[1]}=={match[2]}" for match in found if match})


if __name__ == "__main__":
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    print(*constraints(tomllib.loads(text)["project"]), *OF_THEIR_TIME, sep="\n")
