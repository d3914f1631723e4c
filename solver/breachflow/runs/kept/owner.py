"""What a checkpoint belongs to: the case, the sources, the meshes and the start of its run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from breachflow.compiled import source_digest
from breachflow.document.complete import differences

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.family import MeshFamily
    from breachflow.runs.solve.transfer import Neighbor

FREE: Final = (("title",), ("sweep",), ("output", "file"), ("run", "wall_clock"))
"""Keys that a run may change when it goes on: none of its numbers depends on them."""

MOST_NAMED: Final = 3
"""Keys that a message names."""


def owner_of(case: Case, meshes: MeshFamily, neighbors: Iterable[Neighbor]) -> dict[str, str]:
    """All that the numbers of a run depend on."""
    return {
        "case": case.completed_text,
        "sources": source_digest(),
        "meshes": _digest(array for mesh in meshes for array in (mesh.points, mesh.cell_points)),
        "start": _digest(one.state for one in neighbors),
    }


def what_differs(kept: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """How two owners differ, in words; empty where one may go on with what the other has kept."""
    if kept.get("sources") != wanted["sources"]:
        return "it was written by another version of Breachflow"
    keys = differences(kept.get("case", ""), wanted["case"], FREE)
    if keys:
        more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
        return "its case is another one: " + ", ".join(map(str, keys[:MOST_NAMED])) + more
    if kept.get("meshes") != wanted["meshes"]:
        return "its mesh is another one"
    return "" if kept.get("start") == wanted["start"] else "it began from another start"


def _digest(arrays: Iterable[object]) -> str:
    digest = sha256()
    for array in arrays:
        digest.update(array)  # type: ignore[arg-type]
    return digest.hexdigest()
