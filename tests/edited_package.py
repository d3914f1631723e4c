"""A copy of the package with edits, run in separate processes: the effect of a contributor's change.

Tests of the recipes in CONTRIBUTING.md make the edits that a recipe names and look for the new thing in the
command line, the schema, the guide's tests and the results. `len(package.edited)` is the number of files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import breachflow
from breachflow.compiled import COMPILED_SOURCES, cache_folder

REPOSITORY = Path(__file__).parents[1]
PACKAGE = Path(breachflow.__file__).parent
SHARED = ("cases", "meshes", "tests", "tools")
"""Folders that the copy links to. Never write there: give commands an output folder."""
COPIED = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs")
PATIENCE = 300.0
"""Time limit of a process, s."""


class EditedPackage:
    """A repository in a temporary folder whose `solver/breachflow` and documents may be edited.

    Its compiled kernels are those of the original as long as no source that reaches the compiler is edited.
    After such an edit every kernel is compiled anew, which takes a minute of one core: run tiny cases with
    `plain=True`, which runs the kernels as Python.
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
        self._links = [_share_kernels(source, package) for source in _kernel_folders()]

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

    def python(self, code: str, plain: bool = False) -> str:
        """Output of a program that imports the edited package. Raises AssertionError if it fails."""
        return self._run([sys.executable, "-W", "error", "-c", code], plain)

    def breachflow(self, *arguments: str | Path, plain: bool = False, status: int = 0) -> str:
        """Output of a command on both streams. Raises AssertionError if its exit code is not `status`."""
        command = [sys.executable, "-m", "breachflow", *(str(argument) for argument in arguments)]
        return self._run(command, plain, status)

    def tests(self, *choice: str, plain: bool = False) -> str:
        """Run tests, e.g. `"tests/unit/test_enums.py", "-k", "flux"`. Raises AssertionError if one fails."""
        options = ["-q", "-p", "no:cacheprovider", "-n0", "-o", "addopts=--strict-markers"]
        return self._run([sys.executable, "-m", "pytest", *options, *choice], plain)

    def close(self) -> None:
        """Remove the links to the kernels of the original."""
        for link in self._links:
            link.unlink(missing_ok=True)

    def _write(self, file: str, text: str) -> None:
        assert Path(file).parts[0] not in SHARED, f"{file} belongs to the original"
        self.edited.add(file)
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    @property
    def _compiles_anew(self) -> bool:
        """Note an edit; an edit of a compiled source removes the links to the compiled kernels."""
        parts = [Path(file).parts for file in self.edited]
        return any(len(part) > 2 and part[2] in COMPILED_SOURCES for part in parts)

    def _run(self, command: list[str], plain: bool = False, status: int = 0) -> str:
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "solver"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if plain:
            environment["NUMBA_DISABLE_JIT"] = "1"
        if self._compiles_anew:
            environment["BREACHFLOW_CACHE_DIR"] = str(self.folder / "cache")
        run = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert run.returncode == status, run.stdout
        return run.stdout


def _left_out(folder: str, names: list[str]) -> list[str]:
    """Names that are not copied: caches and, in an installed package, its cases and meshes."""
    top = SHARED if Path(folder) == PACKAGE else ()
    return [name for name in names if name in (*top, "__pycache__")]


def _kernel_folders() -> list[Path]:
    """Folders of the original that may hold compiled kernels."""
    roots = [PACKAGE / part for part in COMPILED_SOURCES]
    return sorted({path.parent for root in roots for path in root.rglob("*.py")})


def _share_kernels(source: Path, copy: Path) -> Path:
    """Link the machine code of a folder of the original to where numba looks for that of the copy."""
    from numba.core.caching import UserProvidedCacheLocator

    def place(folder: Path) -> Path:
        return Path(cache_folder()) / UserProvidedCacheLocator.get_suitable_cache_subpath(
            str(folder / "any.py")
        )

    link = place(copy / source.relative_to(PACKAGE))
    place(source).mkdir(exist_ok=True)
    link.symlink_to(place(source))
    return link
