"""Blocks of Python in the user guide that need no earlier run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "user_guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)


def names_after(begin: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Names that a block defines, run in a folder; `begin` is the beginning of the block."""
    monkeypatch.chdir(folder)
    found: dict[str, Any] = {}
    (block,) = [block for block in BLOCKS if block.startswith(begin)]
    exec(f"import breachflow\n{block}", found)
    return found


def test_a_case_from_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = names_after("text = ", tmp_path, monkeypatch)
    assert names["case"].orifice.diameter == 0.002
    assert names["case"].outside_pressure == 20e3
    assert names["plan"].cells[-1] == 4 * names["plan"].cells[-2]
    assert (tmp_path / "breach.vtu").is_file()


def test_an_estimate_and_a_validation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = names_after("leak = ", tmp_path, monkeypatch)
    assert names["leak"].mass_flow == pytest.approx(
        6.24e-4, rel=0.01
    )  # 0.8305 x 7.514e-4, docs/round_hole.md
    assert [finding.label for finding in names["report"].findings] == [
        "discharge coefficient",
        "thrust coefficient",
        "mass flow",
    ]
