"""The ledger of a sweep: which flows are done, who computes which, and every answer; one SQLite file.

Any number of sweeps may use it at once, on one machine or on several that share the folder. A
claim is worth what its owner is: each process holds a file beside the ledger locked while it lives
(flock), so that whatever ends it, and however suddenly, opens its claims. What `finish` and
`add_answers` have written when they return stays.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import socket
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from breachflow.errors import ResultError

Json: TypeAlias = Mapping[str, Any]

VERSION: Final = 1
_APPLICATION: Final = 0x62664C64
"""Tells a ledger from other SQLite files; it reads `bfLd`."""
_PATIENCE: Final = 60.0
"""s to wait while others write."""
_CHUNK: Final = 500
"""Digests in one query; SQLite allows 999 or more."""
_OWNERS: Final = "owners"
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")

_TABLES: Final = (
    "CREATE TABLE flows (digest TEXT PRIMARY KEY, status TEXT, owner TEXT, record TEXT, checksum INT)",
    "CREATE TABLE answers (digest TEXT PRIMARY KEY, flow TEXT, answer TEXT, checksum INT)",
    "CREATE INDEX answers_of_flow ON answers (flow)",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
"""A flow is `claimed` or `done`; one that is not there is open."""

_START_ANEW: Final = "restore it from a copy, or move it away and sweep again"
_RIGHTS: Final = "check that its folder exists and the rights on both"
_ADVICE: Final = {
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_BUSY: "another program keeps it locked: wait for it, or stop it",
    sqlite3.SQLITE_IOERR: "check the folder, the rights on it, and that its disk has room and supports locks",
    sqlite3.SQLITE_NOTADB: f"it is damaged or no ledger: {_START_ANEW}",
}
_DAMAGED: Final = f"it is damaged: {_START_ANEW}"


class Claim(Enum):
    """What became of a wish to compute a flow."""

    DONE = "done"
    MINE = "mine"
    OTHERS = "others"
    """A process that lives computes it."""


class Ledger:
    """The flows and answers of a sweep. Use it in one thread and do not fork while it is open.

    Flows and answers go by digests of all that determines them. Every failure is a ResultError.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger `path`, which is made if it does not exist, as one more of its owners."""
        self._path = path
        with self._failures(), ExitStack() as resources:
            connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._connection = resources.enter_context(closing(connection))
            self._connection.execute("PRAGMA synchronous = FULL")
            with self._change():
                self._require_ledger()
            self._connection.execute("PRAGMA journal_mode = DELETE")  # WAL does not work over a network
            self._owner = resources.enter_context(closing(_Owner(path.with_name(_OWNERS))))
            self._resources = resources.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End this process's ownership; flows that it claimed and did not finish are open again."""
        self._resources.close()

    # ---- claims ----

    def claim(self, flow: str) -> Claim:
        """Claim `flow` for this process unless it is done or another that lives has claimed it."""
        with self._change():
            query = "SELECT status, owner FROM flows WHERE digest = ?"
            status, owner = self._connection.execute(query, (flow,)).fetchone() or (None, None)
            if status == "done":
                return Claim.DONE
            if status == "claimed" and owner != self._owner.token and self._owner.lives(str(owner)):
                return Claim.OTHERS
            row = (flow, "claimed", self._owner.token, None, None)
            self._connection.execute("INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?, ?)", row)
            return Claim.MINE

    def release(self, flow: str) -> None:
        """Give up this process's claim of `flow`, if it has one."""
        with self._change():
            query = "DELETE FROM flows WHERE digest = ? AND status = 'claimed' AND owner = ?"
            self._connection.execute(query, (flow, self._owner.token))

    # ---- writing ----

    def finish(self, flow: str, record: Json, answers: Mapping[str, Json]) -> None:
        """Mark `flow` as done, with its record and the answers of points, all or nothing."""
        with self._change():
            row = (flow, "done", None, *_stored(flow, record))
            self._connection.execute("INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?, ?)", row)
            self._put(flow, answers)

    def add_answers(self, flow: str, answers: Mapping[str, Json]) -> None:
        """Add the answers of points that were scaled from a flow that is done."""
        with self._change():
            self._put(flow, answers)

    def forget(self, flow: str) -> None:
        """Open a flow again that was done, and remove its answers: its result is lost or damaged."""
        with self._change():
            query = "DELETE FROM flows WHERE digest = ? AND status = 'done'"
            if self._connection.execute(query, (flow,)).rowcount:
                self._connection.execute("DELETE FROM answers WHERE flow = ?", (flow,))

    def _put(self, flow: str, answers: Mapping[str, Json]) -> None:
        rows = [(digest, flow, *_stored(digest, answer)) for digest, answer in answers.items()]
        self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    # ---- reading ----

    def record(self, flow: str) -> Json | None:
        """The record of a flow; None unless it is done."""
        return self.records([flow]).get(flow)

    def records(self, flows: Iterable[str]) -> dict[str, Json]:
        """The records of those flows that are done."""
        return self._select("SELECT digest, record, checksum FROM flows WHERE status = 'done'", flows)

    def answers(self, digests: Iterable[str]) -> dict[str, Json]:
        """The answers of those points that have one."""
        return self._select("SELECT digest, answer, checksum FROM answers WHERE true", digests)

    def _select(self, query: str, digests: Iterable[str]) -> dict[str, Json]:
        wanted = list(digests)
        found: dict[str, Json] = {}
        with self._failures():
            for i in range(0, len(wanted), _CHUNK):
                chunk = wanted[i : i + _CHUNK]
                marks = ", ".join("?" * len(chunk))
                for row in self._connection.execute(f"{query} AND digest IN ({marks})", chunk):
                    found[row[0]] = self._loaded(*row)
        return {digest: found[digest] for digest in wanted if digest in found}

    def _loaded(self, digest: str, text: str, checksum: int) -> Json:
        if not isinstance(text, str) or _checksum(digest, text) != checksum:
            raise ResultError(f"{self._path}: the entry {digest} does not match its checksum ({_DAMAGED})")
        loaded: Json = json.loads(text)
        return loaded

    # ---- the file ----

    def _require_ledger(self) -> None:
        """Make the tables in an empty file; refuse any other that is no ledger of this version."""
        application, version, tables = (
            self._connection.execute(query).fetchone()[0]
            for query in (
                "PRAGMA application_id",
                "PRAGMA user_version",
                "SELECT count(*) FROM sqlite_master",
            )
        )
        if application == version == tables == 0:
            for statement in _TABLES:
                self._connection.execute(statement)
        elif application != _APPLICATION:
            raise ResultError(f"{self._path}: not the ledger of a sweep; move it away, or sweep elsewhere")
        elif version != VERSION:
            raise ResultError(
                f"{self._path}: a ledger of version {version}; this Breachflow uses version {VERSION}: move "
                "the ledger away and sweep again, or use the Breachflow that wrote it"
            )

    @contextmanager
    def _change(self) -> Iterator[None]:
        """What the block writes becomes true at once and for good, or not at all."""
        with self._failures():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                with suppress(sqlite3.Error):
                    self._connection.rollback()  # does nothing after the commit

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Tell the user what SQLite and the system have to say."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            raise ResultError(f"{self._path}: {error} ({_ADVICE.get(code, _DAMAGED)})") from error
        except OSError as error:
            place = error.filename or self._path.with_name(_OWNERS)
            raise ResultError(f"{place}: {error.strerror} ({_ADVICE[sqlite3.SQLITE_IOERR]})") from error


