"""The commands of the tutorial and of the answers run in their order, and print what stands below them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from breachflow.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"


def run_blocks(document: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Run the commands of a document; what each printed. Blocks of TOML are added to the case."""
    text = (DOCS / document).read_text(encoding="utf-8")
    printed: dict[str, str] = {}
    for language, block in re.findall(r"```(console|toml)\n(.*?)```", text, flags=re.DOTALL):
        if language == "toml":
            with Path("leak/case.toml").open("a", encoding="utf-8") as case:
                case.write(f"\n{block}")
            continue
        for part in block.removeprefix("$ ").split("\n$ "):
            command, *shown = part.strip("\n").split("\n")
            assert main(shlex.split(command)[1:]) == 0, command
            printed[command] = capsys.readouterr().out
            for line in shown:
                assert line.strip() in printed[command]
    return printed


@pytest.mark.slow
def test_the_tutorial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = run_blocks("tutorial.md", capsys)
    assert len(printed) == 13
    assert "6 converged" in next(text for command, text in printed.items() if command.endswith("=coarse"))
    assert Path("leak/result.report/report.html").is_file()
    assert Path("leak/case.sweep/table.report/report.html").is_file()


def test_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run_blocks("faq.md", capsys)
    thin, thick = (
        [float(rate) for rate in re.findall(r"([\d.]+)[ ±\d.]* kg/day", text)]
        for command, text in printed.items()
        if command.startswith("breachflow estimate --diameter")
    )
    # the digits of the diameters: 0.0005 of 0.273 mm are 0.4 % of the area
    assert thin[0] == pytest.approx(1.0, abs=0.01)
    assert thick[0] == pytest.approx(1.0, abs=0.01)
