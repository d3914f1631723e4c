"""The ledger of a sweep: rival processes, kills, full disks, damage, and files that are no ledgers."""

from __future__ import annotations

import math
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import ledger_process
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_process import LARGE, answers, record

from breachflow.errors import ResultError
from breachflow.sweeps import ledger as module
from breachflow.sweeps.ledger import Claim, Ledger
from breachflow.version import PROGRAM as WRITER
from example_counts import up_to
from tally import tally

PROGRAM = Path(ledger_process.__file__)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@contextmanager
def program(*arguments: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that reads and writes lines; it is killed at the end of the block."""
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def fill(path: Path, flows: int) -> None:
    with Ledger(path) as ledger:
        for flow in range(flows):
            assert ledger.claim(f"flow-{flow}") is Claim.MINE
            ledger.finish(f"flow-{flow}", record(flow), answers(flow))


def assert_finished(ledger: Ledger, flow: int) -> None:
    assert ledger.claim(f"flow-{flow}") is Claim.DONE
    assert repr(ledger.entry(f"flow-{flow}")) == repr(record(flow))
    assert ledger.answers(answers(flow)) == answers(flow)


def failure(call: Callable[..., Any], *arguments: Any) -> str:
    """The message of the error that a user sees, or an empty text."""
    try:
        call(*arguments)
    except ResultError as error:
        return str(error)
    return ""


def test_a_link_in_place_of_the_owners_is_refused(tmp_path: Path) -> None:
    """Files of owners that have ended are removed: not those of a folder elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ("0" * 32)).write_text("precious")
    (tmp_path / "owners").symlink_to(elsewhere)
    with pytest.raises(ResultError, match="owners: a link is no folder of a sweep; remove it"):
        Ledger(tmp_path / "ledger.sqlite")
    assert (elsewhere / ("0" * 32)).read_text() == "precious"


def owners(path: Path) -> list[str]:
    return sorted(entry.name for entry in (path.parent / "owners").iterdir())


# ---- one process ----


