"""CONTRIBUTING's recipe for a boundary: its kind, the flux of its behavior, and a row in the user guide."""

from __future__ import annotations

import json

import pytest

from edited_package import EditedPackage

KINDS = "solver/breachflow/case/boundaries.py"
PHYSICS = "solver/breachflow/physics/boundary.py"
GUIDE = "docs/user_guide.md"

KIND = '''class Screen(BoundaryTable):
    """A screen that lets a fraction of the stream through."""

    behavior = "screen"
    passes = True
    drains = True

    kind: Literal["screen"]


class ExactState(BoundaryTable):
'''

FLUX = '''@pointwise
def boundary_screen(
    inside: Primitive, _outside: Primitive, normal: Vector, _scheme: int, gas: Gas
) -> Conserved:
    """Flux of the state inside."""
    return flux_euler(inside, normal, gas)


class BoundaryBehavior(NamedTuple):
'''

ENTRY = '    "screen": BoundaryBehavior(boundary_screen),\n    "riemann": '

STREAM = """\
gas = "air"
numerics.order = 1
[mesh]
template = "block"
geometry = "planar"
x = ["0 m", "1 m"]
y = ["0 m", "1 m"]
cells = [4, 4]
levels = 1
[boundary]
left = { kind = "inflow", pressure = "1 bar", temperature = "300 K", velocity = ["600 m/s", "40 m/s"] }
right = { kind = "screen" }
bottom = { kind = "wall" }
top = { kind = "wall" }
"""


@pytest.fixture(scope="module")
def with_screen(edited_package: EditedPackage) -> EditedPackage:
    edited_package.replace(KINDS, "class ExactState(BoundaryTable):\n", KIND)
    edited_package.replace(KINDS, "    | ExactState,", "    | Screen\n    | ExactState,")
    edited_package.replace(PHYSICS, "class BoundaryBehavior(NamedTuple):\n", FLUX)
    edited_package.replace(PHYSICS, '    "riemann": ', ENTRY)
    assert edited_package.edited == {KINDS, PHYSICS}
    (edited_package.folder / "case.toml").write_text(STREAM, encoding="utf-8")
    return edited_package


def test_a_kind_of_boundary_is_offered(with_screen: EditedPackage) -> None:
    schema = json.loads(with_screen.breachflow("schema"))
    assert schema["$defs"]["Screen"]["properties"]["kind"]["const"] == "screen"
    checked = json.loads(with_screen.breachflow("check", "case.toml", "--json"))
    assert 'right = { kind = "screen" }' in checked["case"]
    error = with_screen.breachflow("check", "case.toml", "--set=boundary.right.kind=screan", status=3)
    assert '"extrapolate", "screen", "exact"; did you mean "screen"?' in error


def test_a_kind_of_boundary_is_computed(with_screen: EditedPackage) -> None:
    """With the flux of another kind it gives the numbers of that kind."""
    flows = []
    for kind in ("screen", "extrapolate"):
        with_screen.breachflow(
            "run", "case.toml", f"--set=boundary.right.kind={kind}", "-o", f"{kind}.h5", "--json"
        )
        flows.append(json.loads(with_screen.breachflow("show", f"{kind}.h5", "--json"))["mass_flow"])
    assert flows[0] == flows[1] != 0.0


def digests(kinds: list[str]) -> list[str]:
    """Digests of the flow of the case with each kind of boundary on the right."""
    from breachflow.case import parse_case
    from breachflow.sweeps.flow.similarity import flow_digest

    return [flow_digest(parse_case(STREAM.replace("screen", kind))) for kind in kinds]


def test_a_kind_of_boundary_keeps_flows_apart(with_screen: EditedPackage) -> None:
    """Though its flux is that of another kind."""
    screen, extrapolate, again = with_screen.call(digests, ["screen", "extrapolate", "screen"])
    assert screen == again != extrapolate


@pytest.mark.slow
def test_a_kind_of_boundary_is_tested_and_documented(with_screen: EditedPackage) -> None:
    """A test asks for the row in the guide; the properties of boundaries are tested for the new one."""
    choice = ("tests/cases/test_documents.py", "-k", "choice and screen")
    with pytest.raises(AssertionError, match=r"test_guide_describes_every_choice\[screen\]"):
        with_screen.tests(*choice)
    row = "| `extrapolate` | |"
    with_screen.replace(GUIDE, row, f"| `screen` | | lets a fraction of the stream through |\n{row}")
    with_screen.tests(*choice)
    properties = ("tests/properties/test_every_boundary.py", "-k", "screen and (rotation or units)")
    assert "2 passed" in with_screen.tests(*properties)
    with_screen.tests("tests/unit/test_enums.py", "-k", "behavior")
    assert with_screen.edited == {KINDS, PHYSICS, GUIDE}
