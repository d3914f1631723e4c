"""The exact solutions of verification runs: source terms, averages, rotation and reflection."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

import breachflow
from breachflow.case import Case, parse_case
from breachflow.errors import CaseError
from breachflow.runs.setup.exact import exact_averages, exact_forcing, exact_state
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.setup.problem import make_problem
from breachflow.runs.setup.reference import reference_of
from breachflow.theory.fields.manufactured import manufactured_sources, manufactured_waves

CASE = """
gas = {{ gamma = 1.4, molar_mass = "28.97 g/mol" }}
[mesh]
template = "block"
geometry = "{geometry}"
x = ["1.2 m", "2.2 m"]
y = ["0 m", "1 m"]
cells = [16, 16]
distortion = 0.4
{mesh}
[exact]
pressure = "200 kPa"
temperature = "300 K"
{exact}
[boundary]
left = {{ kind = "exact" }}
right = {{ kind = "exact" }}
bottom = {{ kind = "{bottom}" }}
top = {{ kind = "exact" }}
"""
SOURCE = 'solution = "source"\nsonic_radius = "1 m"\nbranch = "supersonic"'
WAVES = 'solution = "manufactured"\nlength = "0.7 m"'


def verification(exact: str, geometry: str = "planar", bottom: str = "exact", mesh: str = "") -> Case:
    return parse_case(CASE.format(exact=exact, geometry=geometry, bottom=bottom, mesh=mesh))


def flux_columns(x: np.ndarray, y: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Conserved fluxes along x and y, and the pressure, written independently."""
    density, u, v, pressure = (wave.value for wave in manufactured_waves(x, y))
    energy = pressure / (gamma - 1.0) + 0.5 * density * (u * u + v * v)
    along = np.stack([density * u, density * u * u + pressure, density * u * v, (energy + pressure) * u])
    across = np.stack([density * v, density * u * v, density * v * v + pressure, (energy + pressure) * v])
    return along, across, pressure


@pytest.mark.parametrize("gamma", [1.2, 1.4, 5.0 / 3.0])
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_sources_are_the_divergence_of_the_fluxes(axisymmetric, gamma):
    """Reference: central differences, whose error at this step is 1e-8."""
    rng = np.random.default_rng(1)
    x, y, h = rng.random(50) * 2.0, rng.random(50) + 0.1, 1e-4
    by_x = (flux_columns(x + h, y, gamma)[0] - flux_columns(x - h, y, gamma)[0]) / (2.0 * h)
    weight = (lambda r: r) if axisymmetric else np.ones_like
    outer, inner = flux_columns(x, y + h, gamma)[1], flux_columns(x, y - h, gamma)[1]
    by_y = (weight(y + h) * outer - weight(y - h) * inner) / (2.0 * h * weight(y))
    expected = by_x + by_y
    if axisymmetric:
        expected[2] -= flux_columns(x, y, gamma)[2] / y  # the pressure on the sides of a wedge pushes back
    found = np.stack(manufactured_sources(x, y, gamma, axisymmetric))
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("axisymmetric", [False, True])
def test_forcing_is_the_integral_of_the_sources(axisymmetric):
    """Over all cells: against 400 x 400 midpoints of the same block, 1e-5."""
    geometry = "axisymmetric" if axisymmetric else "planar"
    case = verification(WAVES, geometry, "axis" if axisymmetric else "exact")
    mesh, reference = case_meshes(case)[-1], reference_of(case)
    n, scale = 400, 1.0 / 0.7
    line = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(1.2 + line, line)
    sources = np.stack(manufactured_sources(scale * x, scale * y, 1.4, axisymmetric)) * scale
    total = np.sum(sources * (y if axisymmetric else 1.0), axis=(1, 2)) / n**2
    np.testing.assert_allclose(exact_forcing(case, mesh, reference).sum(axis=0), total, rtol=1e-4, atol=1e-5)


def test_averages_add_up_to_the_integral():
    """Mass, momentum and energy of a point source in the block, against 400 x 400 midpoints."""
    case = verification(SOURCE, "axisymmetric", "axis")
    mesh, reference = case_meshes(case)[-1], reference_of(case)
    flow = make_problem(case, mesh)
    total = flow.metric.volume @ exact_averages(case, mesh, reference, 0.0)
    n = 400
    line = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(1.2 + line, line)
    density, u, v, pressure = exact_state(case, reference)(np.column_stack([x.ravel(), y.ravel()]), 0.0).T
    energy = pressure / 0.4 + 0.5 * density * (u * u + v * v)
    columns = np.column_stack([density, density * u, density * v, energy])
    np.testing.assert_allclose(total, y.ravel() @ columns / n**2, rtol=2e-5)


@pytest.mark.parametrize("mesh", ['turn = "40 deg"', "mirror = true", 'turn = "-70 deg"\nmirror = true'])
def test_turned_and_mirrored_flow_is_the_same_flow(mesh):
    """Densities and pressures cell by cell, speeds, and the angle between velocity and place."""
    plain, turned = verification(SOURCE), verification(SOURCE, mesh=mesh)
    found = []
    for case in (plain, turned):
        block = case_meshes(case)[-1]
        place = make_problem(case, block).metric.centroid
        density, u, v, pressure = exact_state(case, reference_of(case))(place, 0.0).T
        outward = (u * place[:, 0] + v * place[:, 1]) / np.hypot(*place.T)
        found.append(np.column_stack([density, pressure, np.hypot(u, v), outward]))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-13)


def test_a_place_outside_the_solution_is_an_error():
    case = verification(SOURCE.replace('"1 m"', '"1.5 m"'))
    with pytest.raises(
        CaseError, match=r"case: \[exact\]: a source flow exists from its sonic radius 1.5 on"
    ):
        make_problem(case, case_meshes(case)[-1])


def test_orders_follow_from_the_errors_of_the_meshes(tmp_path):
    """The order that a run reports equals that of separate runs on the two meshes."""
    errors = []
    for cells in (8, 16):
        case = parse_case(
            CASE.format(exact=SOURCE, geometry="planar", bottom="exact", mesh="levels = 1"),
            overrides=[f"mesh.cells=[{cells}, {cells}]", "mesh.distortion=0.0"],
        )
        errors.append(breachflow.run(case, output=tmp_path / f"{cells}.vtkhdf").density_error)
    case = parse_case(
        CASE.format(exact=SOURCE, geometry="planar", bottom="exact", mesh="levels = 2"),
        overrides=["mesh.distortion=0.0"],
    )
    result = breachflow.run(case, output=tmp_path / "both.vtkhdf")
    assert result.converged is True
    assert result.density_order == pytest.approx(log2(errors[0] / errors[1]), rel=1e-6)
    assert "discharge_coefficient" not in result.summary
