"""Uniform flow stays uniform and gas at rest stays at rest, to rounding, on every mesh that is shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from breachflow.mesh import Mesh
from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.mesh.topology import renumber
from breachflow.numerics.space.discretization import Scheme
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.limiters import Limiter
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.orifice import orifice_family, orifice_mesh
from flow_setup import (
    AIR,
    DEFAULT_SCHEME,
    block,
    conserved,
    everywhere,
    flow_scale,
    make_flow,
    net_outflow,
    unit_block,
)

ROUNDING = 1e-13
"""Rounding of a few dozen operations, relative to the flow through the faces of a cell."""

FOLDER = Path(__file__).parents[2] / "meshes"
IN_SPACE = {"hole_tetrahedra.msh", "star.msh"}
FILES = sorted({path.name for path in FOLDER.iterdir() if path.suffix in (".msh", ".vtu")} - IN_SPACE)
"""Shipped meshes in the plane; tests of boxes of every cell in space are in `test_freestream_in_space.py`."""
SHAPES = {
    "knife-edge": OrificeShape(2.0, 0.0, 16),
    "thin": OrificeShape(2.0, 0.02, 16),
    "half-diameter": OrificeShape(2.0, 1.0, 16),
    "thick": OrificeShape(2e-3, 8e-3, 16),
    "chamfer": OrificeShape(2.0, 1.0, 16, chamfer=0.2),
    "all-chamfer": OrificeShape(2.0, 0.2, 16, chamfer=0.2),
    "rounding": OrificeShape(2.0, 1.0, 16, rounding=0.3),
    "far": OrificeShape(2.0, 0.5, 16, cabin_extent=100.0, plume_extent=50.0),
}
BLOCKS = {
    "quads": unit_block(8, False, 0.4),
    "triangles": unit_block(8, True, 0.4),
    "stretched": block(np.array([0.0, 1e-4, 1e-2, 1.0, 30.0]), np.linspace(0.0, 1.0, 9)),
}
ALL = [*FILES, *SHAPES, *BLOCKS]
EVERY_SCHEME = [(flux, limiter, order) for flux in NumericalFlux for limiter in Limiter for order in (1, 2)]
STREAM = np.array([0.7, 1.3, 0.0, 0.4])
OBLIQUE = np.array([0.7, 0.9, -0.6, 0.4])


@cache
def mesh_named(name: str) -> Mesh:
    """The mesh in units in which the hole's size is about 1, in the solver's own order of cells."""
    if name in FILES:
        mesh = read_mesh(FOLDER / name, 1.0)
    else:
        mesh = BLOCKS[name] if name in BLOCKS else orifice_mesh(SHAPES[name])
    return renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))


def largest_outflow(layout, state, scheme: Scheme) -> float:
    """Largest residual of any cell and variable, relative to the flow through the faces of the cell."""
    states = conserved(np.tile(state, (layout.n_cells, 1)))
    found = net_outflow(states, layout, scheme, AIR)
    return float((np.abs(found) / flow_scale(layout, state)).max())


def test_meshes_are_there():
    assert len(FILES) >= 3


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", ALL)
def test_uniform_planar_flow_stays(name, order):
    mesh = mesh_named(name)
    layout = make_flow(
        mesh,
        everywhere(mesh, BehaviorCode.RIEMANN),
        lambda centers: np.tile(OBLIQUE, (len(centers), 1)),
    )
    assert largest_outflow(layout, OBLIQUE, DEFAULT_SCHEME._replace(order=order)) <= ROUNDING


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", ALL)
def test_uniform_axial_flow_stays(name, order):
    mesh = mesh_named(name)
    layout = make_flow(
        mesh,
        everywhere(mesh, BehaviorCode.RIEMANN, axisymmetric=True),
        lambda centers: np.tile(STREAM, (len(centers), 1)),
        axisymmetric=True,
    )
    assert largest_outflow(layout, STREAM, DEFAULT_SCHEME._replace(order=order)) <= ROUNDING


@pytest.mark.parametrize("axisymmetric", [False, True])
@pytest.mark.parametrize("name", ALL)
def test_gas_at_rest_in_a_closed_box_stays(name, axisymmetric):
    mesh = mesh_named(name)
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL, axisymmetric), axisymmetric=axisymmetric)
    rest = np.array([1.3, 0.0, 0.0, 0.8])
    assert largest_outflow(layout, rest, DEFAULT_SCHEME) <= ROUNDING


@pytest.mark.parametrize(("flux", "limiter", "order"), EVERY_SCHEME)
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_every_scheme_keeps_uniform_flow(flux, limiter, order, axisymmetric):
    mesh = mesh_named("triangles")
    state = STREAM if axisymmetric else OBLIQUE
    layout = make_flow(
        mesh,
        everywhere(mesh, BehaviorCode.RIEMANN, axisymmetric),
        lambda centers: np.tile(state, (len(centers), 1)),
        axisymmetric,
    )
    assert largest_outflow(layout, state, Scheme(int(flux), int(limiter), order)) <= ROUNDING


@pytest.mark.parametrize("kind", [BehaviorCode.OPENING, BehaviorCode.RIEMANN])
def test_gas_at_rest_between_equal_rooms_stays(kind):
    mesh = mesh_named("half-diameter")
    rest = np.array([1.0, 0.0, 0.0, 1.0])
    kinds = {
        "cabin": kind,
        "space": BehaviorCode.OPENING,
        "wall": BehaviorCode.WALL,
        "axis": BehaviorCode.WALL,
    }
    layout = make_flow(mesh, kinds, lambda centers: np.tile(rest, (len(centers), 1)), axisymmetric=True)
    assert largest_outflow(layout, rest, DEFAULT_SCHEME) <= ROUNDING


@pytest.mark.parametrize("name", ["quads", "triangles"])
def test_walls_along_the_stream_do_not_disturb_it(name):
    """A channel of uniform flow: on parallel walls and axis only the pressure acts."""
    mesh = mesh_named(name)
    kinds = {
        "left": BehaviorCode.RIEMANN,
        "right": BehaviorCode.EXTRAPOLATE,
        "bottom": BehaviorCode.WALL,
        "top": BehaviorCode.WALL,
    }
    layout = make_flow(mesh, kinds, lambda centers: np.tile(STREAM, (len(centers), 1)), axisymmetric=True)
    assert largest_outflow(layout, STREAM, DEFAULT_SCHEME) <= ROUNDING


def test_every_level_of_a_family():
    for mesh in orifice_family(OrificeShape(2.0, 0.5, 32), 3):
        layout = make_flow(
            mesh,
            everywhere(mesh, BehaviorCode.RIEMANN, axisymmetric=True),
            lambda centers: np.tile(STREAM, (len(centers), 1)),
            axisymmetric=True,
        )
        assert largest_outflow(layout, STREAM, DEFAULT_SCHEME) <= ROUNDING
