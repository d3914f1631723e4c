"""The gas at the start: the parts of cells in regions, against areas and volumes known exactly."""

# ruff: noqa: E501  (one bad start a line)

from __future__ import annotations

import doctest
from math import pi
from pathlib import Path

import numpy as np
import pytest

from breachflow.case import Case, load_case, parse_case
from breachflow.errors import CaseError
from breachflow.mesh.metric import compute_metric
from breachflow.runs.setup.initial import cut_triangles
from breachflow.runs.setup.initial.regions import region_parts, region_shares
from breachflow.runs.setup.initial.states import initial_start, start_states
from breachflow.runs.setup.meshes import case_mesh
from breachflow.runs.setup.problem import make_problem

CASES = Path(__file__).parents[2] / "cases"

BLOCK = """\
gas = "air"
[mesh]
template = "block"
geometry = "planar"
x = ["0 m", "1 m"]
y = ["0 m", "1 m"]
cells = [16, 16]
elements = "triangles"
distortion = 0.5
levels = 1
[boundary]
left = { kind = "wall" }
right = { kind = "wall" }
bottom = { kind = "symmetry" }
top = { kind = "wall" }
[initial]
pressure = "10 kPa"
temperature = "300 K"
[initial.regions]
REGIONS
[run]
mode = "transient"
end_time = "1 ms"
"""

PRESSED = ', pressure = "1 bar" }'
TILTED = '{ shape = "half_space", point = ["0.37 m", "0 m"], normal = [-2, 0.6]' + PRESSED
BOX = '{ shape = "box", x = ["0.2 m", "0.61 m"], y = ["0.113 m", "0.777 m"]' + PRESSED
BALL = '{ shape = "ball", center = ["0.5 m", "0 m"], radius = "0.31 m"' + PRESSED
RING = '{ shape = "ball", center = ["0.5 m", "0.5 m"], radius = "0.31 m"' + PRESSED


def block(regions: str, *overrides: str) -> Case:
    return parse_case(BLOCK.replace("REGIONS", regions), overrides=overrides)


def shares(case: Case) -> list[float]:
    return [share.volume for share in region_shares(case, case_mesh(case))]


def test_worked_examples() -> None:
    found = doctest.testmod(cut_triangles)
    assert (found.attempted, found.failed) == (2, 0)


@pytest.mark.parametrize(
    ("region", "planar", "axisymmetric", "tolerance"),
    [
        (TILTED, 0.37 + 0.15, 0.37 + 0.3 * 2.0 / 3.0, 1e-14),
        (BOX, 0.41 * 0.664, 0.41 * (0.777**2 - 0.113**2), 3e-4),
        (BALL, pi * 0.31**2 / 2.0, 4.0 / 3.0 * 0.31**3, 3e-4),
        (RING, pi * 0.31**2, pi * 0.31**2, 3e-4),
    ],
    ids=["half_space", "box", "ball", "ring"],
)
def test_volumes_of_regions(region: str, planar: float, axisymmetric: float, tolerance: float) -> None:
    """Planes are exact. A chord lies within its arc by (h/8)^2/(8 R), 2e-4 of the area of these balls."""
    case = block(f"a = {region}")
    assert shares(case) == pytest.approx([planar], rel=tolerance)
    around = case.replace("mesh.geometry", "axisymmetric").replace("boundary.bottom.kind", "axis")
    assert shares(around) == pytest.approx([axisymmetric], rel=tolerance)


def test_a_later_region_wins_and_neighbors_leave_no_gap() -> None:
    """Three regions that share edges within cells fill the block: nothing is left of the rest."""
    case = block(
        f'a = {{ shape = "box", x = ["-1 m", "0.61 m"]{PRESSED}\n'
        'b = { shape = "half_space", point = ["0.61 m", "0 m"], normal = [1, 0], mach = [0.1, 0] }\n'
        'c = { shape = "box", x = ["-1 m", "0.2 m"], temperature = "200 K" }'
    )
    mesh = case_mesh(case)
    parts = region_parts(case, mesh)
    assert np.abs(parts.sum(axis=1) - 1.0).max() < 1e-15
    assert not parts[:, 0].any()
    assert shares(case) == pytest.approx([0.41, 0.39, 0.2], rel=1e-14)


def test_mass_and_energy_of_the_start_are_those_of_the_regions() -> None:
    case = block(f"a = {TILTED}")
    problem = make_problem(case, case_mesh(case))
    state, volume = initial_start(problem), problem.layout.cells.volume
    assert volume @ state[:, 0] / volume.sum() == pytest.approx(0.52 + 0.048, rel=1e-13)
    assert volume @ state[:, -1] / volume.sum() == pytest.approx((0.52 + 0.048) / 0.4, rel=1e-13)


