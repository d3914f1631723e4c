"""CONTRIBUTING's recipe for a column of a sweep's table: one entry in `sweeps/flow/columns.py`."""

from __future__ import annotations

from math import pi

import pytest

from edited_package import EditedPackage

COLUMNS = "solver/breachflow/sweeps/flow/columns.py"
GAS = '    yield TableColumn("gas", "", "gas", lambda row: row.case.species.name, "")'
AREA = '    yield TableColumn("hole_area", "m2", "area of the hole", lambda row: row.case.hole.area)'


@pytest.fixture(scope="module")
def with_area(edited_package: EditedPackage) -> EditedPackage:
    edited_package.insert_after(COLUMNS, GAS, AREA)
    assert edited_package.edited == {COLUMNS}
    return edited_package


def areas() -> tuple[list[float], str, str]:
    """The column of a table of two points that were not computed, its unit and its description."""
    from breachflow.case import parse_case
    from breachflow.sweeps.columns import SOLVED, PointRow, make_table
    from breachflow.sweeps.plan import make_plan

    plan = make_plan(parse_case(CASE))
    rows = [PointRow(point, {}, "", "", SOLVED, SOLVED) for point in plan.points]
    found = make_table(plan, rows, None).variables["hole_area"]
    return found.values.tolist(), found.unit, found.description


CASE = """
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
[sweep]
"orifice.diameter" = ["2 mm", "4 mm"]
"""


def test_a_column_is_in_the_table(with_area: EditedPackage) -> None:
    values, unit, description = with_area.call(areas)
    assert values == pytest.approx([pi * 1e-6, 4.0 * pi * 1e-6], rel=1e-12)
    assert (unit, description) == ("m2", "area of the hole")
