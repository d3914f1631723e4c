"""What makes two points of a sweep the same: the digests of their cases and of their flows.

Points of one flow share its solution, which is solved once (`breachflow.case.similarity`). A digest also
names the sources of the package that answers depend on.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from breachflow.case.mesh_choice import Resolution
from breachflow.case.schema import DEFAULT_RESULT, Case
from breachflow.case.similarity import Number, flow_numbers, has_scaled_flow, kind_numbers, rounded
from breachflow.compiled import source_digest
from breachflow.runs.setup.meshes import CABIN_EXTENT, cells_across, plume_extent

ANSWERING: Final = (
    "compiled.py", "simd.py", "vectors.py", "constants.py",
    "case", "document", "leak", "mesh", "numerics", "physics", "runs", "templates", "theory", "units.py",
)  # fmt: skip
"""Parts of the package on which answers depend."""


def kind_of(case: Case) -> dict[str, Number]:
    """What all flows of one kind have in common: edges, mesh, numerics, and every key without a group.

    A plume extent that the case leaves to the mesh stays absent: flows of one kind may differ in it.
    """
    return kind_numbers(_with_mesh_choices(case))


def flow_digest(case: Case) -> str:
    """Name of the flow of a case and of the sources that compute it: 24 hexadecimal digits."""
    if not has_scaled_flow(case):
        return case_digest(case)
    extent = case.mesh.plume_extent or rounded(plume_extent(case))
    return _digest(json.dumps(flow_numbers(_with_mesh_choices(case, plume_extent=extent)), sort_keys=True))


def case_digest(case: Case) -> str:
    """Name of a completed case, of its mesh file and of the sources: 24 hexadecimal digits.

    The title, the output and the time limit of a case do not count.
    """
    output = case.output.model_copy(update={"file": case.folder / DEFAULT_RESULT})
    run = case.run.model_copy(update={"wall_clock": None})
    plain = case.model_copy(update={"title": "", "sweep": None, "output": output, "run": run})
    return _digest(plain.completed_text + (_file_digest(case.mesh.file) if case.mesh.file else ""))


def _with_mesh_choices(case: Case, **extents: float) -> Case:
    """The case with the numbers that its mesh is made with, so that two spellings of one mesh agree."""
    numbers = {
        "resolution": Resolution.model_construct(across=cells_across(case)),
        "cabin_extent": case.mesh.cabin_extent or CABIN_EXTENT,
    }
    return case.model_copy(update={"mesh": case.mesh.model_copy(update=numbers | extents)})


def _digest(text: str) -> str:
    return sha256(f"{source_digest(ANSWERING)} {text}".encode()).hexdigest()[:24]


def _file_digest(path: Path) -> str:
    """Digest of the content of a mesh file; empty if it cannot be read, which its run reports."""
    try:
        state = path.stat()
        return _content_digest(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return ""


@cache
def _content_digest(path: Path, _changed: int, _size: int) -> str:
    """The digest of a file, which is read once for all points and again when it has changed."""
    return sha256(path.read_bytes()).hexdigest()
