"""What a sweep needs to know of the cases of one kind; the rest of a sweep is the same for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from breachflow.document.sweep.rules import SweptDocument
from breachflow.results.data import Summary

if TYPE_CHECKING:
    from breachflow.leak.fitted.law import LeakLaw
    from breachflow.runs.progress import StopRequest
    from breachflow.sweeps.columns import PointRow, TableColumn
    from breachflow.sweeps.workers.task import SolvedTask, Task

KINDS: Final = {"Case": "flow", "CabinCase": "cabin"}
"""Name of the kind of each model of a case; `sweeps/NAME/kind.py` has the kind."""


class Parent(NamedTuple):
    """A solution from which another solution starts."""

    solution: str
    """Its digest."""
    weight: float
    """Weight in the mean of all parents; the weights add up to 1."""


class OrderedSolution(NamedTuple):
    """A solution in the order of computation."""

    digest: str
    parents: tuple[Parent, ...] = ()
    """Solutions to start from; empty if it starts from the ordinary initial state."""


def as_they_come(cases: Mapping[str, Any]) -> Iterator[OrderedSolution]:
    """The solutions in the order of their first points; none starts from another."""
    return map(OrderedSolution, cases)


def _no_files(_: Any) -> Sequence[Path]:
    return ()


def _no_reasons(cases: Iterable[Any]) -> Iterator[str]:
    return ("" for _ in cases)


def _no_cells(_: Any) -> int:
    return 0


def _equal(_case: Any, _cells: int, _started: bool) -> float:
    return 1.0


def _nothing(*_: Any) -> None:
    return


def _as_it_is(_: Any, summary: Summary) -> Summary:
    return summary


def _no_law(_: Sequence[PointRow]) -> tuple[LeakLaw | None, str]:
    return None, ""


@dataclass(frozen=True)
class SweepKind:
    """How cases of one kind are named, ordered, computed and told."""

    name: str
    """Word for a solution, "flow" or "cabin"."""
    suffix: str
    """Of result files."""
    read: Callable[[str, Path], Any]
    """The case in a text; paths in it are relative to a folder."""
    case_digest: Callable[[Any], str]
    """Name of a case, of the files that it reads and of the sources of the package."""
    solution_digest: Callable[[Any], str]
    """Name of the solution that answers a case; cases with equal names share one."""
    solve: Callable[[Task, StopRequest | None], SolvedTask]
    """Compute a task. Raises BreachflowError where that fails."""
    status: Callable[[Summary], str]
    """Status of a point with this summary."""
    columns: Callable[[Any, Sequence[PointRow]], Iterator[TableColumn]]
    """Columns of the table after the swept ones, for the first case and all rows."""
    good: str
    """Status of a point whose numbers can be trusted."""
    files: Callable[[Any], Sequence[Path]] = _no_files
    """Files that a case reads, which workers must have too."""
    file: str = "file"
    """Word for such a file."""
    order: Callable[[Mapping[str, Any]], Iterator[OrderedSolution]] = as_they_come
    """The order of solutions, of which the first case is given by digest."""
    refusals: Callable[[Iterable[Any]], Iterator[str]] = _no_reasons
    """Why each case cannot be computed, as far as is known before; empty where it can."""
    cells: Callable[[Any], int] = _no_cells
    """Cells of the finest mesh of a case; 0 where they are not known."""
    cost: Callable[[Any, int, bool], float] = _equal
    """Weight of a solution in the progress: the case, its cells, whether it starts from others."""
    knows_seconds: bool = False
    """Whether that weight is the estimated processor time, s; 0 where it is not known."""
    memory: Callable[[Any, int], float] | None = None
    """Peak memory of a worker, bytes, for a case and the cells of its finest mesh."""
    require: Callable[[int], object] = _nothing
    """Check the settings of this process for a number of threads. Raises UsageError."""
    warm_up: Callable[[Any, StopRequest], object] = _nothing
    """What is done once before workers of this machine start, for the first case; a stop request ends it."""
    shared: str = ""
    """What is said of points that share a solution, after the number of solutions."""
    started: str = ""
    """What is said of those that start from others, with their number as {}."""
    scaled: Callable[[Any, Summary], Summary] = _as_it_is
    """The answer of a case, made from the summary of another that shares its solution."""
    law: Callable[[Sequence[PointRow]], tuple[LeakLaw | None, str]] = _no_law
    """The law fitted to the rows, or why there is none."""

    @property
    def compiles(self) -> bool:
        """Whether kernels are compiled before the first solution."""
        return self.warm_up is not _nothing


def kind_named(name: str) -> SweepKind:
    """The kind of a name."""
    found: SweepKind = import_module(f"breachflow.sweeps.{name}.kind").KIND
    return found


def kind_of(case: SweptDocument) -> SweepKind:
    """The kind of a case."""
    return kind_named(KINDS[type(case).__name__])
