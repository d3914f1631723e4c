"""A copy of the package with edits, run in a process of its own: the effect of a contributor's change.

Tests of the recipes in CONTRIBUTING.md make the edits that a recipe names and look for the new thing in the
command line, the schema, the guide's tests and the results. They assert which files are in `package.edited`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import breachflow
from breachflow.compiled import COMPILED_SOURCES

REPOSITORY = Path(__file__).parents[1]
PACKAGE = Path(breachflow.__file__).parent
SHARED = ("cases", "meshes", "tests", "tools")
"""Folders that the copy links to. Never write there: give commands an output folder."""
COPIED = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs")
PATIENCE = 300.0
"""Time limit of a command, a function or a run of tests, s."""


class EditedPackage:
    """A repository in a temporary folder whose `solver/breachflow` and documents may be edited.

    Its compiled kernels are those of the original as long as no source that reaches the compiler is edited.
    After such an edit, kernels run as plain Python: use tiny cases. `plain=False` compiles every kernel anew,
    which takes a minute of one core.

    One process serves all calls until the package is edited again; an edit of a document keeps it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.edited: set[str] = set()
        """Files that were edited or added, relative to the repository."""
        package = folder / "solver" / "breachflow"
        folder.mkdir(exist_ok=True)
        shutil.copytree(PACKAGE, package, ignore=_left_out)
        for name in SHARED:
            (folder / name).symlink_to(REPOSITORY / name)
        for name in COPIED:
            source = REPOSITORY / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, folder / name)
        self._processes: dict[bool, subprocess.Popen[str]] = {}

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace a text that occurs exactly once in a file, such as `solver/breachflow/constants.py`."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times {old!r}"
        self._write(file, text.replace(old, new))

    def insert_after(self, file: str, line: str, new: str) -> None:
        """Insert lines behind a line that occurs exactly once."""
        self.replace(file, f"{line}\n", f"{line}\n{new}\n")

    def append(self, file: str, text: str) -> None:
        """Add a text at the end of a file, or make the file."""
        path = self.folder / file
        self._write(file, (path.read_text(encoding="utf-8") if path.exists() else "") + text)

    def breachflow(self, *arguments: str | Path, status: int = 0, plain: bool | None = None) -> str:
        """Output of a command on both streams. Raises AssertionError if its exit code is not `status`."""
        return self._asked("command", *map(str, arguments), status=status, plain=plain)

    def call(self, function: Callable[..., Any], *arguments: Any, plain: bool | None = None) -> Any:
        """What a function of a test module returns in the edited package; arguments and answer fit in JSON.

        Raises AssertionError if the function raises an error.
        """
        file = Path(function.__code__.co_filename).relative_to(REPOSITORY).as_posix()
        return json.loads(self._asked("function", file, function.__name__, *arguments, plain=plain))

    def tests(self, *choice: str, plain: bool | None = None) -> str:
        """Run tests, e.g. `"tests/unit/test_enums.py", "-k", "flux"`. Raises AssertionError if one fails."""
        return self._asked("tests", *choice, plain=plain)

    def close(self) -> None:
        """Let the processes see the end of their input, and wait for them."""
        for process in self._processes.values():
            process.communicate()
        self._processes.clear()

    def _write(self, file: str, text: str) -> None:
        parts = Path(file).parts
        assert parts[0] not in SHARED, f"{file} belongs to the original"
        if parts[0] == "solver":
            self.close()
        self.edited.add(file)
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    @property
    def _compiles_anew(self) -> bool:
        """Whether a source that reaches the compiler was edited."""
        parts = [Path(file).parts for file in self.edited]
        return any(len(part) > 2 and part[2] in COMPILED_SOURCES for part in parts)

    def _asked(self, action: str, *arguments: Any, status: int = 0, plain: bool | None = None) -> str:
        """What an action of `edited_process.py` printed, in the process with plain or compiled kernels."""
        chosen = self._compiles_anew if plain is None else plain
        process = self._processes.get(chosen) or self._processes.setdefault(chosen, self._started(chosen))
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(PATIENCE, process.kill)
        timer.start()
        process.stdin.write(json.dumps([action, arguments]) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        timer.cancel()
        assert line, f"{action} {arguments} ended the process or took longer than {PATIENCE:g} s"
        found, printed = json.loads(line)
        assert found == status, printed
        return str(printed)

    def _started(self, plain: bool) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "solver"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if plain:
            environment["NUMBA_DISABLE_JIT"] = "1"
        if self._compiles_anew:
            environment["BREACHFLOW_CACHE_DIR"] = str(self.folder / "cache")
        return subprocess.Popen(
            [sys.executable, "tests/edited_process.py"],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def _left_out(folder: str, names: list[str]) -> list[str]:
    """Names that are not copied: in an installed package, its cases and meshes."""
    return [name for name in names if name in SHARED and Path(folder) == PACKAGE]
