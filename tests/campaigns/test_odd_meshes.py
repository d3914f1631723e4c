"""Odd but legal mesh files: a converged run agrees with the estimate within both bands, or has a caution."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from breachflow.case import parse_case
from breachflow.mesh import Mesh
from breachflow.mesh.files.write import write_mesh
from breachflow.runs.setup.meshes import case_meshes
from campaigns.campaign import rounds
from campaigns.test_odd_cases import LONGEST, OddCase, silently_wrong
from cases.plates import cut, moved, turned

SEED: Final = 20261201

CASES: Final = 60
"""Of a full campaign."""

UNITS: Final = {"m": 1.0, "mm": 1e3, "cm": 1e2, "in": 1.0 / 0.0254}
"""Units of the coordinates of a file, and how many are in a meter."""

SHIFT: Final = 0.15
"""Largest distance by which a point is moved at random, over its shortest edge: no cell folds."""


def distorted(mesh: Mesh, chance: random.Random) -> Mesh:
    """The mesh with the points moved at random that lie on no boundary and no named line."""
    corners = mesh.face_corners
    lengths = np.linalg.norm(np.diff(mesh.points[corners], axis=1)[:, 0], axis=1)
    shortest = np.full(len(mesh.points), np.inf)
    np.minimum.at(shortest, corners.ravel(), np.repeat(lengths, 2))
    named = [*mesh.patches.values(), *(surface.faces for surface in mesh.surfaces.values())]
    shortest[corners[np.concatenate(named)].ravel()] = 0.0
    noise = np.random.default_rng(chance.randrange(2**32)).uniform(-1.0, 1.0, mesh.points.shape)
    return moved(mesh, lambda points: points + SHIFT * shortest[:, None] * noise)


def changed(mesh: Mesh, chance: random.Random, is_planar: bool, is_knife: bool, scale: float) -> Mesh:
    """The mesh as another program may have made it; at a knife edge cells have flat corners and stay."""
    if chance.random() < 0.5:
        mesh = distorted(mesh, chance)
    if is_planar and chance.random() < 0.5:
        mesh = turned(mesh, chance.uniform(0.0, 360.0))
    mesh = moved(mesh, lambda points: points * scale)
    return cut(mesh) if chance.random() < 0.5 and not is_knife else mesh


def odd_mesh_case(chance: random.Random, folder: Path) -> OddCase:
    """A hole in air between two pressures, on three mesh files that are written into the folder."""
    is_slit, size = chance.random() < 0.4, 10.0 ** chance.uniform(-3.5, -2.0)
    depth = size * chance.choice([0.0, 0.0, 0.0, 0.5, 1.0])
    ratio = chance.choice([0.0, 0.0, 0.1, 0.3, 0.6, 0.8])
    shape, name = ("slit", "width") if is_slit else ("round", "diameter")
    hole = {name: f"{size!r} m", "wall_thickness": f"{depth!r} m"}
    hole |= {"length": f"{100.0 * size!r} m"} if is_slit else {}
    keys = ", ".join(f'{key} = "{value}"' for key, value in {"shape": shape, **hole}.items())
    orifice = f"orifice = {{ {keys} }}\n"
    outside = f'kind = "outlet", pressure = "{1e5 * ratio!r} Pa"' if ratio else 'kind = "vacuum"'
    boundary = (
        '[boundary]\ncabin = { kind = "reservoir", pressure = "1 bar", temperature = "300 K" }\n'
        f"space = {{ {outside} }}\n"
    )
    template = parse_case(f'gas = "air"\n{orifice}mesh = {{ resolution = {{ across = 32 }} }}\n{boundary}')
    unit, suffix, names = chance.choice(sorted(UNITS)), chance.choice(["msh", "vtu"]), []
    changes = chance.randrange(2**32)
    for level, mesh in enumerate([*case_meshes(template)][-3:]):
        names.append(f"mesh-{level}.{suffix}")
        write_mesh(
            changed(mesh, random.Random(changes), is_slit, depth == 0.0, UNITS[unit]), folder / names[-1]
        )
    patches = "".join(
        f'{patch} = {{ kind = "{kind}" }}\n'
        for patch, kind in {"wall": "wall", "axis": "symmetry" if is_slit else "axis"}.items()
        if patch in mesh.patches
    )
    geometry = "planar" if is_slit else "axisymmetric"
    text = (
        f'gas = "air"\n{orifice}mesh = {{ file = {names!r}, geometry = "{geometry}", unit = "{unit}" }}\n'
        f'run = {{ wall_clock = "{LONGEST}" }}\n{boundary}{patches}'
    )
    given = {"pressure": "1 bar", "temperature": "300 K", "gas": "air", **hole}
    given |= {"outside": f"{1e5 * ratio!r} Pa"} if ratio else {}
    return OddCase(text, given)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_no_odd_mesh_is_silently_wrong(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    wrong: list[str] = []
    for _ in range(rounds(CASES)):
        wrong += silently_wrong(odd_mesh_case(chance, tmp_path), tmp_path)
    assert wrong == []
