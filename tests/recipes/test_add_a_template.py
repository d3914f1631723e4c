"""CONTRIBUTING's recipe for a template: one file in `templates/library`, and its keys in the user guide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edited_package import EditedPackage

FILE = "solver/breachflow/templates/library/sector.py"
GUIDE = "docs/user_guide.md"

SECTOR = '''"""The template "sector": a sector of a ring, to test the recipe of CONTRIBUTING with."""

from __future__ import annotations

from math import pi
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from breachflow.document.fields import ANGLE, POSITION, QuantityArray
from breachflow.mesh.family import MeshFamily
from breachflow.templates.keys import CellCounts
from breachflow.templates.sheet import point_numbers, sheet_mesh
from breachflow.templates.source import MeshSetting, MeshSource, PatchRule


class SectorMesh(MeshSource):
    """A sector of a ring."""

    template: Literal["sector"] = Field(description="Built-in mesh.")
    radii: Annotated[tuple[float, float], QuantityArray(POSITION)] = Field(
        description="Inner and outer radius."
    )
    sector_angle: Annotated[float, ANGLE] = Field(
        default=0.5 * pi, description="Angle between start and end.", json_schema_extra={"default": "90 deg"}
    )
    cells: CellCounts = Field(description="Cells along the radius and around.")

    rank: ClassVar = 5
    suits_exact: ClassVar = True
    patches: ClassVar = {
        "inner": PatchRule("the arc of smallest radius"),
        "outer": PatchRule("the arc of largest radius"),
        "start": PatchRule("the radius along x", kinds=("symmetry", "exact")),
        "end": PatchRule("the other radius"),
    }

    @property
    def plane(self) -> Literal["planar"]:
        """A sector is planar."""
        return "planar"

    @property
    def height(self) -> float:
        """The distance between the arcs, m."""
        return self.radii[1] - self.radii[0]

    def family(self, _setting: MeshSetting) -> MeshFamily:
        """Build the only mesh."""
        radius = np.linspace(*self.radii, self.cells[0] + 1)[:, None]
        angle = np.linspace(0.0, self.sector_angle, self.cells[1] + 1)
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        node = point_numbers(points)
        edges = {"inner": node[0], "outer": node[-1], "start": node[:, 0], "end": node[:, -1]}
        return MeshFamily((sheet_mesh(points, edges),))


SOURCE = SectorMesh
'''

CASE = """\
gas = "air"
[mesh]
template = "sector"
radii = ["1 m", "2 m"]
cells = [8, 12]
[exact]
solution = "uniform"
pressure = "1 bar"
temperature = "300 K"
velocity = ["100 m/s", "50 m/s"]
[boundary]
inner = { kind = "exact" }
outer = { kind = "exact" }
start = { kind = "exact" }
end = { kind = "exact" }
"""

WRONG = [
    ("cells = [8, 12]", "cells = [8, 12]\nopning = 1", 'unknown key "opning"; allowed: template, radii'),
    ('radii = ["1 m", "2 m"]\n', "", 'mesh.radii: is missing: inner and outer radius; write ["1 mm"'),
    ('"sector"', '"secter"', '"spatial", "block", "ramp", "sector"; did you mean "sector"?'),
    ("cells = [8, 12]", "cells = [8, 12]\nturn = 1", 'mesh.turn = 1: belongs to the template "block"'),
    ('"sector"', '"orifice"', 'mesh.radii = ["1 m", "2 m"]: belongs to the template "sector"; remove it'),
    ("end =", "edn =", 'unknown boundary; the template has inner, outer, start and end; did you mean "end"?'),
    ('start = { kind = "exact" }', "", 'boundary "start" is missing: the radius along x'),
    ('start = { kind = "exact"', 'start = { kind = "wall"', 'start must be "symmetry" or "exact"'),
    ("[exact]", '[orifice]\nshape = "slit"\nwidth = "1 mm"\n[exact]', 'template "sector" has no hole'),
]  # fmt: skip


@pytest.fixture(scope="module")
def package(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(FILE, SECTOR)
    assert edited_package.edited == {FILE}
    (edited_package.folder / "case.toml").write_text(CASE, encoding="utf-8")
    return edited_package


def test_a_template_is_offered_checked_and_meshed(package: EditedPackage, tmp_path: Path) -> None:
    schema = json.loads(package.breachflow("schema"))
    assert schema["$defs"]["SectorMesh"]["properties"]["sector_angle"]["default"] == "90 deg"
    assert schema["$defs"]["SectorMesh"]["required"] == ["template", "radii", "cells"]
    plan = json.loads(package.breachflow("check", "case.toml", "--json"))
    assert plan["cells"] == [96]
    assert plan["patches"] == {"inner": 12, "outer": 12, "start": 8, "end": 8}
    assert '[mesh]\ntemplate = "sector"\nradii = ["1 m", "2 m"]\nsector_angle = "' in plan["case"]
    printed = package.breachflow("mesh", "case.toml", "-o", tmp_path / "sector.vtu")
    assert "96 cells, 117 points, 212 faces" in printed


def answers_to_mistakes() -> list[str]:
    """The messages about the cases of `WRONG`; "none" where a case is accepted."""
    from breachflow.case import parse_case
    from breachflow.errors import CaseError

    messages = []
    for old, new, _ in WRONG:
        try:
            parse_case(CASE.replace(old, new, 1))
            messages.append("none")
        except CaseError as error:
            messages.append(str(error))
    return messages


def test_a_template_is_named_in_messages(package: EditedPackage) -> None:
    for message, (_, _, expected) in zip(package.call(answers_to_mistakes), WRONG, strict=True):
        assert expected in message


def test_a_template_is_run_against_an_exact_solution(package: EditedPackage, tmp_path: Path) -> None:
    package.breachflow("run", "case.toml", "-o", tmp_path / "r.vtkhdf")
    found = json.loads(package.breachflow("show", tmp_path / "r.vtkhdf", "--json"))
    assert found["converged"] is True
    assert found["density_error"] < 1e-12


def digests() -> list[str]:
    """Digests of the flow with two angles, and with the first again as it is by default."""
    from breachflow.case import parse_case
    from breachflow.sweeps.flow.similarity import flow_digest

    lines = ['sector_angle = "90 deg"', 'sector_angle = "80 deg"', ""]
    return [flow_digest(parse_case(CASE.replace("cells", f"{line}\ncells"))) for line in lines]


def test_a_key_of_a_template_keeps_flows_apart(package: EditedPackage) -> None:
    given, other, default = package.call(digests)
    assert given == default != other


@pytest.mark.slow
def test_a_template_must_be_in_the_guide(package: EditedPackage) -> None:
    choice = (
        "tests/cases/test_documents.py",
        "-k",
        "every_key and (radii or sector_angle) or every_choice and sector",
    )
    with pytest.raises(AssertionError, match="3 failed"):
        package.tests(*choice)
    package.append(GUIDE, "`sector`: `radii`, `sector_angle`\n")
    package.tests(*choice)
    assert package.edited == {FILE, GUIDE}
