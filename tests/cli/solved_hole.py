"""A case of a hole, its expected number, and a stand-in for the solver that writes a small result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
from one_cell import one_cell

from breachflow.case import Case
from breachflow.results import Column, Quantity, Result, ResultData, read_result, write_result

CASE = """
title = "A hole of mine"
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "vacuum" }
"""

RIGHT = """
[[expected]]
quantity = "discharge_coefficient"
value = 0.83
tolerance = 0.01
why = "mesh"
source = "me"
"""


def result_data(case: Case) -> ResultData:
    return one_cell(
        case,
        summary={
            "mass_flow": Quantity(6.2e-4, "kg/s", "mass flow"),
            "discharge_coefficient": Quantity(0.832, "1", "mass flow over the ideal one"),
            "discharge_coefficient_uncertainty": Quantity(0.0012, "1", "its uncertainty"),
            "observed_order": Quantity(0.75, "1", "of the discharge coefficient"),
            "converged": Quantity(True, "", "whether the run met its criteria"),
            "stopped": Quantity("", "", "why it was stopped"),
            "cells": Quantity(1024, "1", "cells"),
            "wall_time": Quantity(1.5, "s", "time of the run"),
        },
        history={
            "level": Column(np.array([1, 1, 2, 3]), "1", "mesh of the sequence"),
            "discharge_coefficient": Column(np.array([0.8, 0.84, 0.835, 0.832]), "1", "its record"),
        },
    )


def runs_without_solver(acts: list[Callable[[], None]]) -> ModuleType:
    """A stand-in for `breachflow.runs.run`. Each run first calls the next of `acts`, if one is left."""

    def run(case: Case, *, output: Path, **_: object) -> Result:
        if acts:
            acts.pop(0)()
        write_result(output, result_data(case))
        return read_result(output)

    module = ModuleType("breachflow.runs.run")
    module.run = run  # type: ignore[attr-defined]
    return module
