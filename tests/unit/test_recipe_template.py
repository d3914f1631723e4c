"""The recipe "A template" of CONTRIBUTING.md: one file, and the template is offered everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edited_package import EditedPackage

FILE = "solver/breachflow/templates/library/sector.py"

SECTOR = '''"""The template "sector": a sector of a ring, to test the recipe of CONTRIBUTING with."""

from __future__ import annotations

from math import pi
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from breachflow.document.fields import ANGLE, POSITION, QuantityPair
from breachflow.mesh.family import MeshFamily
from breachflow.templates.keys import CellCounts
from breachflow.templates.sheet import point_numbers, sheet_mesh
from breachflow.templates.source import MeshSetting, MeshSource, PatchRule


class SectorMesh(MeshSource):
    """A sector of a ring."""

    template: Literal["sector"] = Field(description="Built-in mesh.")
    radii: Annotated[tuple[float, float], QuantityPair(POSITION)] = Field(
        description="Inner and outer radius."
    )
    opening: Annotated[float, ANGLE] = Field(
        default=0.5 * pi, description="Angle between start and end.", json_schema_extra={"default": "90 deg"}
    )
    cells: CellCounts = Field(description="Cells along the radius and around.")

    rank: ClassVar = 4
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
        angle = np.linspace(0.0, self.opening, self.cells[1] + 1)
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
    ('"sector"', '"secter"', 'allowed: "orifice", "jet", "block", "ramp", "sector"; did you mean "sector"?'),
    ("cells = [8, 12]", "cells = [8, 12]\nturn = 1", 'mesh.turn = 1: belongs to the template "block"'),
    ('"sector"', '"orifice"', 'mesh.radii = ["1 m", "2 m"]: belongs to the template "sector"; remove it'),
    ("end =", "edn =", 'unknown boundary; the template has inner, outer, start and end; did you mean "end"?'),
    ('start = { kind = "exact" }', "", 'boundary "start" is missing: the radius along x'),
    ('start = { kind = "exact"', 'start = { kind = "wall"', 'start must be "symmetry" or "exact"'),
    ("[exact]", '[orifice]\nshape = "slit"\nwidth = "1 mm"\n[exact]', 'template "sector" has no hole'),
]  # fmt: skip


@pytest.fixture
def package(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(FILE, SECTOR)
    edited_package.append("case.toml", CASE)
    assert edited_package.edited == {FILE, "case.toml"}
    return edited_package


def test_a_template_is_offered_checked_and_meshed(package: EditedPackage, tmp_path: Path) -> None:
    schema = json.loads(package.breachflow("schema"))
    assert schema["$defs"]["SectorMesh"]["properties"]["opening"]["default"] == "90 deg"
    assert schema["$defs"]["SectorMesh"]["required"] == ["template", "radii", "cells"]
    plan = json.loads(package.breachflow("check", "case.toml", "--json"))
    assert plan["cells"] == [96]
    assert plan["patches"] == {"inner": 12, "outer": 12, "start": 8, "end": 8}
    assert '[mesh]\ntemplate = "sector"\nradii = ["1 m", "2 m"]\nopening = "' in plan["case"]
    printed = package.breachflow("mesh", "case.toml", "-o", tmp_path / "sector.vtu")
    assert "96 cells, 117 points, 212 faces" in printed


def test_a_template_is_named_in_messages(package: EditedPackage) -> None:
    code = (
        "import breachflow\n"
        f"text = {CASE!r}\n"
        f"for old, new, expected in {WRONG!r}:\n"
        "    try:\n"
        "        breachflow.parse_case(text.replace(old, new, 1))\n"
        "    except breachflow.CaseError as error:\n"
        "        assert expected in str(error), (expected, str(error))\n"
        "    else:\n"
        "        raise AssertionError(expected)\n"
        "print(breachflow.parse_case(text).mesh.height)\n"
    )
    assert package.python(code) == "1.0\n"


def test_a_template_is_run_against_an_exact_solution(package: EditedPackage, tmp_path: Path) -> None:
    code = (
        "import breachflow\n"
        f"result = breachflow.run(breachflow.parse_case({CASE!r}), output={str(tmp_path / 'r.vtkhdf')!r})\n"
        "print(result.summary['converged'].value, result.summary['density_error'].value < 1e-12)\n"
    )
    assert package.python(code, plain=True) == "True True\n"


def test_the_keys_of_a_template_must_be_in_the_guide(package: EditedPackage) -> None:
    choice = ("tests/cases/test_documents.py", "-k", "radii or opening")
    with pytest.raises(AssertionError, match="2 failed"):
        package.tests(*choice)
    package.append("docs/user_guide.md", "`radii`, `opening`\n")
    package.tests(*choice)
