"""CONTRIBUTING's recipe for a picture: one file in `report/sweep/pictures`, and a row in the user guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.results.files.tables import write_table
from edited_package import EditedPackage
from report_tables import sweep_table

FILE = "solver/breachflow/report/sweep/pictures/dots.py"
GUIDE = "docs/user_guide.md"
FIRST = "| `flow` | table |"

CODE = '''"""Computed points as dots."""

from breachflow.report.picture import Drawing
from breachflow.report.style import new_figure

PLACE = 0


def draw(points):
    figure = new_figure(3.0, 2.0, points.title)
    figure.subplots().plot(points.numbers("point"), "o")
    return Drawing("Dots", "Every point.", figure)
'''


@pytest.fixture(scope="module")
def with_dots(edited_package: EditedPackage) -> EditedPackage:
    pytest.importorskip("matplotlib")
    edited_package.append(FILE, CODE)
    assert edited_package.edited == {FILE}
    return edited_package


def test_a_picture_is_one_file(with_dots: EditedPackage, tmp_path: Path) -> None:
    """It is written and on the page."""
    write_table(tmp_path / "table.h5", sweep_table({"mesh_resolution": ("coarse", "fine")}))
    told = with_dots.breachflow("report", tmp_path / "table.h5")
    names = [line.rpartition("/")[2] for line in told.splitlines()]
    assert names == ["report.html", "dots.png", "dots.svg", "ratios.png", "ratios.svg"]
    assert 'alt="Dots. Every point."' in (tmp_path / "table.report" / "report.html").read_text()


@pytest.mark.slow
def test_a_picture_must_be_in_the_guide(with_dots: EditedPackage) -> None:
    choice = ("tests/unit/test_report.py", "-k", "guide_lists_the_pictures")
    with pytest.raises(AssertionError, match="1 failed"):
        with_dots.tests(*choice)
    # PLACE is 0: the first picture of a table.
    with_dots.replace(GUIDE, FIRST, f"| `dots` | table | Computed points as dots |\n{FIRST}")
    with_dots.tests(*choice)
    assert with_dots.edited == {FILE, GUIDE}
