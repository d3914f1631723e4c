"""What makes two cases the same: their digests, and the dimensionless groups of their flow.

Inviscid flow of a perfect gas through a hole of the template depends on ratios alone: of lengths, of
pressures, of temperatures, of heat capacities. Cases that share them, and the mesh and numerics, share one
flow, however large the hole and whatever the pressure: it is solved once.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from breachflow.case.schema import DEFAULT_RESULT, Case, Numerics
from breachflow.compiled import source_digest
from breachflow.runs.setup.meshes import CABIN_EXTENT, cells_across, plume_extent

Json: TypeAlias = dict[str, Any]

ANSWERING: Final = (
    "compiled.py", "simd.py", "vectors.py", "constants.py",
    "case", "document", "leak", "mesh", "numerics", "physics", "runs", "templates", "theory", "units.py",
)  # fmt: skip
"""Parts of the package on which answers depend."""

DIGITS: Final = 12
"""Significant digits of a group: 1.6 mm / 2 mm and 0.8 mm / 1 mm differ in the last of 16."""

TEMPLATE: Final = "orifice"


class Groups(NamedTuple):
    """The ratios that tell flows of one kind apart."""

    pressure_ratio: float
    """Outside over cabin."""
    thickness_ratio: float
    """Wall thickness over diameter or width."""
    heat_capacity_ratio: float


def groups_of(case: Case) -> Groups:
    """The groups of a case with a hole and a reservoir; nan for a pressure that nothing tells."""
    cabin, outside = case.reservoir, case.outside_pressure
    ratio = float("nan") if cabin is None or outside is None else outside / cabin.pressure
    thickness = case.hole.wall_thickness / case.hole.diameter
    return Groups(_rounded(ratio), _rounded(thickness), case.species.heat_capacity_ratio)


def has_groups(case: Case) -> bool:
    """Whether its flow can be scaled: the template's hole, steady, nothing asked for at places in meters."""
    return case.mesh.source == TEMPLATE and case.run.mode == "steady" and not case.probes


def kind_of(case: Case) -> Json:
    """Everything that makes its flow but the groups; flows of one kind are neighbors."""
    hole, mesh, cabin = case.hole, case.mesh, case.reservoir
    warmth = getattr(case.outside, "temperature", None)
    return {
        "shape": hole.shape,
        "chamfer": _rounded(hole.chamfer / hole.diameter),
        "rounding": _rounded(hole.rounding / hole.diameter),
        "outside_temperature": _rounded(warmth / cabin.temperature) if warmth and cabin else 1.0,
        "across": cells_across(case),
        "cabin_extent": mesh.cabin_extent or CABIN_EXTENT,
        "plume_extent": mesh.plume_extent,
        "numerics": case.numerics.model_copy(update={"cfl": Numerics().cfl}).model_dump(),
        "run": case.run.model_dump(exclude={"wall_clock", "end_time"}),
    }


def flow_digest(case: Case) -> str:
    """Names the flow of a case and the sources that compute it."""
    if not has_groups(case):
        return case_digest(case)
    flow = {
        **kind_of(case),
        "plume_extent": case.mesh.plume_extent or _rounded(plume_extent(case)),
        **groups_of(case)._asdict(),
    }
    return _digest(json.dumps(flow, sort_keys=True))


def case_digest(case: Case) -> str:
    """Names a completed case, its mesh file and the sources.

    What it is called, what it writes and how long it may take do not count.
    """
    output = case.output.model_copy(update={"file": case.folder / DEFAULT_RESULT})
    run = case.run.model_copy(update={"wall_clock": None})
    plain = case.model_copy(update={"title": "", "sweep": None, "output": output, "run": run})
    return _digest(plain.completed_text + (_file_digest(case.mesh.file) if case.mesh.file else ""))


def _digest(text: str) -> str:
    return sha256(f"{source_digest(ANSWERING)} {text}".encode()).hexdigest()[:24]


def _file_digest(path: Path) -> str:
    """Of a mesh file; of one that cannot be read, nothing: its run will say so."""
    try:
        state = path.stat()
        return _content_digest(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return ""


@cache
def _content_digest(path: Path, _changed: int, _size: int) -> str:
    """Read once for all points, and again when the file has changed."""
    return sha256(path.read_bytes()).hexdigest()


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS - 1}e}")
