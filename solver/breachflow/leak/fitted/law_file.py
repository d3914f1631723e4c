"""The fitted law in the table of a sweep, also as one of the laws that `estimate` chooses from."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

from breachflow.errors import ResultError
from breachflow.leak import conditions
from breachflow.leak.blend.best_estimate import best_estimate_of
from breachflow.leak.breach import Leak
from breachflow.leak.conditions import Condition
from breachflow.leak.fitted.law import FEWEST, HoleShape, LeakLaw
from breachflow.leak.law_flows import by_coefficient
from breachflow.leak.laws import Law
from breachflow.results.files.tables import read_table
from breachflow.results.table import SweepTable
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.rarefied.crack import SIDE_WALLS
from breachflow.words import printable

SAME_EDGE: Final = 1e-6
"""Largest difference of two edge radii over the size that count as equal."""


def read_law(path: str | os.PathLike[str]) -> LeakLaw:
    """The fitted law of the table in a file. Raises ResultError where the table has none."""
    return _fitted(Path(path), read_table(path))


def leak_law(path: str | os.PathLike[str]) -> Law:
    """The fitted law of the table in a file as a leak law, named like the file.

    A law of inviscid flows holds for dense gas and does not depend on the Reynolds number. A law of laminar
    flows depends on the rarefaction parameter. Its walls, viscosity law and Prandtl number are those of its
    points: a thin hole hardly feels the last two, and a crack does not. The uncertainty is at least the
    distance to the best estimate; that of a slit in laminar flow includes the walls at its ends. Raises
    ResultError where the table has no law.
    """
    table = read_table(path)
    fitted = _fitted(Path(path), table)

    def coefficient(leak: Leak) -> Coefficient:
        found = fitted.discharge_coefficient(
            leak.pressure_ratio, leak.breach.depth_ratio, leak.gamma, leak.delta,
            math.degrees(leak.breach.angle), _width_ratio(leak),
        )  # fmt: skip
        distance = 0.0
        if not leak.breach.angle:  # of a slanted hole there is no best estimate
            distance = abs(found.value - best_estimate_of(leak).discharge_coefficient)
        of_planes = fitted.is_laminar and not fitted.has_ends
        ends = SIDE_WALLS * _width_ratio(leak) * found.value if of_planes else 0.0
        return found._replace(uncertainty=max(found.uncertainty, distance) + ends)

    return Law(
        name=str(path),
        title=_title(fitted),
        shape=fitted.shape.description,
        range=fitted.description + ("" if fitted.is_laminar else f", Kn <= {conditions.DENSE:g}"),
        source=_source(table),
        conditions=(
            _shape(fitted.shape),
            _edge(fitted.shape),
            *(() if fitted.is_laminar else (conditions.dense_gas,)),
        ),
        flow=by_coefficient(coefficient),
        inviscid=not fitted.is_laminar,
        takes_slant=True,
    )


def _width_ratio(leak: Leak) -> float:
    """Width over length of a slit, to which the part of both walls at its ends is in proportion; else 0."""
    return 0.0 if leak.breach.length is None else leak.breach.size / leak.breach.length


def _fitted(path: Path, table: SweepTable) -> LeakLaw:
    if table.law is None:
        least = 2 * FEWEST
        raise ResultError(
            f"{path}: this table has no law (/law): that takes {least} different converged flows or more,"
            " over which p_outside/p0, depth/size, the slant, width/length, the gas or, in laminar flow, the"
            " Reynolds number varies"
        )
    try:
        return LeakLaw.from_mapping(table.law)
    except ResultError as error:
        program = printable(table.attributes.get("program", "another version"))
        raise ResultError(f"{path}, written by {program}: {error}") from error


def _title(law: LeakLaw) -> str:
    title = f"fitted to {law.points} computed flows, leave-one-out error {law.leave_one_out:.1g}"
    return f"{title}, mesh error of {law.not_estimated} assumed" if law.not_estimated else title


def _source(table: SweepTable) -> str:
    named = (printable(table.attributes.get(name, "")) for name in ("title", "program"))
    return ", ".join(filter(None, named)) or "a sweep"


def _shape(shape: HoleShape) -> Condition:
    return conditions.round_hole if shape.shape == "round" else conditions.slit


def _edge(shape: HoleShape) -> Condition:
    def check(leak: Leak) -> str:
        if shape.chamfer_ratio > 0.0:
            return f"for an edge with a chamfer of {shape.chamfer_ratio:.6g} sizes"
        ratio = leak.breach.edge_radius / leak.breach.size
        if abs(ratio - shape.rounding_ratio) <= SAME_EDGE:
            return ""
        return f"edge radius/size = {ratio:.6g} is not {shape.rounding_ratio:.6g}"

    return check
