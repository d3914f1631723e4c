"""The Mach disk of a plume against little gas outside: where the numerical flux is softened at shocks."""

from __future__ import annotations

from breachflow.case.schema import Case
from breachflow.runs.setup.reference import is_spatial, reference_of
from breachflow.runs.setup.stream.slow_gas import keeps_contacts
from breachflow.theory.streams.jet import MACH_DISK_RANGE


def has_mach_disk(case: Case) -> bool:
    """Whether a plume ends in a strong normal shock on its axis: the gas outside is known and thin enough.

    In space it is not looked for: the cells along the axis of the hole form no line.
    """
    outside = case.outside_pressure
    if case.orifice is None or case.run.mode != "steady" or outside is None or is_spatial(case):
        return False
    return 0.0 < outside < reference_of(case).pressure / MACH_DISK_RANGE[0]


def softens_shocks(case: Case) -> bool:
    """Whether HLLC gives way to HLLE at shocks: in the steady plume of a given stream with a Mach disk.

    Behind a sharp hole, on cells of 4 % of the distance, the barrel shocks then meet on the axis.
    """
    return case.mesh.is_a_jet and keeps_contacts(case) and has_mach_disk(case)
