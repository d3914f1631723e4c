"""Results of runs, tables of sweeps, and their files: HDF5 that ParaView, pyvista and xarray open."""

from __future__ import annotations

from breachflow.results.data import (
    LAW,
    CellTopology,
    Column,
    Field,
    Patch,
    Quantity,
    ResultData,
    Snapshot,
    was_stopped,
)
from breachflow.results.files.lock import output_lock
from breachflow.results.files.read import read_result
from breachflow.results.files.write import SnapshotWriter, result_bytes, write_result
from breachflow.results.result import Result

__all__ = [
    "LAW",
    "CellTopology",
    "Column",
    "Field",
    "Patch",
    "Quantity",
    "Result",
    "ResultData",
    "Snapshot",
    "SnapshotWriter",
    "output_lock",
    "read_result",
    "result_bytes",
    "was_stopped",
    "write_result",
]
