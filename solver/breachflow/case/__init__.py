"""The case: what a person writes, checked when it is read and in SI units inside."""

from __future__ import annotations

from breachflow.case.read import load_case, parse_case
from breachflow.case.schema import Case, json_schema
from breachflow.document.sweep.points import SweepAxis, SweepPoint, sweep_axes, sweep_points

__all__ = [
    "Case",
    "SweepAxis",
    "SweepPoint",
    "json_schema",
    "load_case",
    "parse_case",
    "sweep_axes",
    "sweep_points",
]
