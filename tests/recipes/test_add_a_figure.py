"""CONTRIBUTING's recipe for a figure of the validation page: one file in `report/validation/figures`."""

from __future__ import annotations

from pathlib import Path

import pytest

from edited_package import EditedPackage

DOTS = "solver/breachflow/report/validation/figures/dots.py"
BARS = "solver/breachflow/report/validation/figures/bars.py"
CODE = '''"""An empty figure."""

from matplotlib.figure import Figure

PER_GROUP = {per_group}
PLACE = 9
SUFFIX = "-{name}"


def draw(report, findings):
    """An empty figure."""
    return Figure()
'''


@pytest.fixture(scope="module")
def with_figure(edited_package: EditedPackage) -> EditedPackage:
    """A figure of each group of cases, and another of each case."""
    pytest.importorskip("matplotlib")
    edited_package.append(DOTS, CODE.format(per_group=True, name="dots"))
    assert edited_package.edited == {DOTS}
    edited_package.append(BARS, CODE.format(per_group=False, name="bars"))
    return edited_package


def replace_solver(folder: str) -> None:
    """Write a case, and let runs of this process write its result without the solver."""
    import sys

    sys.path.insert(0, "tests/cli")
    from solved_hole import CASE, RIGHT, runs_without_solver

    Path(folder).mkdir()
    Path(folder, "case.toml").write_text(CASE, encoding="utf-8")
    Path(folder, "expected.toml").write_text(RIGHT, encoding="utf-8")
    sys.modules["breachflow.runs.run"] = runs_without_solver([])


def test_a_figure_is_one_file(with_figure: EditedPackage) -> None:
    with_figure.call(replace_solver, "right")
    with_figure.breachflow("validate", "right", "--page", "page.md")
    page = (with_figure.folder / "page.md").read_text(encoding="utf-8")
    for name in ("other-cases-dots", "right-bars"):
        assert f"![{name.replace('-', ' ')}](page/{name}.png)" in page
        assert (with_figure.folder / "page" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
