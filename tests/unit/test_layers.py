"""The layers of the program are a contract on imports (pyproject.toml, tool.importlinter)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from breachflow.compiled import COMPILED_SOURCES

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_contract_is_kept(monkeypatch, capfd):
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT / "solver")
    status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    report = capfd.readouterr().out
    assert status == EXIT_STATUS_SUCCESS, report
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in report


def test_packages_of_others_are_kept_out_of_the_whole_package():
    """A contract names the modules that may import a package; all others, new ones too, must not."""
    for contract in CONTRACTS:
        if contract["name"].startswith("Only "):
            assert contract["source_modules"] == ["breachflow"]
            importers = {line.split(" -> ")[0] for line in contract["ignore_imports"]}
            allowed = contract["name"].removeprefix("Only ").split(" import")[0].replace(".py", "")
            assert {name.removeprefix("breachflow.").removesuffix(".**") for name in importers} == set(
                allowed.split(" and ")
            )


def test_every_package_has_its_layer():
    layers = CONTRACTS[0]["layers"]
    named = {name.strip() for layer in layers for name in layer.replace(",", "|").split("|")}
    package = ROOT / "solver" / "breachflow"
    found = {
        path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - {"__init__", "__main__"} == named


def test_the_picture_of_the_layers_is_the_contract():
    """docs/architecture.md draws the layers; each line is one of them, from the top down."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = text.split("## The layers", 1)[1].split("```")[1].strip("\n").splitlines()
    drawn = [re.split(r" {2,}", line.strip())[0] for line in picture]
    assert drawn == CONTRACTS[0]["layers"]


def test_every_inlined_function_names_the_cache():
    """numba notices edits of a kernel's own file alone, not of the files that the kernel uses."""
    package = ROOT / "solver" / "breachflow"
    sources = {path.relative_to(package) for path in package.rglob("*.py")}
    inlined = {
        source
        for source in sources
        if re.search(r"^@(pointwise|intrinsic)$", (package / source).read_text(), re.MULTILINE)
    }
    assert len(inlined) > 5
    assert {str(source) for source in inlined if source.parts[0] not in COMPILED_SOURCES} == set()


def test_heavy_packages_stay_out_of_the_first_import():
    code = "import breachflow, sys; print(sorted({'numba', 'h5py', 'meshio', 'scipy'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "solver", capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
