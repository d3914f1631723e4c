"""Workers on other machines: those of a dask scheduler.

Whatever the scheduler and its workers have is checked: answers of other sources must not come into the
books of these.
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

from breachflow.compiled import source_digest
from breachflow.errors import BreachflowError, CaseError, ResultError, UsageError
from breachflow.runs.progress import StopRequest
from breachflow.sweeps.similarity import ANSWERING, flow_digest
from breachflow.sweeps.workers.local import DEPTH, Lost, Outcome
from breachflow.sweeps.workers.task import Answer, Task, solve

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECTING: Final = 10.0
"""s that a scheduler has to answer."""

PATIENCE: Final = 30.0
"""s without any worker after which the sweep ends."""

LOOK: Final = 1.0
"""s between two looks at who has joined and left."""

FETCHING: Final = 60.0
"""s that an answer has to come; it must be computed again if its worker is gone by then."""

FAREWELL: Final = 3.0
"""s that the connection has to end."""

CHATTER: Final = ("distributed", "distributed.client", "tornado.application")
"""Loggers that say in their own words what a message of ours says."""


class ClusterWorkers:
    """All workers of a dask scheduler, also those that join later; each task on so many threads."""

    def __init__(self, address: str, threads: int) -> None:
        self._address, self._threads = address, threads
        self._client = _connected(address)
        self._tasks: dict[str, Future] = {}
        self._ended: SimpleQueue[tuple[str, Outcome | BreachflowError]] = SimpleQueue()
        self._there, self._looked, self._seen = 0, 0.0, time.monotonic()
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def free(self) -> int:
        """How many more tasks its workers take now."""
        self._look()
        return max(DEPTH * self._there - len(self._tasks), 0)

    def submit(self, task: Task) -> None:
        """Give a task to the scheduler, which finds a worker, and another if that one is lost."""
        import dask

        name = f"breachflow-{task.flow}-{uuid4().hex}"
        parcel = pickle.dumps(task._replace(threads=self._threads))
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            future = self._client.submit(_envoy(), "answer", parcel, _sources(), key=name, pure=False)
        self._tasks[name] = future
        future.add_done_callback(lambda future: self._fetch(name, task, future))

    def wait(self, seconds: float) -> list[Outcome]:
        """The next answer, if one comes in time."""
        try:
            name, outcome = self._ended.get(timeout=seconds)
        except Empty:
            self._look()
            return []
        if isinstance(outcome, BreachflowError):
            raise outcome
        del self._tasks[name]
        return [outcome]

    def close(self) -> None:
        """Leave the scheduler, which then tells its workers to stop."""
        with suppress(Exception):  # it may be gone
            self._client.close(timeout=FAREWELL)

    def _fetch(self, name: str, task: Task, future: Future) -> None:
        """Called in a thread of its own when a task is over."""
        try:
            outcome = self._outcome(task, future)
        except TimeoutError:
            future.add_done_callback(lambda future: self._fetch(name, task, future))
        else:
            self._ended.put((name, outcome))

    def _outcome(self, task: Task, future: Future) -> Outcome | BreachflowError:
        from distributed import KilledWorker

        try:
            answer: Answer = future.result(timeout=FETCHING)
        except TimeoutError:
            raise
        except CancelledError:
            return self._gone()
        except UsageError as error:
            return error
        except (ImportError, AttributeError) as error:
            return UsageError(f"a worker of {self._address} has no breachflow, or another one: {error}")
        except KilledWorker as error:
            return Lost(task, f"all workers that had it were lost ({error.last_worker.address} was the last)")
        except Exception as error:
            return Lost(task, f"{type(error).__name__}: {str(error)[:200]}")
        return answer

    def _look(self) -> None:
        """See how many threads the workers have, not too often."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._there, self._looked = sum(self._asked(self._client.nthreads).values()), now
        if self._there:
            self._seen = now
        elif now - self._seen > PATIENCE:
            raise UsageError(
                f"scheduler {self._address}: no workers for {PATIENCE:g} s; {_how_to_start(self._address)}"
            )

    def _check_workers(self) -> None:
        """All that are there now; the others are checked with their first task."""
        found = self._asked(lambda: self._client.run(_envoy(), "_sources", on_error="return"))
        for address, sources in found.items():
            if isinstance(sources, (ImportError, AttributeError)):
                raise UsageError(f"worker {address}: it has no breachflow, or another one: {sources}")
            if isinstance(sources, str) and sources != _sources():
                raise _foreign(address)

    def _asked(self, question: Callable[[], Any]) -> Any:
        """What the scheduler says, if it is there."""
        if self._client.status != "running":
            raise self._gone()
        try:
            return question()
        except OSError as error:
            raise self._gone() from error

    def _gone(self) -> ResultError:
        return ResultError(
            f"scheduler {self._address}: it is gone, or has forgotten the tasks of this sweep; what is done "
            "is written: start it again, and the same command goes on"
        )


