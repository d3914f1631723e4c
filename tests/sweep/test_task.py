"""The outcome of a task by a worker, with and without errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread

import pytest
from small_sweeps import SIZES_AND_WALLS, Here, case_text, small_case, swept, written

from breachflow.case import load_case
from breachflow.errors import MeshError, NonPhysicalState, NotEnoughMemory
from breachflow.results import read_result
from breachflow.results.checkpoint.pair import has_checkpoint
from breachflow.runs import run as module
from breachflow.runs.progress import StopRequest
from breachflow.runs.solve.transfer import solved_state
from breachflow.sweeps.driver import SweepRun
from breachflow.sweeps.ledger import Ledger
from breachflow.sweeps.plan import make_plan
from breachflow.sweeps.record import SweepRecord
from breachflow.sweeps.workers import process as worker
from breachflow.sweeps.workers.local import LostTask
from breachflow.sweeps.workers.task import NeighborTask, Task, solve

pytestmark = pytest.mark.usefixtures("one_thread")

TEXT = small_case().completed_text


def test_an_answer_has_all_that_is_written_of_it(tmp_path: Path) -> None:
    answer = solve(Task("flow", TEXT, str(tmp_path)))
    assert (answer.solution, answer.error, answer.stopped, answer.lasting) == ("flow", "", False, True)
    assert answer.summary["converged"].value is True
    assert answer.seconds > 0.0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "result.vtkhdf").write_bytes(answer.image)
    result = read_result(tmp_path / "result.vtkhdf")
    assert result.discharge_coefficient == answer.summary["discharge_coefficient"].value
    assert result.provenance["command"] == "breachflow sweep"
    assert answer.state is not None
    assert solved_state(small_case(), result.fields).tobytes() == answer.state.tobytes()


def test_neighbors_of_another_kind_are_no_start(tmp_path: Path) -> None:
    task = Task("flow", TEXT, str(tmp_path))
    other = solve(task._replace(text=small_case("slit").completed_text))
    assert other.state is not None
    near = NeighborTask(small_case("slit").completed_text, other.state, 1.0)
    found, cold = solve(task._replace(neighbors=(near,))), solve(task)
    assert found.summary["discharge_coefficient"] == cold.summary["discharge_coefficient"]
    assert found.summary["iterations"] == cold.summary["iterations"]


def test_a_task_that_is_stopped(tmp_path: Path) -> None:
    answer = solve(Task("flow", TEXT, str(tmp_path)), lambda: "the sweep is over")
    assert (answer.stopped, answer.error) == (True, "")


def test_a_task_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """From its checkpoint, to the same bits; that of another start is replaced."""
    task = Task("flow", TEXT, str(tmp_path))
    whole, kept, calls = solve(task), task._replace(output=str(tmp_path / "flow.vtkhdf")), count(1)
    assert solve(kept, lambda: "the sweep is over" * (next(calls) > 15) or None).stopped
    assert has_checkpoint(Path(kept.output))
    asked: tuple[list[int], list[int]] = [], []
    solve(task, lambda: asked[0].append(1))
    answer = solve(kept, lambda: asked[1].append(1))
    assert len(asked[1]) == len(asked[0]) - 16
    assert answer.state is not None
    assert whole.state is not None
    assert answer.state.tobytes() == whole.state.tobytes()
    assert {**answer.summary, "wall_time": 0} == {**whole.summary, "wall_time": 0}
    near = NeighborTask(TEXT, whole.state, 1.0)
    cold, other = (solve(one._replace(neighbors=(near,))) for one in (task, kept))
    assert {**cold.summary, "wall_time": 0} == {**other.summary, "wall_time": 0}


def test_a_limit_of_time_is_no_stop(tmp_path: Path) -> None:
    text = small_case("round", 0.0, 0.0, "run.wall_clock=1e-9 s").completed_text
    for stop in (None, lambda: None):
        answer = solve(Task("flow", text, str(tmp_path)), stop)
        assert (answer.stopped, answer.lasting) == (False, False)
        assert answer.error == "run.wall_clock = 1e-09 s is over"


@pytest.mark.parametrize(
    ("raised", "error", "lasting"),
    [
        (MemoryError(), "there is not enough memory; choose a coarser mesh or fewer workers", False),
        (NotEnoughMemory("the run needs about 9 GB"), "the run needs about 9 GB", False),
        (NonPhysicalState("the density fell below zero"), "the density fell below zero", True),
        (MeshError("the template folds"), "the template folds", True),
        (KeyError("mistake"), "a fault of breachflow itself: KeyError: 'mistake'", False),
    ],
)
def test_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, error: str, lasting: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(module, "compute", fail)
    answer = solve(Task("flow", TEXT, str(tmp_path)))
    assert (answer.error, answer.lasting, answer.stopped, answer.state) == (error, lasting, False, None)
    assert (answer.summary, answer.image) == ({}, b"")


def test_a_case_that_cannot_be_read(tmp_path: Path) -> None:
    answer = solve(Task("flow", case_text(shape="round").replace("2 mm", "2"), str(tmp_path)))
    assert answer.lasting
    assert answer.error.startswith(f"{tmp_path}/case.toml:")


# ---- the process of a worker ----


@contextmanager
def serving() -> Iterator[tuple[Connection, Thread]]:
    """The loop of a worker, with the other end of its pipe."""
    ours, theirs = Pipe()
    thread = Thread(target=worker.serve, args=(theirs,), daemon=True)
    thread.start()
    with ours:
        yield ours, thread


def test_tasks_wait_for_their_turn() -> None:
    bad = [Task(name, "no case", "/") for name in ("first", "second")]
    with serving() as (pipe, thread):
        for task in bad:
            pipe.send(task)
        assert [pipe.recv().solution for _ in bad] == ["first", "second"]
        assert thread.is_alive()


@pytest.mark.parametrize("busy", [False, True])
def test_a_worker_ends_with_its_pipe(monkeypatch: pytest.MonkeyPatch, busy: bool) -> None:
    """A worker ends at once when it is idle, or at the next check of its run."""
    begun, reasons = Event(), []

    def endless(_: Task, stop: StopRequest) -> str:
        begun.set()
        while not (reason := stop()):
            time.sleep(0.001)
        reasons.append(reason)
        return reason

    monkeypatch.setattr(worker, "solve", endless)
    with serving() as (pipe, thread):
        if busy:
            pipe.send(Task("flow", TEXT, "/"))
            assert begun.wait(20.0)
    thread.join(20.0)
    assert not thread.is_alive()
    assert reasons == (["the sweep is over"] if busy else [])


# ---- the record of the workers ----


def test_states_are_kept_no_longer_than_flows_start_from_them(tmp_path: Path) -> None:
    """The record is right with lost workers and with solutions that were in the ledger before."""
    case = load_case(written(tmp_path, swept(SIZES_AND_WALLS)))
    plan, lost = make_plan(case), []

    def lose(task: Task) -> LostTask | None:
        lost.append(task.solution)
        return LostTask(task, "") if lost.count(task.solution) == 1 else None

    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = Here()
        record = SweepRecord(plan, ledger, tmp_path)
        SweepRun(plan, record, lambda _: None, lambda: "enough" if len(first.tasks) > 2 else None).work(first)
        assert 0 < len(record.entries) < len(plan.solutions)
        record = SweepRecord(plan, ledger, tmp_path)
        SweepRun(plan, record, lambda _: None, lambda: None).work(Here(lose))
        assert len(record.entries) == len(plan.solutions)
        assert record._states == {}
