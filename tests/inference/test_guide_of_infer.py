"""The user guide on `infer`: its example prints what is shown, and every name of the JSON is listed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from test_worked_record import crack_record

from breachflow.cli.main import main

GUIDE = (Path(__file__).parents[2] / "docs" / "user_guide.md").read_text(encoding="utf-8")
CHAPTER = GUIDE.split("## From a record to the leak\n")[1].split("\n## ")[0]
OPTIONS = ("--volume-uncertainty", "0.15", "--until", "490 mmHg", "--length", "30 mm", "--depth", "2 mm")


def printed(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    """What the command prints of the worked record."""
    hours, pressures = crack_record()
    rows = [f"{round(60 * hour)},{value:.1f}" for hour, value in zip(hours, pressures, strict=True)]
    (folder / "tunnel.csv").write_text("\n".join(["time [min],pressure [mmHg]", *rows]))
    assert main(["infer", str(folder / "tunnel.csv"), "--volume", "7 m3", *OPTIONS, *words]) == 0
    return capsys.readouterr().out


def test_the_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"```\n{printed(capsys, tmp_path)}```" in CHAPTER


def names_of(found: Any) -> set[str]:
    """All names of a JSON object."""
    if isinstance(found, list):
        return set().union(*map(names_of, found))
    return set() if not isinstance(found, dict) else set(found).union(*map(names_of, found.values()))


def test_the_guide_lists_every_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = names_of(json.loads(printed(capsys, tmp_path, "--json")))
    assert names - set(re.findall(r"\w+", CHAPTER.split("The JSON keys are")[1])) == set()
    assert len(names) > 40