def answer(parcel: bytes, sources: str) -> Answer:
    """Do a task on a worker, if it is one of ours."""
    if sources != _sources():
        raise _foreign(_here())
    task: Task = pickle.loads(parcel)
    _require_same_mesh(task)
    return solve(task, _stop_request())


def _envoy() -> Callable[..., Any]:
    """What travels as code, so that only workers need breachflow, and those without it can say so."""

    def envoy(name: str, *arguments: Any) -> Any:
        from breachflow.sweeps.workers import dask as cluster

        return getattr(cluster, name)(*arguments)

    return envoy


def _sources() -> str:
    return source_digest(ANSWERING)


def _here() -> str:
    from distributed import get_worker

    return str(get_worker().address)


def _foreign(address: str) -> UsageError:
    return UsageError(
        f"worker {address}: its breachflow, numba or Python is another than here, and so would be its "
        "answers; install the same there and start it again"
    )


def _require_same_mesh(task: Task) -> None:
    """The digest of a flow has that of the mesh file."""
    from breachflow.case import parse_case

    with suppress(CaseError):
        case = parse_case(task.text, path=Path(task.folder) / "case.toml", allow_outside=True)
        if case.mesh.mesh_file is None or flow_digest(case) == task.flow:
            return
    raise UsageError(
        f"worker {_here()}: the mesh file of the case is not in {task.folder} as it is here; "
        "give all workers the same folders"
    )


def _stop_request() -> StopRequest:
    """Whether the scheduler wants this task no more: the sweep is over, whatever became of it."""
    from distributed import get_worker

    worker = get_worker()
    name = worker.get_current_task()

    def stop() -> str | None:
        task = worker.state.tasks.get(name)
        return None if task is not None and task.state == "executing" else "the sweep is over"

    return stop


def _connected(address: str) -> Client:
    """A connection to a scheduler. Raises UsageError."""
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("a scheduler needs dask: pip install 'breachflow[cluster]'") from error
    place = _place(address)
    for name in CHATTER:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _require_scheduler(address, place)
        return Client(address, timeout=CONNECTING, set_as_default=False)
    except Exception as error:
        raise UsageError(
            f"scheduler {address}: no dask scheduler answers there ({_reason(error)}); "
            f"start one by `dask scheduler`, and {_how_to_start(address)}"
        ) from error


def _require_scheduler(address: str, place: tuple[str, int]) -> None:
    """A client would wait forever for the answer of something else, and long where nothing listens."""
    socket.create_connection(place, CONNECTING).close()
    with ThreadPoolExecutor(1) as pool:  # in a notebook, this thread has a loop already
        kind = pool.submit(asyncio.run, asyncio.wait_for(_kind(address), CONNECTING)).result()
    if kind != "Scheduler":
        raise ConnectionError(f"it is a {kind.lower()}")


async def _kind(address: str) -> str:
    from distributed import rpc

    async with rpc(address) as server:
        return str((await server.identity())["type"])


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"silence for {CONNECTING:g} s"
    if isinstance(error, OSError | ImportError):
        return getattr(error, "strerror", None) or str(error)
    return "something else does"


def _place(address: str) -> tuple[str, int]:
    """Host and port. Raises UsageError."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
            return parts.hostname, parts.port
    raise UsageError(
        f"scheduler {address!r}: an address is tcp://HOST:PORT, as `dask scheduler` prints it when it starts"
    )


def _how_to_start(address: str) -> str:
    return f"start workers by `dask worker {address} --nworkers -1 --nthreads 1`, a process for each core"
