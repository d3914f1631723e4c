"""A result of a single cell, with the summary and history that a test gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from breachflow.case import Case
from breachflow.results import Column, Quantity, ResultData


def one_cell(case: Case, summary: Mapping[str, Quantity], history: Mapping[str, Column]) -> ResultData:
    return ResultData(
        points=np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
        cell_offsets=np.array([0, 4], dtype=np.int32),
        cell_points=np.arange(4, dtype=np.int32),
        cell_types=np.array([9], dtype=np.uint8),
        fields={},
        summary=dict(summary),
        history=dict(history),
        case_text=case.text,
        case_completed=case.completed_text,
        provenance={"title": case.title},
    )