class _Owner:
    """This process among those that share a ledger: a file of its own, locked while it lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._descriptor, self.token = self._register()
        for entry in folder.iterdir():
            self.lives(entry.name)

    def lives(self, token: str) -> bool:
        """Whether the process of that token does; the file of one that is gone is removed."""
        if token == self.token:  # over a network, closing it anew would end the lock
            return True
        if not _TOKEN.fullmatch(token):
            return False
        file = self._folder / token
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        with os.fdopen(descriptor, "rb"):
            if not _locked(descriptor, fcntl.LOCK_SH):
                return True
            file.unlink(missing_ok=True)
            return False

    def close(self) -> None:
        with suppress(OSError):
            (self._folder / self.token).unlink()
        os.close(self._descriptor)

    def _register(self) -> tuple[int, str]:
        while True:
            token = secrets.token_hex(16)
            file = self._folder / token
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
            os.write(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode())
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if file.exists():  # others take a file without a lock for that of a process that is gone
                return descriptor, token
            os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stored(digest: str, content: Json) -> tuple[str, int]:
    """JSON as Python writes it: every float, NaN and infinity come back exactly."""
    text = json.dumps(dict(content))
    return text, _checksum(digest, text)


def _checksum(digest: str, text: str) -> int:
    """Notices flipped bits, which SQLite does not."""
    return zlib.crc32(f"{digest} {text}".encode())
