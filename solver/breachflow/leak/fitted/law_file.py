"""The law that is stored with the table of a sweep, and that law among the others that estimate leaks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from breachflow.errors import ResultError
from breachflow.leak import conditions as validity
from breachflow.leak.breach import Leak
from breachflow.leak.conditions import Condition
from breachflow.leak.fitted.law import FEWEST, Fixed, LeakLaw
from breachflow.leak.law_flows import by_coefficient
from breachflow.leak.laws import Law
from breachflow.results.files.tables import read_table
from breachflow.results.table import SweepTable
from breachflow.theory.coefficient import Coefficient
from breachflow.words import printable

SAME_EDGE: Final = 1e-6
"""Of the size."""


def read_law(path: str | os.PathLike[str]) -> LeakLaw:
    """The law fitted to the table in a file; raises ResultError where there is none."""
    return _fitted(Path(path), read_table(path))


def leak_law(path: str | os.PathLike[str]) -> Law:
    """The same as one of the leak laws, named as its file is.

    It is computed without friction: it holds for dense gas, as the other inviscid laws do, and knows nothing
    of the Reynolds number.
    """
    table = read_table(path)
    fitted = _fitted(Path(path), table)

    def coefficient(leak: Leak) -> Coefficient:
        return fitted.discharge_coefficient(leak.pressure_ratio, leak.breach.depth_ratio, leak.gamma)

    return Law(
        name=str(path),
        title=_title(fitted),
        shape=fitted.fixed.description,
        range=f"{fitted.description}, Kn <= {validity.DENSE:g}",
        source=_source(table),
        conditions=(_shape(fitted.fixed), _edge(fitted.fixed), validity.dense_gas),
        flow=by_coefficient(coefficient),
        inviscid=True,
    )


def _fitted(path: Path, table: SweepTable) -> LeakLaw:
    if table.law is None:
        least = 2 * FEWEST
        raise ResultError(
            f"{path}: this table has no law: that takes {least} different converged flows or more, over which"
            " p_outside/p0, depth/size or the gas varies"
        )
    try:
        return LeakLaw.from_mapping(table.law)
    except ResultError as error:
        raise ResultError(f"{path}: {error}") from error


def _title(law: LeakLaw) -> str:
    title = f"fitted to {law.points} computed flows, leave-one-out error {law.leave_one_out:.1g}"
    return f"{title}, mesh error of {law.not_estimated} assumed" if law.not_estimated else title


def _source(table: SweepTable) -> str:
    named = (printable(table.attributes.get(name, "")) for name in ("title", "program"))
    return ", ".join(filter(None, named)) or "a sweep"


def _shape(fixed: Fixed) -> Condition:
    return validity.round_hole if fixed.shape == "round" else validity.slit


def _edge(fixed: Fixed) -> Condition:
    def check(leak: Leak) -> str:
        if fixed.chamfer_ratio > 0.0:
            return f"for an edge with a chamfer of {fixed.chamfer_ratio:.6g} sizes"
        ratio = leak.breach.edge_radius / leak.breach.size
        if abs(ratio - fixed.rounding_ratio) <= SAME_EDGE:
            return ""
        return f"edge radius/size = {ratio:.6g} is not {fixed.rounding_ratio:.6g}"

    return check
