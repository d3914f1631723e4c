"""The orifice template: shapes, names, nesting, grading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.errors import MeshError
from breachflow.mesh import Mesh, compute_metric
from breachflow.templates.hole_lines import OrificeShape, graded, ungraded
from breachflow.templates.library.orifice import orifice_family, orifice_mesh

KNIFE = OrificeShape(diameter=2e-3, wall_thickness=0.0, across=16)
SHAPES = {
    "knife edge": KNIFE,
    "thin": OrificeShape(2e-3, 1e-5, 16),
    "plate": OrificeShape(2e-3, 5e-4, 16),
    "twenty diameters": OrificeShape(2e-3, 4e-2, 16),
    "chamfer": OrificeShape(2e-3, 1e-3, 16, chamfer=3e-4),
    "chamfer through the wall": OrificeShape(2e-3, 3e-4, 16, chamfer=3e-4),
    "wide chamfer": OrificeShape(2e-3, 6e-3, 16, chamfer=4e-3),
    "rounding": OrificeShape(2e-3, 1e-3, 16, rounding=4e-4),
    "rounding through the wall": OrificeShape(2e-3, 4e-4, 16, rounding=4e-4),
    "sharp rounding": OrificeShape(2e-3, 1e-3, 16, rounding=2e-6),
    "wide rounding": OrificeShape(2e-3, 6e-3, 16, rounding=4e-3),
    "far plume": OrificeShape(2e-3, 5e-4, 16, cabin_extent=20.0, plume_extent=2000.0),
}
SHAPES |= {f"{name}, graded": replace(shape, is_graded=True) for name, shape in SHAPES.items()}


def patch_points(mesh: Mesh, name: str) -> np.ndarray:
    return mesh.points[mesh.face_corners[mesh.patches[name]].ravel()]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_is_a_closed_mesh_with_its_names(shape: OrificeShape) -> None:
    mesh = orifice_mesh(shape)
    assert set(mesh.patches) == {"cabin", "space", "wall", "axis"}
    assert list(mesh.surfaces) == ["orifice"]
    assert np.all(mesh.surfaces["orifice"].sides == 1.0)
    for axisymmetric in (False, True):
        assert compute_metric(mesh, axisymmetric, 1e3).volume.min() > 0.0
    assert np.all(patch_points(mesh, "axis")[:, 1] == 0.0)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_hole_has_its_area_and_the_domain_its_extent(shape: OrificeShape) -> None:
    mesh = orifice_mesh(shape)
    radius = 0.5 * shape.diameter
    faces = mesh.surfaces["orifice"].faces
    area = compute_metric(mesh, True).face_area[faces, 0].sum()
    assert area == pytest.approx(0.5 * radius**2, rel=1e-12)
    far = np.hypot(*patch_points(mesh, "cabin").T).min()
    assert far >= shape.cabin_extent * shape.diameter * (1.0 - 1e-9)
    beyond = patch_points(mesh, "space") - [shape.wall_thickness, 0.0]
    assert np.hypot(*beyond.T).min() >= shape.plume_extent * shape.diameter * (1.0 - 1e-9)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_coarse_meshes_nest_in_fine_ones(shape: OrificeShape) -> None:
    coarse, middle, fine = orifice_family(shape, 3)
    assert [fine.n_cells, middle.n_cells] == [4 * middle.n_cells, 4 * coarse.n_cells]
    fine_points = {tuple(point) for point in fine.points}
    assert {tuple(point) for point in coarse.points} <= fine_points


@pytest.mark.parametrize(("is_graded", "power"), [(False, 0.5), (True, 2.0 / 3.0)])
def test_cells_shrink_to_the_edge_with_a_power_of_the_distance(is_graded: bool, power: float) -> None:
    mesh = orifice_mesh(OrificeShape(2.0, 0.0, 64, is_graded=is_graded))
    wall = patch_points(mesh, "wall")
    distance = np.unique(np.round(wall[wall[:, 0] == 0.0, 1] - 1.0, 12))
    step = 0.5 * np.pi / 64
    first = step * np.sqrt(step / (1.0 + step)) if is_graded else step
    assert distance[1] == pytest.approx(np.cosh(first) - 1.0, rel=1e-7)
    spacing, middle = np.diff(distance), 0.5 * (distance[1:] + distance[:-1])
    near = middle < 0.02
    assert np.polyfit(np.log(middle[near]), np.log(spacing[near]), 1)[0] == pytest.approx(power, abs=0.1)


@pytest.mark.parametrize("length", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("place", [0.0, 1e-9, 0.2, 7.0])
def test_graded_places_are_found_again(place: float, length: float) -> None:
    assert float(graded(np.array(ungraded(place, length)), length)) == pytest.approx(place, rel=1e-9)


def test_a_chamfer_and_a_rounding_lie_on_the_wall() -> None:
    chamfer = patch_points(orifice_mesh(SHAPES["chamfer"]), "wall")
    on_slope = (chamfer[:, 0] > 0.0) & (chamfer[:, 0] < 3e-4)
    assert np.allclose(chamfer[on_slope].sum(axis=1), 1.3e-3, rtol=0, atol=1e-15)
    rounding = patch_points(orifice_mesh(SHAPES["rounding"]), "wall")
    on_arc = (rounding[:, 0] > 0.0) & (rounding[:, 0] < 4e-4)
    assert np.allclose(np.hypot(*(rounding[on_arc] - [4e-4, 1.4e-3]).T), 4e-4, rtol=1e-12)


def test_a_mesh_that_cannot_be_halved_is_refused() -> None:
    with pytest.raises(MeshError, match="6 cells across cannot be halved 2 times"):
        orifice_family(OrificeShape(2e-3, 0.0, 6), 3)


@pytest.mark.parametrize("across", [8, 20, 40])
@pytest.mark.parametrize("kind", ["chamfer", "rounding"])
@pytest.mark.parametrize("edge", [0.01, 0.05, 0.2, 0.5, 2.0])
@pytest.mark.parametrize("land", [0.0, 0.3, 1.0, 18.0])
def test_edges_of_every_size_have_a_mesh(across: int, kind: str, edge: float, land: float) -> None:
    """Building a mesh raises an error for folded cells and cells without area."""
    for is_graded in (False, True):
        mesh = orifice_mesh(OrificeShape(1.0, edge + land, across, **{kind: edge}, is_graded=is_graded))
        assert compute_metric(mesh, True).volume.min() > 0.0


@settings(max_examples=60)
@given(
    land=st.one_of(st.just(0.0), st.floats(1e-4, 18.0)),
    edge=st.one_of(st.just(0.0), st.floats(1e-4, 2.0)),
    kind=st.sampled_from(["chamfer", "rounding"]),
    across=st.sampled_from([8, 12, 20, 40]),
    is_graded=st.booleans(),
)
def test_any_hole_has_a_mesh(land: float, edge: float, kind: str, across: int, is_graded: bool) -> None:
    mesh = orifice_mesh(OrificeShape(1.0, edge + land, across, **{kind: edge}, is_graded=is_graded))
    assert compute_metric(mesh, True).volume.min() > 0.0
