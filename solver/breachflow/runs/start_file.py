"""An earlier result as the start of a run, of a neighboring case or of this one."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.case.similarity import same_gas
from breachflow.errors import ResultError, UsageError
from breachflow.results import read_result
from breachflow.runs.setup.meshes import case_mesh, mesh_lines
from breachflow.runs.solve.transfer import Neighbor, can_transfer, solved_state

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh
    from breachflow.results import Result

DIGEST_LENGTH: Final = 16

STATE: Final = {"density": (), "pressure": (), "velocity": (3,)}
"""The fields that a run starts from, with the shape of a value."""


def mesh_digest(mesh: Mesh) -> str:
    """Digest of the points and cells of a mesh."""
    return sha256(mesh.points.tobytes() + mesh.cell_points.tobytes()).hexdigest()[:DIGEST_LENGTH]


def start_from(path: Path, case: Case) -> Neighbor:
    """The state in a result, from which the run of a case starts.

    Raises UsageError where the case cannot start from it, ResultError where it cannot be read.
    """
    if case.run.mode != "steady" or case.exact is not None:
        raise UsageError(f"{path}: only a steady run without an exact solution starts from a result")
    if case.initial is not None:
        raise UsageError(f"{path}: the case states another start in [initial]; remove one of the two")
    result = read_result(path)
    other = result.case
    difference = _what_differs(case, other, result)
    if difference:
        raise UsageError(f"{path}: is no start for this case: {difference}")
    for name, width in STATE.items():
        values = result.fields[name].values
        if values.shape[1:] != width or not np.isfinite(values).all() or (not width and values.min() <= 0.0):
            raise ResultError(f"{path}: field {name!r}: is no state of a gas, which a run could start from")
    return Neighbor(other, solved_state(other, result.fields), 1.0)


def _what_differs(case: Case, other: Case, result: Result) -> str:
    """Why a case cannot start from a result; empty where it can."""
    if not same_gas(case, other):
        return f"its gas is {other.species.name}, not {case.species.name}, or has other numbers"
    if can_transfer(case, other):
        lines = mesh_lines(other)[-1]
        is_ours = len(result.fields["density"].values) == lines.lines * lines.rows
        return "" if is_ours else "its mesh is that of an earlier version"
    if mesh_lines(case):
        return "its mesh does not correspond: template, hole, resolution or domain differ"
    if result.provenance.get("mesh_digest") == mesh_digest(case_mesh(case)):
        return ""
    return "its mesh is another one"
