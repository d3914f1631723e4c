"""What a sweep needs to know of cabins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.cabin.grammar.leaks import Fitted
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.results.data import Summary
from breachflow.sweeps.cabin.columns import cabin_columns
from breachflow.sweeps.cabin.solve import read_cabin, solve_swept_cabin
from breachflow.sweeps.digest import digest_of, file_digest
from breachflow.sweeps.kind import SweepKind

COMPUTED: Final = "computed"
"""Status of a point with an answer: a march ends, or fails."""

_RESULT: Final = "cabin.h5"


def _files(case: CabinCase) -> Sequence[Path]:
    """The tables of fitted laws."""
    return [leak.path for leak in case.leak.values() if isinstance(leak, Fitted)]


def cabin_digest(case: CabinCase) -> str:
    """Name of a completed case, of the tables that it reads and of the sources: 24 hexadecimal digits.

    The title, who states a limit, and the output of a case do not count.
    """
    output = case.output.model_copy(update={"file": case.folder / _RESULT})
    limits = {name: one.model_copy(update={"source": None}) for name, one in case.limit.items()}
    plain = case.model_copy(update={"title": "", "sweep": None, "output": output, "limit": limits})
    return digest_of(plain.completed_text + "".join(map(file_digest, _files(case))))


def _status(_: Summary) -> str:
    return COMPUTED


KIND: Final = SweepKind(
    name="cabin",
    suffix=".h5",
    read=read_cabin,
    case_digest=cabin_digest,
    solution_digest=cabin_digest,
    solve=solve_swept_cabin,
    status=_status,
    columns=cabin_columns,
    good=COMPUTED,
    files=_files,
    file="table of a leak law",
)
