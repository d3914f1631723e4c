"""Sweeps by the workers of a dask scheduler: the table equals that of local workers, also after losses."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dask_processes import LIMIT, Cluster

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.case import Case, parse_case
from breachflow.errors import ResultError, UsageError
from breachflow.sweeps.driver import sweep
from breachflow.sweeps.plan import make_plan
from breachflow.sweeps.progress import SweepProgress
from breachflow.sweeps.workers import dask as module
from breachflow.sweeps.workers.dask import ClusterWorkers
from breachflow.sweeps.workers.local import LostTask, WorkerOutcome
from breachflow.sweeps.workers.task import Task, TaskResult

pytest.importorskip("distributed")

CASE = """\
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "0 mm"

[mesh]
template = "orifice"
resolution = { across = 8 }

[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }

[sweep]
"orifice.wall_thickness" = { from = "0 mm", to = "0.7 mm", points = 8 }
"""

IMPORTED = """\
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1 mm"

[mesh]
file = "plate.msh"
geometry = "axisymmetric"

[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }

[sweep]
"boundary.cabin.pressure" = ["100 kPa"]
"""

OTHER_SOURCES = "import breachflow.sweeps.workers.dask as cluster\ncluster._sources = lambda: 'other'\n"
NO_BREACHFLOW = "import sys\nsys.modules['breachflow'] = None\n"
"""Python that a worker runs first."""


def a_case(folder: Path, text: str = CASE) -> Case:
    return parse_case(text, path=folder / "case.toml")


def a_task(folder: Path, text: str = CASE) -> Task:
    """The first task of a sweep."""
    flow = next(iter(make_plan(a_case(folder, text)).solutions.values()))
    return Task(flow.digest, flow.case.completed_text, str(folder))


def a_long_task(folder: Path) -> Task:
    """A task with 220 000 cells, which takes longer than the tests wait for an answer."""
    case = a_case(folder, CASE.split("[sweep]")[0].replace("across = 8", "across = 256"))
    return Task("long", case.completed_text, str(folder))


@contextmanager
def connected(cluster: Cluster) -> Iterator[ClusterWorkers]:
    workers = ClusterWorkers(cluster.address, 1)
    try:
        yield workers
    finally:
        workers.close()


def await_room(workers: ClusterWorkers, room: int) -> None:
    deadline = time.monotonic() + LIMIT
    while workers.free() != room and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers.free() == room


def outcome(workers: ClusterWorkers) -> WorkerOutcome:
    """The next outcome."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if outcomes := workers.wait(0.2):
            return outcomes[0]
    raise TimeoutError


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Outcome of a task by a worker of this process."""
    folder = tmp_path_factory.mktemp("here")
    return sweep(a_case(folder), workers=1).path.read_bytes()


@pytest.mark.slow
def test_the_table_is_the_same_byte_for_byte(cluster, tmp_path, table):
    cluster.worker()
    cluster.worker()
    result = sweep(a_case(tmp_path), scheduler=cluster.address)
    assert result.counts == {"converged": 8}
    assert result.path.read_bytes() == table


CABIN = """\
gas = "air"
thermal = "isothermal"
[compartment]
a = { volume = "70 m3", pressure = "760 mmHg", temperature = "295 K" }
[leak.x]
from = "a"
kind = "table"
law = "sweep/crack"
width = "17 um"
length = "30 mm"
wall_thickness = "2 mm"
[limit]
evacuation = { pressure = "700 mmHg" }
[run]
end_time = "30 day"
[sweep]
"leak.x.length" = ["20 mm", "30 mm"]
"""


@pytest.mark.slow
def test_cabins_are_the_same_byte_for_byte(cluster, tmp_path):
    """Workers read the table of the law themselves: it is part of what a solution is named by."""
    (tmp_path / "here").mkdir()
    case = parse_cabin(CABIN, path=tmp_path / "case.toml")
    here = sweep(case, workers=1, output=tmp_path / "here").path.read_bytes()
    cluster.worker()
    result = sweep(case, scheduler=cluster.address, output=tmp_path / "there")
    assert result.counts == {"computed": 2}
    assert result.path.read_bytes() == here


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cluster", "strict_cluster"])
def test_a_killed_worker_costs_nothing(request, kind, tmp_path, table):
    """The worker hangs with its tasks after the first answer, and is killed a little later."""
    cluster: Cluster = request.getfixturevalue(kind)
    cluster.worker()
    victim = cluster.worker()

    def watch(progress: SweepProgress) -> None:
        if progress.done == 1:
            victim.send_signal(signal.SIGSTOP)
            threading.Timer(1.0, victim.kill).start()

    with connected(cluster) as workers:
        await_room(workers, 4)
    result = sweep(a_case(tmp_path), scheduler=cluster.address, watch=watch)
    assert victim.wait() == -signal.SIGKILL
    assert result.counts == {"converged": 8}
    assert result.path.read_bytes() == table


@pytest.mark.slow
def test_a_task_that_loses_its_workers_is_lost(strict_cluster, tmp_path):
    victim = strict_cluster.worker()
    task = a_long_task(tmp_path)
    with connected(strict_cluster) as workers:
        await_room(workers, 2)
        workers.submit(task)
        assert workers.free() == 1
        assert workers.wait(1.0) == []
        victim.kill()
        loss = outcome(workers)
        assert isinstance(loss, LostTask)
        assert loss.task == task
        assert loss.reason.startswith("all workers that had it were lost (tcp://127.0.0.1:")


@pytest.mark.slow
def test_workers_may_join_later_and_stop_when_the_sweep_does(cluster, tmp_path):
    with connected(cluster) as workers:
        assert workers.free() == 0
        cluster.worker()
        await_room(workers, 2)
        workers.submit(a_long_task(tmp_path))
        assert workers.wait(1.0) == []
    with connected(cluster) as workers:
        task = a_task(tmp_path)
        workers.submit(task)
        answer = outcome(workers)
        assert isinstance(answer, TaskResult)
        assert answer.solution == task.solution
        assert answer.error == ""
        assert workers.free() == 2


@pytest.mark.slow
def test_a_scheduler_that_dies(cluster, tmp_path):
    cluster.worker()

    def watch(progress: SweepProgress) -> None:
        if progress.done == 1:
            cluster.scheduler.kill()

    address = cluster.address
    with pytest.raises(ResultError) as caught:
        sweep(a_case(tmp_path), scheduler=address, watch=watch)
    assert str(caught.value) == (
        f"scheduler {address}: it is gone, or has forgotten the tasks of this sweep; what is done is "
        "written: start it again, and the same command goes on"
    )


def test_no_workers(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "NO_WORKERS_TIMEOUT", 1.0)
    address = cluster.address
    with pytest.raises(UsageError) as caught:
        sweep(a_case(tmp_path), scheduler=address)
    assert str(caught.value) == (
        f"scheduler {address}: no workers for 1 s; start workers by `dask worker {address} --nworkers -1 "
        "--nthreads 1`, a process for each core"
    )


@pytest.mark.parametrize(
    ("preload", "message"),
    [
        (OTHER_SOURCES, "its breachflow, numba or Python is another than here, and so would be its answers"),
        (NO_BREACHFLOW, "has no breachflow, or another one: "),
    ],
    ids=["other sources", "no breachflow"],
)
def test_workers_with_other_sources(cluster, tmp_path, preload, message):
    with connected(cluster) as workers:
        workers.submit(a_task(tmp_path))
        cluster.worker(preload)
        with pytest.raises(UsageError, match=message):
            outcome(workers)
    with pytest.raises(
        UsageError, match=rf"^worker tcp://127\.0\.0\.1:\d+: .*{message.removeprefix('has ')}"
    ):
        ClusterWorkers(cluster.address, 1)


def test_a_worker_must_have_the_same_mesh_file(cluster, tmp_path):
    mesh = tmp_path / "plate.msh"
    mesh.write_text("not a mesh")
    task = a_task(tmp_path, IMPORTED)
    cluster.worker()
    with connected(cluster) as workers:
        workers.submit(task)
        answer = outcome(workers)
        assert isinstance(answer, TaskResult)
        assert answer.error.startswith(f"{mesh}")
        mesh.unlink()
        workers.submit(task)
        with pytest.raises(UsageError) as caught:
            outcome(workers)
    assert str(caught.value).endswith(
        f": the mesh file of the case is not in {tmp_path} as it is here; give all workers the same folders"
    )


def test_no_scheduler():
    with pytest.raises(UsageError) as caught:
        ClusterWorkers("tcp://127.0.0.1:1", 1)
    assert str(caught.value) == (
        "scheduler tcp://127.0.0.1:1: no dask scheduler answers there (Connection refused); start one by "
        "`dask scheduler`, and start workers by `dask worker tcp://127.0.0.1:1 --nworkers -1 --nthreads 1`, "
        "a process for each core"
    )


@pytest.mark.parametrize(
    ("greeting", "reason"), [(b"", "silence for 1 s"), (b"SSH-2.0-OpenSSH_9.6\r\n", "something else does")]
)
def test_something_else_at_the_address(monkeypatch, greeting, reason):
    monkeypatch.setattr(module, "CONNECTION_TIMEOUT", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet_twice, args=(server, greeting), daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(UsageError) as caught:
            ClusterWorkers(address, 1)
    start = f"scheduler {address}: no dask scheduler answers there ({reason}); start one by "
    assert str(caught.value).startswith(start)


def greet_twice(server: socket.socket, greeting: bytes) -> None:
    """The second address is the one that clients use."""
    with server.accept()[0], server.accept()[0] as guest:
        guest.sendall(greeting)
        guest.recv(1000)
        guest.recv(1000)


def test_a_worker_is_no_scheduler(cluster):
    cluster.worker()
    with connected(cluster) as workers:
        await_room(workers, 2)
        [address] = workers._client.nthreads()
    with pytest.raises(UsageError, match=rf"^scheduler {address}: .* \(it is a worker\); start one by "):
        ClusterWorkers(address, 1)


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "localhost:8786", "tcp://localhost", "tcp://:8786", "tcp://localhost:99999",
     "tcp://localhost:port", "tcp://[::1", "http://localhost:8786", "tcp://localhost:8786/status"],
)  # fmt: skip
def test_addresses_that_are_none(address):
    with pytest.raises(UsageError) as caught:
        ClusterWorkers(address, 1)
    assert str(caught.value) == (
        f"scheduler {address!r}: an address is tcp://HOST:PORT, as `dask scheduler` prints it when it starts"
    )


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as caught:
        ClusterWorkers("tcp://127.0.0.1:8786", 1)
    assert str(caught.value) == "a scheduler needs dask: pip install 'breachflow[cluster]'"
