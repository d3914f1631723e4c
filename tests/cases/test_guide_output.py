"""Output of commands in the user guide and the README, which is what they print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from breachflow.cli.main import main
from breachflow.inference.locate.grammar.read import EXAMPLE as LEAK
from breachflow.risk.read import EXAMPLE

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "user_guide.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = [
    shown
    for text in (README, GUIDE)
    for shown in re.findall(r"```\n\$ (breachflow [^\n]*)\n(.*?)```", text, flags=re.DOTALL)
]


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


def test_the_documents_show_these_commands() -> None:
    assert [shlex.split(command)[1] for command, _ in SHOWN] == [
        "reserve",
        "reserve",
        "detect",
        "repair",
        "liquid",
    ]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=lambda text: text.split()[1])
def test_a_command_prints_what_is_shown(
    command: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, *shlex.split(command)[1:]) == output


def test_the_example_of_a_leak_to_be_located(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"```toml\n{LEAK}```" in GUIDE
    (tmp_path / "leak.toml").write_text(LEAK)
    assert f"```\n{printed(capsys, 'locate', str(tmp_path / 'leak.toml'))}```" in GUIDE


def test_the_example_of_a_risk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"```toml\n{EXAMPLE}```" in GUIDE
    (tmp_path / "risk.toml").write_text(EXAMPLE)
    assert f"```\n{printed(capsys, 'risk', str(tmp_path / 'risk.toml'))}```" in GUIDE
