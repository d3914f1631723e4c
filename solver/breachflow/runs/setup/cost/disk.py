"""Room on the disk that a run needs, and whether it is there, known before the run is solved.

The files of runs of 400 to 17 000 cells in the plane had 55 bytes per cell of the result and 90 of each of
its two checkpoints. A snapshot has 15 kB, and up to 45 bytes per cell where all gas moves, of 48.
"""

from __future__ import annotations

from math import inf
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.errors import ResultError
from breachflow.words import byte_count

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh

BYTES_OF_FILES: Final = 300_000
BYTES_OF_FILES_PER_CELL: Final = {2: 240, 3: 350}
"""Of a result and two checkpoints together, by the dimension of the mesh."""

BYTES_OF_SNAPSHOT: Final = 15_000
BYTES_PER_CELL_OF_SNAPSHOT: Final = 45


class DiskNeed(NamedTuple):
    """Bytes that the files of a run take: what they do at least, and where all gas moves in each snapshot."""

    least: int
    most: int


def disk_need(case: Case, mesh: Mesh, written: int = 0) -> DiskNeed:
    """What a run still writes, of whose snapshots so many are written."""
    snapshots = max(case.output.snapshots - written, 0)
    least = (
        BYTES_OF_FILES
        + BYTES_OF_FILES_PER_CELL[mesh.dimension] * mesh.n_cells
        + BYTES_OF_SNAPSHOT * snapshots
    )
    return DiskNeed(least, least + BYTES_PER_CELL_OF_SNAPSHOT * mesh.n_cells * snapshots)


def require_disk(need: DiskNeed, output: Path) -> str:
    """What is to be told where the files of a run may not find room beside its result; empty where they do.

    Raises ResultError where they do not.
    """
    if (free := _free(output.parent)) < need.least:
        fewer = ", or fewer [output] snapshots" if need.most > need.least else ""
        raise ResultError(
            f"{output}: the run needs at least {byte_count(need.least)} of disk and {byte_count(free)} are "
            f"free: free some space, choose another place with -o{fewer}"
        )
    return shortage(need, output)


def shortage(need: DiskNeed, output: Path) -> str:
    """How much the files of a run take where that may be more than is free beside its result; else empty."""
    if (free := _free(output.parent)) >= need.most:
        return ""
    return (
        f"the files of the run take up to {byte_count(need.most)} of disk and {byte_count(free)} are free: a "
        "run that finds the disk full ends; its last checkpoint is kept"
    )


def _free(folder: Path) -> float:
    """Bytes that may be written in a folder; infinite where the system does not tell."""
    try:
        return disk_usage(folder).free
    except OSError:
        return inf
