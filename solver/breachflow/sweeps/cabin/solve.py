"""A worker's march through a cabin."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from breachflow.cabin.answer.answer import CabinAnswer, marched
from breachflow.cabin.answer.result import UNIT
from breachflow.cabin.answer.series import series_of
from breachflow.cabin.answer.summary import quantities_of
from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cabin.paths.estimated import LawEnds
from breachflow.document.toml_text import dotted
from breachflow.errors import CaseError
from breachflow.results import Quantity
from breachflow.results.cautions import joined
from breachflow.results.data import Summary
from breachflow.results.files.cabin.series import series_bytes
from breachflow.runs.progress import StopRequest
from breachflow.sweeps.workers.task import SolvedTask, Task

COMMAND: Final = "breachflow sweep"


def read_cabin(text: str, folder: Path) -> CabinCase:
    """The case in a text; paths in it are relative to a folder. Raises CaseError where it is not valid."""
    return parse_cabin(text, path=folder / "case.toml", allow_outside=True)


def solve_swept_cabin(task: Task, stop: StopRequest | None) -> SolvedTask:
    """March through the case of a task. Raises BreachflowError where that fails."""
    case = read_cabin(task.text, Path(task.folder))
    try:
        answer = marched(case, stop=stop)
    except LawEnds as end:  # lines of the completed text are none of the user's file
        raise CaseError(f"{dotted(('leak', end.leak))}: {end}") from end
    image = series_bytes(series_of(answer, COMMAND, UNIT))
    return SolvedTask(swept_summary(answer), image, stopped=bool(answer.record.stopped))


def swept_summary(answer: CabinAnswer) -> Summary:
    """The numbers of the answer, the limit and the model that they are of, and the cautions."""
    texts = {
        "reserve_limit": Quantity(
            "" if answer.reserve is None else answer.reserve.limit, "", "limit of the reserve time"
        ),
        "other_thermal": Quantity(
            "" if answer.other is None else answer.other.thermal, "", "the other thermal model"
        ),
        "caution": Quantity(joined(answer.cautions), "", "what to know beside the numbers"),
    }
    return {**quantities_of(answer), **texts}
