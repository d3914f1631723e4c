"""CONTRIBUTING's recipe for a summary quantity: an entry, a value, and a row in the user guide."""

from __future__ import annotations

import csv
import json
from math import pi
from pathlib import Path

import pytest

from edited_package import EditedPackage

QUANTITIES = "solver/breachflow/results/quantities.py"
VALUES = "solver/breachflow/runs/summary/values.py"
GUIDE = "docs/user_guide.md"

ENTRY = """    SummaryQuantity(
        "mass_flux", "kg/(m2 s)", "mass flow over the area of the hole", _COMPUTED, label="mean mass flux",
        place=_FIRST, column=22,
    ),
    SummaryQuantity("lead", "1", "a number of the flow alone", _SAME, place=_LAST, column=66),
    SummaryQuantity(
        "thrust", "N","""

VALUE = """    "mass_flux": _of_hole(lambda found: found.ending.flow_rate.mass_flow / found.case.hole.area),
    "lead": lambda solved: float(solved.ending.iterations),
    "wall_time":"""

LINE = (
    "| `mass_flux`, `lead` | kg/(m² s), 1 | through the hole; of the flow alone |\n| `time`, `floored_cells`"
)

CASE = """
gas = "air"
flow = { model = "inviscid" }
orifice = { shape = "round", diameter = "2 mm" }
mesh = { resolution = { across = 8 } }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
[sweep]
"orifice.diameter" = ["2 mm", "5 mm"]
"""


@pytest.fixture(scope="module")
def with_quantities(edited_package: EditedPackage) -> EditedPackage:
    edited_package.replace(QUANTITIES, '    SummaryQuantity(\n        "thrust", "N",', ENTRY)
    edited_package.replace(VALUES, '    "wall_time":', VALUE)
    assert edited_package.edited == {QUANTITIES, VALUES}
    return edited_package


def cell(row: dict[str, str], name: str) -> str:
    """A column by its name; its heading has the unit too."""
    return next(text for heading, text in row.items() if heading.split(" ")[0] == name)


@pytest.mark.slow
def test_a_quantity_is_an_entry_and_a_value(with_quantities: EditedPackage, tmp_path: Path) -> None:
    """Found in the summary, printed in its place, in JSON, scaled, and in the table of a sweep."""
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
    out = tmp_path / "out"
    with_quantities.breachflow("sweep", tmp_path / "case.toml", "-o", out, "--workers", "1", "--quiet")
    with (out / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert [cell(row, "scaled_from") for row in rows] == ["-1", "0"]
    flows = [float(cell(row, "mass_flow")) for row in rows]
    areas = [0.25 * pi * float(cell(row, "diameter")) ** 2 for row in rows]
    fluxes = [flow / area for flow, area in zip(flows, areas, strict=True)]
    assert [float(cell(row, "mass_flux")) for row in rows] == pytest.approx(fluxes, rel=1e-9)
    assert cell(rows[0], "lead") == cell(rows[1], "lead") != ""
    names = [heading.split(" ")[0] for heading in rows[0]]
    assert names.index("mass_flux") == names.index("mass_flow_uncertainty") + 1

    result = next(out.glob("points/*.vtkhdf"))
    summary = json.loads(with_quantities.breachflow("show", result, "--json"))
    assert summary["mass_flux"] == pytest.approx(fluxes[0], rel=1e-9)
    lines = with_quantities.breachflow("show", result, "--all").splitlines()
    assert any(line.startswith("  mean mass flux") and line.endswith(" kg/(m2 s)") for line in lines)
    labels = [line[2:].split("  ")[0] for line in lines]
    assert labels.index("mean mass flux") == labels.index("regime") + 1  # behind the answer
    assert labels.index("lead") > labels.index("mean mass flux")


def test_the_tests_of_quantities_take_it_up(with_quantities: EditedPackage) -> None:
    with pytest.raises(AssertionError, match=r"test_the_guide_lists_a_quantity\[mass_flux\]"):
        with_quantities.tests("tests/unit/test_quantities.py", "-k", "guide and mass_flux")
    with_quantities.replace(GUIDE, "| `time`, `floored_cells`", LINE)
    with_quantities.tests("tests/unit/test_quantities.py")
    assert with_quantities.edited == {QUANTITIES, VALUES, GUIDE}
