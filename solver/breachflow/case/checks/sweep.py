"""What may be swept in the case of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.schema import Case
from breachflow.document.faults import DottedKey, Fault
from breachflow.document.sweep.rules import SweepRules
from breachflow.templates.registry import owners

_NO_FLOW: Final = "it changes no flow"
_STEADY: Final = "a sweep is of steady runs"
_EACH_MESH: Final = "each mesh has keys of its own; write a case for each"

_REFUSED: Final[dict[DottedKey, str]] = {
    ("title",): _NO_FLOW,
    ("mesh", "template"): _EACH_MESH,
    ("mesh", "geometry"): _EACH_MESH,
    ("orifice", "shape"): "each shape has keys of its own; write a case for each",
    ("boundary", "*", "kind"): "each kind has keys of its own; write a case for each; "
    'an outlet at "0 Pa" is a vacuum',
    ("exact",): "it belongs to verification",
    ("run", "mode"): _STEADY,
    ("run", "end_time"): _STEADY,
    ("run", "time_step"): _STEADY,
    ("run", "wall_clock"): _NO_FLOW,
    ("probes",): _NO_FLOW,
    ("sweep",): "it is the sweep itself",
    ("output",): "it changes no flow; a sweep names its own files",
}


def _whole(case: Case) -> Iterator[Fault]:
    if case.exact is not None:
        yield Fault(("sweep",), "a case with [exact] cannot be swept; remove [sweep]")
    elif case.orifice is None:
        yield Fault(("sweep",), "a case without [orifice] cannot be swept; remove [sweep]")
    elif case.run.mode == "transient":
        yield Fault(("sweep",), 'a transient run cannot be swept; write mode = "steady" in [run]')


def _owner(case: Case, key: DottedKey) -> str:
    """The meshes that a key of [mesh] belongs to, where it does not belong to the case's."""
    return owners(key[1], case.mesh.source) if len(key) > 1 and key[0] == "mesh" else ""


FLOW_SWEEP: Final = SweepRules('"orifice.diameter" = ["1 mm", "2 mm"]', _REFUSED, _whole, _owner)
