"""CONTRIBUTING's recipe for a boundary: kind in `case/boundaries.py`, flux in `physics/boundary.py`."""

from __future__ import annotations

import json

import pytest

KINDS = "solver/breachflow/case/boundaries.py"
PHYSICS = "solver/breachflow/physics/boundary.py"

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

ENTRY = '    "screen": BoundaryBehavior(boundary_screen, True, False, False, False),\n    "riemann": '

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


@pytest.fixture
def with_screen(edited_package):
    edited_package.replace(KINDS, "class ExactState(BoundaryTable):\n", KIND)
    edited_package.replace(KINDS, " | ExactState,", " | Screen | ExactState,")
    edited_package.replace(PHYSICS, "class BoundaryBehavior(NamedTuple):\n", FLUX)
    edited_package.replace(PHYSICS, '    "riemann": ', ENTRY)
    assert edited_package.edited == {KINDS, PHYSICS}
    (edited_package.folder / "case.toml").write_text(STREAM, encoding="utf-8")
    return edited_package


def test_a_kind_of_boundary_is_offered(with_screen):
    schema = json.loads(with_screen.breachflow("schema"))
    assert schema["$defs"]["Screen"]["properties"]["kind"]["const"] == "screen"
    checked = json.loads(with_screen.breachflow("check", "case.toml", "--json"))
    assert 'right = { kind = "screen" }' in checked["case"]
    error = with_screen.breachflow("check", "case.toml", "--set=boundary.right.kind=screan", status=3)
    assert '"extrapolate", "screen", "exact"; did you mean "screen"?' in error


def test_a_kind_of_boundary_is_computed(with_screen):
    """With the flux of another kind it gives the numbers of that kind."""
    flows = []
    for kind in ("screen", "extrapolate"):
        options = (f"--set=boundary.right.kind={kind}", "-o", f"{kind}.h5", "--json")
        code = f"import breachflow; print(breachflow.read_result('{kind}.h5').mass_flow)"
        with_screen.breachflow("run", "case.toml", *options, plain=True)
        flows.append(float(with_screen.python(code)))
    assert flows[0] == flows[1] != 0.0


def test_the_kernels_know_every_kind_of_boundary(with_screen):
    with_screen.tests("tests/unit/test_enums.py", "-k", "behavior")
