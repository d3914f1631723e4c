"""The case: what a person writes, checked at the gate and in SI units inside.

Names are imported when first used, so that the units alone cost no pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from breachflow.case.read import load_case, parse_case
    from breachflow.case.schema import Case
    from breachflow.case.schema_json import json_schema
    from breachflow.case.sweep.points import SweepAxis, SweepPoint, sweep_axes, sweep_points
    from breachflow.case.template import starting_case

__all__ = [
    "Case",
    "SweepAxis",
    "SweepPoint",
    "json_schema",
    "load_case",
    "parse_case",
    "starting_case",
    "sweep_axes",
    "sweep_points",
]

_HOMES = {
    "Case": "schema",
    "SweepAxis": "sweep.points",
    "SweepPoint": "sweep.points",
    "json_schema": "schema_json",
    "load_case": "read",
    "parse_case": "read",
    "starting_case": "template",
    "sweep_axes": "sweep.points",
    "sweep_points": "sweep.points",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
