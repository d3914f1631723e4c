"""The public surface: `dir(breachflow)`, `help(breachflow)`, signatures and docstrings."""

from __future__ import annotations

import doctest
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import breachflow
from breachflow import errors

FUNCTIONS = {
    "check", "detect", "estimate", "infer", "load_cabin", "load_case", "load_locate", "locate", "parse_case",
    "read_cabin", "read_law", "read_result", "read_table", "repair", "reserve", "run", "solve_cabin",
    "sweep", "validate", "write_mesh",
}  # fmt: skip
CLASSES = {
    "CabinResult",
    "CabinCase",
    "CabinSeries",
    "Case",
    "Detection",
    "Estimate",
    "Inference",
    "LeakLaw",
    "LeakLocation",
    "LocateCase",
    "Mesh",
    "Repair",
    "Reserve",
    "Result",
    "SweepResult",
    "SweepTable",
    "ValidationReport",
}
ERRORS = {
    name
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.BreachflowError)
}


def test_the_surface_is_what_dir_shows() -> None:
    assert set(dir(breachflow)) == FUNCTIONS | CLASSES | ERRORS | {"__version__"}
    assert dir(breachflow) == breachflow.__all__ == sorted(breachflow.__all__)


def test_help_shows_every_function_with_its_signature() -> None:
    text = pydoc.plain(pydoc.render_doc(breachflow))
    for name in FUNCTIONS:
        assert f"    {name}{inspect.signature(getattr(breachflow, name))}" in text
    for name in CLASSES | ERRORS:
        assert f"    class {name}" in text


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions_are_documented(name: str) -> None:
    """A docstring names the arguments, the result, the errors, and has an example."""
    function = getattr(breachflow, name)
    assert inspect.isfunction(function)
    assert (function.__module__, function.__name__) == ("breachflow", name)
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    for parameter in signature.parameters:
        assert f"\n    {parameter}: " in text
    assert ("\nReturns:\n" in text) == (signature.return_annotation != "None")
    assert "\nRaises " in text
    assert "\n>>> " in text


def test_examples() -> None:
    outcome = doctest.testmod(breachflow)
    assert outcome.attempted == 15
    assert outcome.failed == 0


def test_every_module_leaves_the_surface_as_it_is() -> None:
    """An imported module becomes an attribute of its package and must not hide a function or a class."""
    code = (
        "import inspect, pkgutil, importlib, breachflow\n"
        "names = [m.name for m in pkgutil.walk_packages(breachflow.__path__, 'breachflow.')]\n"
        "for name in names:\n"
        "    if not name.endswith('__main__'):\n"
        "        importlib.import_module(name)\n"
        "found = {name: getattr(breachflow, name) for name in dir(breachflow) if name != '__version__'}\n"
        "wrong = [n for n, v in found.items() if not (inspect.isfunction(v) or inspect.isclass(v))]\n"
        "print(len(names) > 150, wrong)\n"
    )
    assert output_of(code) == "True []"


def test_the_first_import_loads_only_the_errors() -> None:
    code = (
        "import sys, breachflow\n"
        "print(*sorted(name for name in sys.modules if name.startswith('breachflow')))\n"
        "print({'numpy', 'pydantic', 'dataclasses', 'numba', 'h5py'} & set(sys.modules))\n"
    )
    assert output_of(code).splitlines() == ["breachflow breachflow.errors breachflow.version", "set()"]


def output_of(code: str) -> str:
    folder = Path(breachflow.__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'breachflow' has no attribute 'solve'"):
        _ = breachflow.solve


@pytest.mark.parametrize("name", ["check", "run", "sweep"])
def test_a_path_is_no_case(name: str) -> None:
    message = rf"{name}\(\) takes a case, not 'case.toml': read it with breachflow.load_case\(path\)"
    with pytest.raises(breachflow.UsageError, match=message):
        getattr(breachflow, name)("case.toml")


def test_a_mode_that_is_not_known() -> None:
    message = "mode = 'quick': allowed: 'fast', 'as written', 'full'"
    with pytest.raises(breachflow.UsageError, match=message):
        breachflow.validate((), "quick")
    with pytest.raises(breachflow.UsageError, match='no shipped case "orifice/slot"; did you mean'):
        breachflow.validate("orifice/slot", "fast")


CASE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
mesh = { resolution = "coarse" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "20 degC" }
space = { kind = "vacuum" }
"""


def test_the_mesh_of_a_case_and_a_mesh_are_written(tmp_path: Path) -> None:
    from breachflow.mesh.files.read import read_mesh

    case = breachflow.parse_case(CASE)
    breachflow.write_mesh(case, tmp_path / "case.vtu")
    mesh = read_mesh(tmp_path / "case.vtu")
    assert mesh.n_cells == breachflow.check(case).cells[-1]
    breachflow.write_mesh(mesh, tmp_path / "again.msh")
    assert read_mesh(tmp_path / "again.msh").n_cells == mesh.n_cells
    with pytest.raises(breachflow.UsageError, match=r"case\.stl: a mesh is written as \.msh \(Gmsh\) or"):
        breachflow.write_mesh(case, tmp_path / "case.stl")
    with pytest.raises(breachflow.UsageError, match=r"write_mesh\(\) takes a case, not 'case\.toml'"):
        breachflow.write_mesh("case.toml", tmp_path / "case.vtu")
