"""Digests of cases and flows, by which equal points of a sweep are found.

Points of one flow share its solution, which is solved once (`breachflow.case.similarity`). A digest also
names the sources of the package that answers depend on.
"""

from __future__ import annotations

import json

from breachflow.case.mesh_setting import mesh_setting
from breachflow.case.schema import DEFAULT_RESULT, Case
from breachflow.case.similarity import Number, flow_numbers, has_scaled_flow, kind_numbers, rounded
from breachflow.sweeps.digest import digest_of, file_digest
from breachflow.templates.source import MeshSetting


def kind_of(case: Case) -> dict[str, Number]:
    """Common properties of all flows of one kind: edges, mesh, numerics, and every key without a group.

    What the template chooses by the pressures, the slant or the length of a slit does not count: flows of one
    kind may differ in it.
    """
    setting = mesh_setting(case)
    hole = None if setting.hole is None else setting.hole._replace(length=None, angle=0.0)
    setting = setting._replace(hole=hole, driving_pressure=None, outside_pressure=None)
    return kind_numbers(_with_mesh_choices(case, setting))


def flow_digest(case: Case) -> str:
    """Name of the flow of a case and of the sources that compute it: 24 hexadecimal digits."""
    if not has_scaled_flow(case):
        return case_digest(case)
    return digest_of(json.dumps(flow_numbers(_with_mesh_choices(case, mesh_setting(case))), sort_keys=True))


def case_digest(case: Case) -> str:
    """Name of a completed case, of its mesh files and of the sources: 24 hexadecimal digits.

    The title, the output and the time limit of a case do not count.
    """
    output = case.output.model_copy(update={"file": case.folder / DEFAULT_RESULT})
    run = case.run.model_copy(update={"wall_clock": None})
    plain = case.model_copy(update={"title": "", "sweep": None, "output": output, "run": run})
    return digest_of(plain.completed_text + "".join(map(file_digest, case.mesh.mesh_files)))


def _with_mesh_choices(case: Case, setting: MeshSetting) -> Case:
    """The case with the numbers that its mesh is made with, so that two spellings of one mesh agree."""
    mesh = case.mesh.resolved(setting)
    chosen = {
        name: rounded(value)
        for name, value in mesh
        if isinstance(value, float) and getattr(case.mesh, name) is None
    }
    return case.model_copy(update={"mesh": mesh.model_copy(update=chosen)})
