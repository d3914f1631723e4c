"""Mutated mesh files in the plane and in space: each is valid, or refused by name, place and reason."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from breachflow.errors import MeshError
from breachflow.mesh import compute_metric
from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.metric import outward_sum
from breachflow.shipped import root
from campaigns.campaign import HANG, rounds
from campaigns.mutations import mutated_bytes
from faults.test_bad_meshes import samples
from solid_boxes import unit_box
from tally import tally

SEED: Final = 20261130

MESHES: Final = 4800
"""Of a full campaign."""

PLACE: Final = re.compile(
    r"line \d|byte \d|(cell|point|node|element|face|edge|block|piece|array|section|marker|tag|corner)s?\b"
    r"|\$\w+|N[A-Z]+=|<\w+|'[\w:]+'|not a (Gmsh|SU2) mesh|Gmsh (format|data size)"
)
"""What of a file a message is about."""


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The content of a small file of each format, text and binary, in the plane and in space, by name."""
    folder = tmp_path_factory.mktemp("originals")
    found = samples(folder)
    solid = unit_box(2, "mixed")
    for name in ("space.msh", "space.vtu"):
        write_mesh(solid, folder / name)
    found |= {name: (folder / name).read_bytes() for name in ("space.msh", "space.vtu")}
    found |= {f"meshio-{name}": content for name, content in _by_meshio(folder).items()}
    found["mixed.vtu"] = (root() / "meshes" / "plate_mixed.vtu").read_bytes()
    return found


def _by_meshio(folder: Path) -> dict[str, bytes]:
    """Files of VTK and Salome: two squares, and a cube."""
    import meshio

    square = [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    lines = [[3, 0], [2, 5], [0, 1], [1, 2], [5, 4], [4, 3]]
    tags = [np.array([1, 2, 3, 3, 3, 3]), np.array([0, 0])]
    plane = [("line", np.array(lines)), ("quad", np.array([[0, 1, 4, 3], [1, 2, 5, 4]]))]
    found = {}
    for name, options in (("plane.vtk", {"binary": False}), ("binary.vtk", {}), ("plane.med", {})):
        key = "cell_tags" if name.endswith("med") else "patch"
        mesh = meshio.Mesh(np.array(square, dtype=float), plane, cell_data={key: tags})
        if name.endswith("med"):
            mesh.cell_tags = {1: ["inside"], 2: ["outside"], 3: ["wall"]}
        meshio.write(folder / name, mesh, **options)
        found[name] = (folder / name).read_bytes()
    return found


@pytest.mark.slow
def test_mutated_meshes(originals: dict[str, bytes], tmp_path: Path) -> None:
    chance, wrong = random.Random(SEED), []
    for number in range(rounds(MESHES)):
        name = chance.choice(sorted(originals))
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(mutated_bytes(originals[name], chance))
        began = time.process_time()
        message = _refusal(path)
        fault = "" if message is None else _fault(message, path)
        if time.process_time() - began > HANG:
            fault = "hung"
        tally(files=1, refused=message is not None)
        if fault:
            wrong.append(f"{fault}: {message}")
            print(wrong[-1], flush=True)
        else:
            path.unlink()
    assert wrong == []


def _refusal(path: Path) -> str | None:
    """Why a mesh is refused; None where it is valid. Warnings are errors here."""
    try:
        mesh = read_mesh(path)
        metric = compute_metric(mesh, axisymmetric=False)
    except MeshError as error:
        return str(error)
    assert (metric.volume > 0.0).all()
    leak = np.abs(outward_sum(mesh, metric.face_area[:, 1])).max()
    assert leak <= 1e-12 * np.abs(metric.face_area).max()
    return None


def _fault(message: str, path: Path) -> str:
    """What a refusal lacks; empty where nothing."""
    if not message.startswith(f"{path}: "):
        return "file not named"
    if not message.isprintable() or len(message) > 3000:
        return "unprintable"
    return "" if PLACE.search(message.removeprefix(f"{path}: ")) else "no place"