def test_a_region_takes_what_it_does_not_state() -> None:
    case = block(
        'a = { shape = "box", x = ["0 m", "0.5 m"], mach = [0.5, 0] }\n'
        'b = { shape = "box", x = ["0.5 m", "1 m"], like = "right" }',
        'boundary.right={kind="inflow", pressure="20 kPa", temperature="250 K", velocity=["-9 m/s", "0 m/s"]}',
    )
    rest, moving, like = start_states(case)
    assert rest == (10e3, 300.0, (0.0, 0.0))
    assert (moving.pressure, moving.temperature) == (10e3, 300.0)
    assert moving.velocity == pytest.approx((0.5 * 347.2, 0.0), rel=1e-4)
    assert like == (20e3, 250.0, (-9.0, 0.0))


def test_the_gas_up_to_a_line_of_the_mesh() -> None:
    case = load_case(CASES / "imported" / "diaphragm" / "case.toml")
    mesh = case_mesh(case)
    parts = region_parts(case, mesh)
    left = compute_metric(mesh, axisymmetric=False).centroid[:, 0] < 0.5
    assert np.array_equal(parts[:, 1], left.astype(float))
    with pytest.raises(CaseError, match=r'is no line .*; allowed: "diaphragm"; did you mean "diaphragm"'):
        region_parts(case.replace("initial.regions.driver.up_to", "diafragm"), mesh)


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        (
            'a = { shape = "ball", center = ["3 m", "0 m"], radius = "1 m", pressure = "1 bar" }',
            "initial.regions.a = {...}: holds no gas of the mesh of the run, 512 cells between (0, 0) and (1, 1) m",
        ),
        (
            f'a = {BOX}\nb = {{ shape = "box", x = ["0 m", "1 m"], temperature = "200 K" }}',
            "initial.regions.a = {...}: holds no gas: later regions hold all of its place",
        ),
    ],
)
def test_a_region_without_gas_is_refused(regions: str, message: str) -> None:
    case = block(regions)
    with pytest.raises(CaseError) as caught:
        region_shares(case, case_mesh(case))
    assert message.partition(" = {...}")[0] in str(caught.value)
    assert message.partition("{...}: ")[2] in str(caught.value)


BAD = {
    "initial.pressure=-3 kPa": 'initial.pressure=-3 kPa: must be 0, or at least 1e-15 Pa and at most 1e6 MPa',
    "initial.temperature=-3 K": 'initial.temperature=-3 K: must be at least 1e-6 K and at most 1e6 K',
    "initial.mach=[1, 0, 0]": "initial.mach=[1, 0, 0]: needs x and y, and has 3 values",
    "initial.like=right": "initial.pressure = \"10 kPa\": the gas is like that of the boundary 'right'; remove one",
    "initial.regions.a.like=nothing": "no boundary of the case has a pressure",
    "initial.regions.a.shape=boll": 'unknown choice; allowed: "box", "ball", "half_space", "connected"; did you mean "ball"?',
    "initial.regions.a.normal=[0, 0]": "has no direction; write e.g. [1, 0]",
    "initial.mach=[inf, 0]": "must be numbers from -100 to 100",
    "initial.regions.a.normal=[1]": "must be an array of two or three numbers, e.g. [1, 0]",
    'initial.regions.b={shape="box", pressure="1 bar"}': 'is missing: a box has a side; write x = ["0 mm", "10 mm"]',
    'initial.regions.b={shape="box", z=["0 m", "1 m"], pressure="1 bar"}': "the mesh lies in a plane, which has x and y alone",
    'initial.regions.b={shape="box", x=["0 m", "1 m"]}': "states nothing; give pressure, temperature, velocity, mach or like",
    'initial.regions.b={shape="connected", boundary="lift", up_to="a", pressure="1 bar"}': 'is no boundary; allowed: "left", "right", "bottom", "top"; did you mean "left"?',
    'exact={solution="uniform", pressure="1 bar", temperature="300 K"}': "a case with [exact] starts from its exact solution; remove one of the two",
    "run={}": 'a run without a hole needs a boundary of kind "reservoir" or "inflow", or the table [exact]',
}  # fmt: skip


@pytest.mark.parametrize("override", BAD)
def test_bad_starts(override: str) -> None:
    with pytest.raises(CaseError) as caught:
        block(f"a = {TILTED}", override)
    assert BAD[override] in str(caught.value)


def test_a_start_without_a_source_counts_by_its_highest_pressure() -> None:
    """It may be that of a boundary, or have the temperature of one."""
    like = 'boundary.right={ kind = "outlet", pressure = "1 bar", temperature = "250 K" }'
    regions = 'a = { shape = "box", x = ["0 m", "0.5 m"], like = "right" }\n'
    assert block(regions, like).driving_gas == (1e5, 250.0)
    warmer = 'b = { shape = "box", x = ["0 m", "0.2 m"], pressure = "2 bar" }'
    assert block(regions + warmer, like).driving_gas == (2e5, 300.0)
    with pytest.raises(CaseError, match="no state has a pressure above 0 and a temperature"):
        block(regions, like, "initial={ pressure = '0 Pa', velocity = ['1 m/s', '0 m/s'] }")


def test_the_completed_case_reads_back() -> None:
    case = block(f"a = {TILTED}\nb = {BALL}")
    assert parse_case(case.completed_text).initial == case.initial
