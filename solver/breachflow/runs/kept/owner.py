"""What a checkpoint of a run belongs to: the case, the sources, the meshes and the start."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

from breachflow.version import PROGRAM, source_digest

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.family import MeshFamily
    from breachflow.runs.solve.transfer import Neighbor


def owner_of(case: Case, meshes: MeshFamily, neighbors: Iterable[Neighbor]) -> dict[str, str]:
    """All that the numbers of a run depend on."""
    return {
        "case": case.completed_text,
        "sources": source_digest(),
        "program": PROGRAM,
        "mesh": _digest(array for mesh in meshes for array in (mesh.points, mesh.cell_points)),
        "start": _digest(one.state for one in neighbors),
    }


def _digest(arrays: Iterable[object]) -> str:
    digest = sha256()
    for array in arrays:
        digest.update(array)  # type: ignore[arg-type]
    return digest.hexdigest()
