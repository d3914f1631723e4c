"""Sweeps of holes in space: over the slant of a bore and over the length of a slit."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.case import Case, load_case, parse_case
from breachflow.case.similarity import groups_of
from breachflow.leak.fitted.law_file import leak_law
from breachflow.sweeps.driver import sweep
from breachflow.sweeps.flow.similarity import flow_digest, kind_of
from breachflow.sweeps.plan import make_plan

CASE = """
gas = "air"
[orifice]
shape = "{shape}"
{hole}
[mesh]
template = "spatial"
resolution = {{ across = 8 }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }}
space = {{ kind = "vacuum" }}
[flow]
model = "inviscid"
[run]
residual_drop = 1e-5
"""


def bore(angle: int, more: str = "") -> Case:
    hole = f'diameter = "2 mm"\nwall_thickness = "2 mm"\nangle = "{angle} deg"'
    return parse_case(CASE.format(shape="round", hole=hole) + more)


def slit(length: str, size: str = "0.2 mm") -> Case:
    return parse_case(CASE.format(shape="slit", hole=f'width = "{size}"\nlength = "{length}"'))


def test_slant_and_length_are_groups_of_one_kind() -> None:
    assert groups_of(bore(30)).slant == pytest.approx(30.0, rel=1e-11)
    assert groups_of(slit("1 mm")).width_ratio == pytest.approx(0.2, rel=1e-11)
    for one, other in ((bore(0), bore(30)), (slit("1 mm"), slit("2 mm"))):
        assert kind_of(one) == kind_of(other)
        assert flow_digest(one) != flow_digest(other)
    assert flow_digest(slit("1 mm")) == flow_digest(slit("5 mm", "1 mm"))


def test_no_flow_in_space_starts_from_another() -> None:
    """Their meshes have other numbers of cells in each part of the hole."""
    case = bore(0, '[sweep]\n"orifice.angle" = ["0 deg", "4 deg", "8 deg"]')
    assert [one.parents for one in make_plan(case).solutions.values()] == [()] * 3


@pytest.mark.slow
def test_a_law_over_the_slant(tmp_path: Path) -> None:
    """A slanted bore passes less. The law meets its points within their mesh uncertainty."""
    path = tmp_path / "bore.toml"
    text = CASE.format(shape="round", hole='diameter = "2 mm"\nwall_thickness = "2 mm"')
    path.write_text(f'{text}[sweep]\n"orifice.angle" = {{ from = "0 deg", to = "30 deg", points = 6 }}\n')
    found = sweep(load_case(path), workers=1)
    table = found.table
    coefficient = table.column("discharge_coefficient")
    assert table.column("converged").all()
    assert coefficient[0] > coefficient[-1]
    law = leak_law(found.path)
    assert "slant/degrees 0 to 30" in law.range
