"""Pipes, devices, folders and loops of links in place of files: each is refused at once, by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from breachflow.cli.main import main
from breachflow.shipped import root

LAW = root() / "cases" / "sweep" / "crack" / "law.h5"
CRACK = (
    "--width",
    "20 um",
    "--length",
    "1 cm",
    "--depth",
    "1 mm",
    "--pressure",
    "1 bar",
    "--temperature",
    "300 K",
)

MAKERS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "loop": lambda path: path.symlink_to(path),
    "folder": Path.mkdir,
}

COMMANDS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "check": lambda path: ("check", path),
    "cabin": lambda path: ("cabin", path),
    "run": lambda path: ("run", path),
    "risk": lambda path: ("risk", path),
    "locate": lambda path: ("locate", path),
    "sweep": lambda path: ("sweep", path),
    "infer": lambda path: ("infer", path),
    "repair": lambda path: ("repair", path, "--at", "1 h"),
    "detect": lambda path: ("detect", "--noise-from", path),
    "estimate": lambda path: ("estimate", "--law", path, *CRACK),
    "show": lambda path: ("show", path),
    "compare": lambda path: ("compare", path, str(LAW)),
    "export": lambda path: ("export", path, "--history"),
    "report": lambda path: ("report", path),
    "data of a report": lambda path: ("report", str(LAW), "--data", path, "-o", f"{path}.report"),
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("command", COMMANDS)
def test_in_place_of_a_file(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe without a writer was waited for without end."""
    path = tmp_path / "given"
    MAKERS[name](path)
    assert main(COMMANDS[command](str(path))) in (2, 3, 8)
    assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, tmp_path: Path) -> None:
    """The exit code is that of the command; what it writes does not take the place of a stream."""
    (tmp_path / "case.toml").write_text('gas = "air"\n', encoding="utf-8")
    command = f'"{sys.executable}" -m breachflow check case.toml {closed}'
    assert subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path).returncode == 3
