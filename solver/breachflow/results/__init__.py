"""Result files: one HDF5 file a run, in the VTKHDF layout that ParaView and pyvista open."""

from __future__ import annotations

from breachflow.results.data import LAW, CellTopology, Column, Field, Patch, Quantity, ResultData, Snapshot
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
    "write_result",
]
