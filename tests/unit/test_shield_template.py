"""The shield template: closed meshes of a hole with a plate, their parents and names, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.errors import CaseError
from breachflow.mesh import Mesh, compute_metric
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.shield_blocks import Plate, shield_family

SHAPES = {
    "knife edge": OrificeShape(2e-3, 0.0, 16),
    "bore": OrificeShape(2e-3, 1.6e-3, 16),
    "fine at walls": OrificeShape(2e-3, 1.6e-3, 16, wall_spacing=0.35),
    "long bore": OrificeShape(2e-3, 0.2, 16),
    "chamfer": OrificeShape(2e-3, 1e-3, 16, chamfer=3e-4),
    "rounding through the wall": OrificeShape(2e-3, 1e-3, 16, rounding=1e-3),
}
PLATES = {
    "outside": Plate("outside", 5e-4, 1e-2),
    "near, outside": Plate("outside", 2e-5, 2e-3),
    "inside": Plate("inside", 5e-4, 1e-2),
    "far, inside": Plate("inside", 4e-3, 1e-1),
}
PAIRS = [
    (shape, plate)
    for shape in SHAPES.values()
    for plate in PLATES.values()
    if plate.side == "outside" or not (shape.chamfer or shape.rounding)
]

CASE = """\
gas = "air"
[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1.6 mm"
[mesh]
template = "shield"
gap = "0.5 mm"
[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
"""


def patch_points(mesh: Mesh, name: str) -> np.ndarray:
    return mesh.points[mesh.face_corners[mesh.patches[name]].ravel()]


@pytest.mark.parametrize(("shape", "plate"), PAIRS)
def test_the_gap_is_closed_but_for_its_rim(shape: OrificeShape, plate: Plate) -> None:
    """The areas are those of circles and cylinders: each radius or length enters them to rounding."""
    mesh = shield_family(shape, plate, 1)[0]
    metric = compute_metric(mesh, True)
    assert set(mesh.patches) == {"cabin", "space", "wall", "axis"}
    assert metric.volume.min() > 0.0
    hole, rim = mesh.surfaces["orifice"], mesh.patches["space" if plate.side == "outside" else "cabin"]
    assert np.all(hole.sides == 1.0)
    assert metric.face_area[hole.faces, 0].sum() == pytest.approx(
        0.5 * (0.5 * shape.diameter) ** 2, rel=1e-12
    )
    assert metric.face_area[rim, 1].sum() == pytest.approx(plate.radius * plate.gap, rel=1e-9)
    wall = patch_points(mesh, "wall")
    far = shape.wall_thickness + plate.gap if plate.side == "outside" else -plate.gap
    on_plate = np.isclose(wall[:, 0], far, rtol=1e-12, atol=1e-15)
    assert wall[on_plate, 1].min() == 0.0
    assert wall[on_plate, 1].max() == pytest.approx(plate.radius, rel=1e-12)


@pytest.mark.parametrize(("shape", "plate"), PAIRS)
def test_four_children_surround_the_corners_of_their_parent(shape: OrificeShape, plate: Plate) -> None:
    family = shield_family(shape, plate, 2)
    coarse, fine, parents = family[0], family[1], family.parent_cells(1)
    assert np.bincount(parents).tolist() == [4] * coarse.n_cells
    order = np.argsort(parents, kind="stable").reshape(-1, 4)
    children = fine.points[fine.cell_points.reshape(-1, 4)][order].reshape(coarse.n_cells, 16, 1, 2)
    corners = coarse.points[coarse.cell_points.reshape(-1, 4)][:, None]
    assert np.all(np.any(np.all(children == corners, axis=3), axis=1))


def test_the_cells_are_finer_at_both_walls_of_the_gap() -> None:
    """Spacing at the walls 0.35 of the even one, the first cell is a few per cent larger."""
    mesh = shield_family(OrificeShape(2e-3, 1e-3, 80, wall_spacing=0.35), PLATES["outside"], 1)[0]
    x = np.unique(patch_points(mesh, "space")[:, 0])
    spacing = np.diff(x) / (5e-4 / 80)
    assert spacing[[0, -1]] == pytest.approx([0.35, 0.35], rel=0.05)
    assert spacing == pytest.approx(spacing[::-1], rel=1e-9)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.5 mm", "5 mm", "20 um to 4 mm at this hole: a plate farther away does not act on the flow"),
        ("0.5 mm", "0.01 mm", "must be 20 um to 4 mm at this hole"),
        ("[boundary]", 'radius = "1 mm"\n[boundary]', "must be 2 mm to 100 mm at this hole"),
        ('gap = "0.5 mm"\n', "", 'mesh.gap: is missing: distance of the plate from the wall; write e.g. '),
        ("[mesh]", 'rounding = "1 mm"\n[mesh]\nside = "inside"', "a plate inside needs a sharp edge"),
        ("[mesh]", '[mesh]\nside = "left"', 'allowed: "outside", "inside"'),
        ('template = "shield"', 'template = "orifice"', 'belongs to the template "shield"; remove it'),
    ],
)  # fmt: skip
def test_sizes_that_make_no_gap_are_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(CaseError) as error:
        parse_case(CASE.replace(old, new, 1))
    assert message in str(error.value)