def test_the_life_of_a_flow(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.entry("flow-0") is None
        assert ledger.claim("flow-0") is Claim.MINE
        assert ledger.claim("flow-0") is Claim.MINE
        ledger.finish("flow-0", record(0), answers(0))
        assert_finished(ledger, 0)
        ledger.add_answers("flow-0", {"scaled": {"mass_flow": 2.0}})
        assert ledger.answers(["scaled", "absent"]) == {"scaled": {"mass_flow": 2.0}}
    with Ledger(path) as ledger:
        assert_finished(ledger, 0)
        ledger.finish("flow-1", record(1), answers(1))
        assert ledger.others(["flow-1", "absent"]) == 1
        ledger.forget("flow-0")
        assert ledger.entry("flow-0") is None
        assert ledger.answers(["scaled", *answers(0)]) == {}
        assert_finished(ledger, 1)
        assert ledger.claim("flow-0") is Claim.MINE
    assert owners(path) == []
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["ledger.sqlite", "owners"]


def test_forgetting_leaves_a_claim_alone(path: Path) -> None:
    with Ledger(path) as first, Ledger(path) as second:
        assert first.claim("flow") is Claim.MINE
        second.forget("flow")
        second.release("flow")
        assert second.claim("flow") is Claim.OTHERS
        first.release("flow")
        assert second.claim("flow") is Claim.MINE
        assert first.claim("flow") is Claim.OTHERS


def test_thousands_of_digests(path: Path) -> None:
    many = {f"{i:064x}": {"point": i, "mass_flow": i / 7} for i in range(5000)}
    with Ledger(path) as ledger:
        ledger.finish("flow", {}, many)
        asked = [*reversed(many), "absent"]
        found = ledger.answers(asked)
        assert found == many
        assert list(found) == asked[:-1]
        assert ledger.entries(f"{i}" for i in range(2000)) == {}
        assert ledger.entries(["absent", "flow"]) == {"flow": {}}


def test_what_fails_in_the_middle_leaves_no_trace(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.claim("flow")
        with pytest.raises(TypeError):
            ledger.finish("flow", {}, {"good": {}, "bad": {"value": object()}})
        assert ledger.entry("flow") is None
        assert ledger.answers(["good"]) == {}
        ledger.finish("flow", {}, {"good": {}})


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
contents = st.dictionaries(
    st.text(), st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)


@given(contents)
@settings(max_examples=up_to(25), derandomize=True)
def test_contents_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    with Ledger(tmp_path_factory.getbasetemp() / "exact.sqlite") as ledger:
        ledger.finish("flow", content, {"answer": content})
        for again in (ledger.entry("flow"), ledger.answers(["answer"])["answer"]):
            assert repr(again) == repr(content)  # NaN is not itself, and -0.0 equals 0.0


def test_every_float_comes_back_exactly(path: Path) -> None:
    chance = random.Random(5)
    numbers = [chance.uniform(-1, 1) * 2.0 ** chance.randrange(-1074, 1023) for _ in range(5000)]
    with Ledger(path) as ledger:
        ledger.finish("flow", {"numbers": [*numbers, math.inf, -math.inf, 5e-324]}, {})
        assert (ledger.entry("flow") or {})["numbers"] == [*numbers, math.inf, -math.inf, 5e-324]


# ---- several processes ----


@pytest.mark.parametrize("rivals", [2, 4])
def test_each_flow_is_claimed_by_exactly_one(path: Path, rivals: int) -> None:
    flows = 200
    with ExitStack() as stack:
        started = [stack.enter_context(program("claim", path, flows)) for _ in range(rivals)]
        assert [hear(process) for process in started] == ["ready"] * rivals
        for process in started:
            tell(process, "go")
        claimed = [[int(flow) for flow in hear(process).split()] for process in started]
        tally(claims=flows)
        assert sorted(flow for each in claimed for flow in each) == list(range(flows))
        with Ledger(path) as ledger:
            assert ledger.claim("flow-7") is Claim.OTHERS
            assert len(owners(path)) == rivals + 1
        for process in started:
            process.communicate("")
    assert owners(path) == []
    with Ledger(path) as ledger:
        assert {ledger.claim(f"flow-{flow}") for flow in range(flows)} == {Claim.MINE}


def test_the_claims_of_a_killed_process_are_open(path: Path) -> None:
    with program("claim", path, 3) as process:
        hear(process)
        tell(process, "go")
        hear(process)
        with Ledger(path) as ledger:
            process.send_signal(signal.SIGSTOP)
            assert {ledger.claim(f"flow-{flow}") for flow in range(3)} == {Claim.OTHERS}
            process.kill()
            process.wait()
            assert len(owners(path)) == 2
            assert {ledger.claim(f"flow-{flow}") for flow in range(3)} == {Claim.MINE}
            assert len(owners(path)) == 1


def test_files_of_dead_owners_are_removed_and_others_are_not(path: Path) -> None:
    fill(path, 1)
    folder = path.parent / "owners"
    (folder / ("0" * 32)).write_text("1 host\n")
    (folder / "notes.txt").write_text("mine")
    with Ledger(path) as ledger:
        assert len(owners(path)) == 3
        ledger.discard_ended()
        pid, host = (folder / owners(path)[0]).read_text().split()
        assert int(pid) == os.getpid()
        assert host
        assert len(owners(path)) == 2
    assert owners(path) == ["notes.txt"]


def test_a_claim_without_a_lock_file_is_open(path: Path) -> None:
    with Ledger(path) as first:
        assert first.claim("flow") is Claim.MINE
        (path.parent / "owners" / owners(path)[0]).unlink()
        with Ledger(path) as second:
            assert second.claim("flow") is Claim.MINE


def test_a_hostile_owner_removes_nothing(path: Path) -> None:
    fill(path, 1)
    precious = path.parent / "precious"
    precious.write_text("")
    for owner in ("../precious", str(precious), b"\0", None, 7):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO flows VALUES ('x', 'claimed', ?, NULL, NULL)", (owner,)
            )
        with Ledger(path) as ledger:
            assert ledger.claim("x") is Claim.MINE
    assert precious.exists()


# ---- kills ----


def kill_workers(path: Path, rounds: int) -> None:
    """Kill a process at random instants; every solution that it printed as finished must be in the ledger."""
    chance = random.Random(20260301)
    finished: list[int] = []
    with program("work", path) as process:
        for first in range(0, rounds * 10_000, 10_000):
            tell(process, str(first))
            pid = int(hear(process).removeprefix("pid "))
            said = [hear(process) for _ in range(first // 10_000 % 4)]
            time.sleep(chance.uniform(0.0, 0.003))
            os.kill(pid, signal.SIGKILL)
            tally(kills=1)
            said += iter(lambda: hear(process), "gone")
            finished += (flows := [int(line.removeprefix("done ")) for line in said])
            assert_nothing_lost(path, flows, first + len(flows))
    with Ledger(path) as ledger:
        for flow in finished:
            assert_finished(ledger, flow)
    assert len(finished) >= rounds


def assert_nothing_lost(path: Path, said: list[int], last: int) -> None:
    """The solution after the printed ones is complete or missing, never incomplete."""
    with Ledger(path) as ledger:
        for flow in said:
            assert_finished(ledger, flow)
        if ledger.claim(f"flow-{last}") is Claim.DONE:
            assert_finished(ledger, last)
        else:
            assert ledger.claim(f"flow-{last}") is Claim.MINE
            assert ledger.answers(answers(last)) == {}
        ledger.discard_ended()
    assert owners(path) == []


def test_kills_at_random_instants_lose_nothing(path: Path) -> None:
    kill_workers(path, 50)


@pytest.mark.slow
def test_many_kills_at_random_instants_lose_nothing(path: Path) -> None:
    kill_workers(path, 300)


def test_kills_in_a_transaction_undo_it(path: Path) -> None:
    fill(path, 1)
    for step in (200, 1000, 5000):
        with program("suicide", path, step) as process:
            assert process.wait() == -signal.SIGKILL
        assert path.with_name("ledger.sqlite-journal").stat().st_size > 0
        with Ledger(path) as ledger:
            assert_finished(ledger, 0)
            assert ledger.entry("flow-1") is None
            assert ledger.answers(answers(1, LARGE)) == {}
            assert ledger.claim("flow-1") is Claim.MINE


# ---- disks ----


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def finish_within(ledger: Ledger, size: int) -> None:
    with largest_file(size):
        ledger.finish("flow-9", record(9), answers(9, LARGE))


def test_a_limit_of_the_system_at_many_sizes(path: Path) -> None:
    fill(path, 3)
    failures = 0
    for size in range(0, 80_000, 1531):
        with Ledger(path) as ledger:
            reason = failure(finish_within, ledger, size)
            if reason:
                failures += 1
                tally(faults=1)
                assert reason.startswith(f"{path}: disk I/O error (check the folder")
                assert ledger.entry("flow-9") is None
            ledger.forget("flow-9")
            assert_finished(ledger, 2)
    assert failures > 20


def test_a_full_disk(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger._connection.execute("PRAGMA max_page_count = 9")
        with pytest.raises(ResultError) as caught:
            ledger.finish("flow", {}, answers(0, LARGE))
        assert str(caught.value) == f"{path}: database or disk is full (free some space)"
        assert caught.value.exit_code == 8
        ledger.finish("flow", {}, answers(0, 1))


def test_a_ledger_that_another_program_keeps(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, 1)
    monkeypatch.setattr(module, "_LOCK_TIMEOUT", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ResultError) as caught:
            Ledger(path)
    assert str(caught.value) == (
        f"{path}: database is locked (another program keeps it locked: wait for it, or stop it)"
    )


def claim_in(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.claim("flow-9")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize(
    ("target", "mode"), [(".", 0o500), (".", 0), ("ledger.sqlite", 0o400), ("owners", 0o500)]
)
def test_without_rights(path: Path, target: str, mode: int) -> None:
    fill(path, 1)
    place = path.parent / target
    before = place.stat().st_mode
    place.chmod(mode)
    try:
        with pytest.raises(ResultError, match=r"\(check .*rights on"):
            claim_in(path)
    finally:
        place.chmod(before)


# ---- files that are no ledgers, or damaged ----


def message_of_opening(path: Path) -> str:
    with pytest.raises(ResultError) as caught:
        Ledger(path)
    return str(caught.value)


def test_files_that_are_no_ledgers(tmp_path: Path) -> None:
    text, other, absent = (tmp_path / name for name in ("text", "other.sqlite", "absent/ledger.sqlite"))
    text.write_text("no database at all\n" * 99)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    before = other.read_bytes()
    rights = "unable to open database file (check that its folder exists and the rights on both)"
    assert message_of_opening(text) == (
        f"{text}: file is not a database: its first 16 bytes are not those of SQLite (it is damaged or no "
        "ledger: restore it from a copy, or move it away and sweep again)"
    )
    assert (
        message_of_opening(other)
        == f"{other}: not the ledger of a sweep (the application number at byte 68 is 0); move it away, or "
        "sweep elsewhere"
    )
    assert message_of_opening(absent) == f"{absent}: {rights}"
    assert message_of_opening(tmp_path) == f"{tmp_path}: {rights}"
    assert other.read_bytes() == before
    os.mkfifo(tmp_path / "pipe")
    assert message_of_opening(tmp_path / "pipe").startswith(f"{tmp_path}/pipe: ")


def test_another_version(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    assert message_of_opening(path) == (
        f"{path}: the ledger of a sweep in format 2, written by {WRITER}; {WRITER} reads format 1: use the "
        "version that wrote it, or move the ledger away and sweep again"
    )


def test_a_file_where_the_owners_belong(path: Path) -> None:
    (path.parent / "owners").write_text("")
    assert message_of_opening(path) == (
        f"{path.parent}/owners: File exists (check the folder, the rights on it, and that its disk has room "
        "and supports locks)"
    )


def read_all(path: Path, flows: int) -> None:
    """Each entry is right or absent, and the ledger works or gives an error."""
    with Ledger(path) as ledger:
        for flow in range(flows):
            assert repr(ledger.entry(f"flow-{flow}")) in (repr(record(flow)), "None")
            for digest, answer in ledger.answers(answers(flow)).items():
                assert answer == answers(flow)[digest]
            ledger.claim(f"flow-{flow}")
        ledger.finish("flow-new", record(1), answers(1))


def test_truncated_ledgers_are_refused(path: Path) -> None:
    fill(path, 40)
    image = path.read_bytes()
    page = 4096
    for length in [*range(2, len(image) - page, 1024), page, len(image) - page]:
        path.write_bytes(image[:length])
        assert "restore it from a copy, or move it away and sweep again" in message_of_opening(path)
    for length in range(len(image) - page, len(image), 256):
        path.write_bytes(image[:length])
        failure(read_all, path, 40)


def test_flipped_bits_never_read_as_other_answers(path: Path) -> None:
    fill(path, 20)
    image = path.read_bytes()
    chance = random.Random(7)
    reasons = []
    for _ in range(200):
        position, bit = chance.randrange(len(image)), chance.randrange(8)
        path.write_bytes(image[:position] + bytes([image[position] ^ (1 << bit)]) + image[position + 1 :])
        reasons.append(failure(read_all, path, 20))
        tally(flips=1, refused=bool(reasons[-1]))
    refused = [reason for reason in reasons if reason]
    assert len(refused) > 20
    assert all(reason.startswith(f"{path}: ") for reason in refused)


def test_a_ledger_without_its_tables(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE answers")
    with (
        Ledger(path) as ledger,
        pytest.raises(ResultError, match=r"no such table: answers \(it is damaged: restore"),
    ):
        ledger.answers(["x"])
