"""Workers on other machines: the workers of a dask scheduler.

Every worker is checked before it computes: it must have the same sources and the same mesh files as this
process, since the ledger names solutions by the digest of these sources.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from breachflow.compiled import code_digest
from breachflow.errors import BreachflowError, CaseError, ResultError, UsageError
from breachflow.runs.progress import StopRequest
from breachflow.sweeps.digest import ANSWERING
from breachflow.sweeps.kind import kind_named
from breachflow.sweeps.workers.local import TASKS_PER_WORKER, LostTask, WorkerOutcome
from breachflow.sweeps.workers.task import Task, TaskResult, solve
from breachflow.version import source_digest

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECTION_TIMEOUT: Final = 10.0
"""Time that a scheduler has to answer, s."""

NO_WORKERS_TIMEOUT: Final = 30.0
"""Time without any worker after which the sweep ends, s."""

POLL_INTERVAL: Final = 1.0
"""Time between two counts of the workers, s."""

FETCH_TIMEOUT: Final = 60.0
"""Time that a result has to arrive, s; it is computed again if its worker is lost by then."""

CLOSE_TIMEOUT: Final = 3.0
"""Time that the connection has to end, s."""

SILENCED_LOGGERS: Final = ("distributed", "distributed.client", "tornado.application")
"""Loggers of dask, silenced because the errors of this module say the same."""


class ClusterWorkers:
    """All workers of a dask scheduler, also those that join later."""

    def __init__(self, address: str, threads: int) -> None:
        """Connect to a scheduler (tcp://HOST:PORT); each task runs on a number of threads.

        Raises UsageError where no scheduler answers or a worker is not fit, ResultError where it is lost.
        """
        self._address, self._threads = address, threads
        self._client = _connected(address)
        self._tasks: dict[str, Future] = {}
        self._ended: SimpleQueue[tuple[str, WorkerOutcome | BreachflowError]] = SimpleQueue()
        self._threads_there, self._counted_at, self._seen_at = 0, 0.0, time.monotonic()
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def free(self) -> int:
        """Number of further tasks that the workers take now. Raises UsageError or ResultError as `wait`."""
        self._count_workers()
        return max(TASKS_PER_WORKER * self._threads_there - len(self._tasks), 0)

    def submit(self, task: Task) -> None:
        """Give a task to the scheduler, which gives it to a worker, and to another one if that is lost.

        Workers of other machines may not have the folder of the sweep: they keep no checkpoints.
        """
        import dask

        name = f"breachflow-{task.solution}-{uuid4().hex}"
        parcel = pickle.dumps(task._replace(threads=self._threads, output=""))
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            future = self._client.submit(
                _call_on_worker(), "solve_parcel", parcel, _sources(), key=name, pure=False
            )
        self._tasks[name] = future
        future.add_done_callback(lambda future: self._fetch(name, task, future))

    def wait(self, seconds: float) -> list[WorkerOutcome]:
        """The next outcome, if there is one within a time in s.

        Raises UsageError where there are no workers or a worker is not fit, ResultError where the scheduler
        is lost.
        """
        try:
            name, outcome = self._ended.get(timeout=seconds)
        except Empty:
            self._count_workers()
            return []
        if isinstance(outcome, BreachflowError):
            raise outcome
        del self._tasks[name]
        return [outcome]

    def close(self) -> None:
        """Close the connection; the scheduler then stops the tasks."""
        with suppress(Exception):  # the scheduler may have ended
            self._client.close(timeout=CLOSE_TIMEOUT)

    def _fetch(self, name: str, task: Task, future: Future) -> None:
        """Store the outcome of a task that has ended. Dask calls this in a thread of its own."""
        try:
            outcome = self._outcome(task, future)
        except TimeoutError:
            future.add_done_callback(lambda future: self._fetch(name, task, future))
        else:
            self._ended.put((name, outcome))

    def _outcome(self, task: Task, future: Future) -> WorkerOutcome | BreachflowError:
        from distributed import KilledWorker

        try:
            result: TaskResult = future.result(timeout=FETCH_TIMEOUT)
        except TimeoutError:
            raise
        except CancelledError:
            return self._scheduler_lost()
        except UsageError as error:
            return error
        except (ImportError, AttributeError) as error:
            return UsageError(f"a worker of {self._address} has no breachflow, or another one: {error}")
        except KilledWorker as error:
            return LostTask(
                task, f"all workers that had it were lost ({error.last_worker.address} was the last)"
            )
        except Exception as error:
            return LostTask(task, f"{type(error).__name__}: {str(error)[:200]}")
        return result

    def _count_workers(self) -> None:
        """Count the threads of all workers, if the last count is old enough."""
        now = time.monotonic()
        if now - self._counted_at < POLL_INTERVAL:
            return
        self._threads_there, self._counted_at = sum(self._ask(self._client.nthreads).values()), now
        if self._threads_there:
            self._seen_at = now
        elif now - self._seen_at > NO_WORKERS_TIMEOUT:
            raise UsageError(
                f"scheduler {self._address}: no workers for {NO_WORKERS_TIMEOUT:g} s; "
                f"{_how_to_start(self._address)}"
            )

    def _check_workers(self) -> None:
        """Check the workers that are there now; later ones are checked with their first task."""
        found = self._ask(lambda: self._client.run(_call_on_worker(), "_sources", on_error="return"))
        for address, sources in found.items():
            if isinstance(sources, (ImportError, AttributeError)):
                raise UsageError(f"worker {address}: it has no breachflow, or another one: {sources}")
            if isinstance(sources, str) and sources != _sources():
                raise _other_version(address)

    def _ask(self, question: Callable[[], Any]) -> Any:
        """The answer of the scheduler to a question. Raises ResultError where it is lost."""
        if self._client.status != "running":
            raise self._scheduler_lost()
        try:
            return question()
        except OSError as error:
            raise self._scheduler_lost() from error

    def _scheduler_lost(self) -> ResultError:
        return ResultError(
            f"scheduler {self._address}: it is gone, or has forgotten the tasks of this sweep; what is done "
            "is written: start it again, and the same command goes on"
        )


def solve_parcel(parcel: bytes, sources: str) -> TaskResult:
    """Called on a worker: solve a pickled task. Raises UsageError where sources or mesh file differ."""
    if sources != _sources():
        raise _other_version(_own_address())
    task: Task = pickle.loads(parcel)
    _require_same_files(task)
    return solve(task, _stop_request())


def _call_on_worker() -> Callable[..., Any]:
    """A function that a worker can call although it may have no breachflow; dask sends it as code."""

    def call(name: str, *arguments: Any) -> Any:
        from breachflow.sweeps.workers import dask as cluster

        return getattr(cluster, name)(*arguments)

    return call


def _sources() -> str:
    return f"{source_digest(ANSWERING)} {code_digest()}"


def _own_address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


def _other_version(address: str) -> UsageError:
    return UsageError(
        f"worker {address}: its breachflow, numba or Python is another than here, and so would be its "
        "answers; install the same there and start it again"
    )


def _require_same_files(task: Task) -> None:
    """Raise UsageError where a file of the case differs: the solution is named by those too."""
    kind = kind_named(task.kind)
    with suppress(CaseError):
        case = kind.read(task.text, Path(task.folder))
        if not kind.files(case) or kind.solution_digest(case) == task.solution:
            return
    raise UsageError(
        f"worker {_own_address()}: the {kind.file} of the case is not in {task.folder} as it is here; "
        "give all workers the same folders"
    )


def _stop_request() -> StopRequest:
    """A stop request for the current task: the scheduler no longer wants it when the sweep has ended."""
    from distributed import get_worker

    worker = get_worker()
    name = worker.get_current_task()

    def stop() -> str | None:
        task = worker.state.tasks.get(name)
        return None if task is not None and task.state == "executing" else "the sweep is over"

    return stop


def _connected(address: str) -> Client:
    """A connection to a scheduler. Raises UsageError where none answers at the address."""
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("a scheduler needs dask: pip install 'breachflow[cluster]'") from error
    place = _place(address)
    for name in SILENCED_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _require_scheduler(address, place)
        return Client(address, timeout=CONNECTION_TIMEOUT, set_as_default=False)
    except Exception as error:
        raise UsageError(
            f"scheduler {address}: no dask scheduler answers there ({_reason(error)}); "
            f"start one by `dask scheduler`, and {_how_to_start(address)}"
        ) from error


def _require_scheduler(address: str, place: tuple[str, int]) -> None:
    """Raise ConnectionError, OSError or TimeoutError where no scheduler answers.

    A client of dask would wait without end for another kind of server, and long where nothing listens.
    """
    socket.create_connection(place, CONNECTION_TIMEOUT).close()
    with ThreadPoolExecutor(1) as pool:  # in a notebook, this thread already runs an event loop
        kind = pool.submit(asyncio.run, asyncio.wait_for(_kind(address), CONNECTION_TIMEOUT)).result()
    if kind != "Scheduler":
        raise ConnectionError(f"it is a {kind.lower()}")


async def _kind(address: str) -> str:
    from distributed import rpc

    async with rpc(address) as server:
        return str((await server.identity())["type"])


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"silence for {CONNECTION_TIMEOUT:g} s"
    if isinstance(error, OSError | ImportError):
        return getattr(error, "strerror", None) or str(error)
    return "something else does"


def _place(address: str) -> tuple[str, int]:
    """Host and port of an address. Raises UsageError where it is no address of a scheduler."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
            return parts.hostname, parts.port
    raise UsageError(
        f"scheduler {address!r}: an address is tcp://HOST:PORT, as `dask scheduler` prints it when it starts"
    )


def _how_to_start(address: str) -> str:
    return f"start workers by `dask worker {address} --nworkers -1 --nthreads 1`, a process for each core"
