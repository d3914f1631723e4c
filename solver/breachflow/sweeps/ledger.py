"""The ledger of a sweep: the solutions that are done or claimed, and the answers of points, in a SQLite file.

Several sweeps may use one ledger at the same time, on one machine or on machines that share the folder. Each
process keeps a file beside the ledger locked (flock) while it lives. When the process ends, for any
reason, the lock ends and its claims are open again. What `finish` and `add_answers` have written is on disk
when they return.
"""

from __future__ import annotations

import errno
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
from breachflow.sweeps.ledger_damage import damage_of
from breachflow.version import PROGRAM
from breachflow.words import printable

Json: TypeAlias = Mapping[str, Any]
"""An object of JSON: what an entry or an answer stores."""

VERSION: Final = 1
"""Version of the tables; a ledger of another version is refused."""
_APPLICATION: Final = 0x62664C64
"""Application number of a ledger among SQLite files: the letters `bfLd`."""
_LOCK_TIMEOUT: Final = 60.0
"""Longest time to wait while another process writes, s."""
_CHUNK: Final = 500
"""Digests in one query; SQLite allows at least 999."""
_OWNERS: Final = "owners"
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")

_TABLES: Final = (
    "CREATE TABLE flows (digest TEXT PRIMARY KEY, status TEXT, owner TEXT, record TEXT, checksum INT)",
    "CREATE TABLE answers (digest TEXT PRIMARY KEY, flow TEXT, answer TEXT, checksum INT)",
    "CREATE INDEX answers_of_flow ON answers (flow)",
    f"CREATE TABLE program AS SELECT '{PROGRAM}' AS name",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
"""Tables of solutions (`flows`) and answers, and what made them. A solution is `claimed` or `done`; without a
row it is open."""

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
_OF_CONTENTS: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)
"""Errors that a damaged or cut off file gives."""
_DAMAGED: Final = f"it is damaged: {_START_ANEW}"


class Claim(Enum):
    """The result of claiming a solution."""

    DONE = "done"
    """It is in the ledger."""
    MINE = "mine"
    """This process is to compute it."""
    OTHERS = "others"
    """Another process that is alive computes it."""


class Ledger:
    """Entries of solutions and answers of points, by digest. For one thread; do not fork while it is open.

    Every method raises ResultError where the file cannot be read or written, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger `path`, or make it. Raises ResultError where it is not a ledger of this version."""
        self._path = path
        with self._failures(), ExitStack() as resources:
            connection = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, isolation_level=None)
            self._connection = resources.enter_context(closing(connection))
            self._connection.text_factory = _text
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
        """Close the file. Solutions that this process has claimed and not finished are open again."""
        self._resources.close()

    # ---- claims ----

    def discard_ended(self) -> None:
        """Remove what processes that were killed have left beside the ledger."""
        with self._failures():
            self._owner.discard_ended()

    def claim(self, solution: str) -> Claim:
        """Claim a solution, unless it is done or claimed by another process that is alive."""
        with self._change():
            query = "SELECT status, owner FROM flows WHERE digest = ?"
            status, owner = self._connection.execute(query, (solution,)).fetchone() or (None, None)
            if status == "done":
                return Claim.DONE
            if status == "claimed" and owner != self._owner.token and self._owner.lives(str(owner)):
                return Claim.OTHERS
            row = (solution, "claimed", self._owner.token, None, None)
            self._connection.execute("INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?, ?)", row)
            return Claim.MINE

    def release(self, solution: str) -> None:
        """Give up the claim of a solution, if this process has it."""
        with self._change():
            query = "DELETE FROM flows WHERE digest = ? AND status = 'claimed' AND owner = ?"
            self._connection.execute(query, (solution, self._owner.token))

    # ---- writing ----

    def finish(self, solution: str, entry: Json, answers: Mapping[str, Json]) -> None:
        """Mark a solution as done and write its entry and the answers of its points, all or nothing."""
        with self._change():
            row = (solution, "done", None, *_stored(solution, entry))
            self._connection.execute("INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?, ?)", row)
            self._put(solution, answers)

    def add_answers(self, solution: str, answers: Mapping[str, Json]) -> None:
        """Add answers of further points that share a solution."""
        with self._change():
            self._put(solution, answers)

    def forget(self, solution: str) -> None:
        """Open a solution that is done and remove its answers: its result file is lost or damaged."""
        with self._change():
            query = "DELETE FROM flows WHERE digest = ? AND status = 'done'"
            if self._connection.execute(query, (solution,)).rowcount:
                self._connection.execute("DELETE FROM answers WHERE flow = ?", (solution,))

    def _put(self, solution: str, answers: Mapping[str, Json]) -> None:
        rows = [(digest, solution, *_stored(digest, answer)) for digest, answer in answers.items()]
        self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    # ---- reading ----

    def entry(self, solution: str) -> Json | None:
        """The entry of a solution; None unless it is done."""
        return self.entries([solution]).get(solution)

    def entries(self, solutions: Iterable[str]) -> dict[str, Json]:
        """The entries of those solutions that are done, by digest of the solution."""
        return self._select("SELECT digest, record, checksum FROM flows WHERE status = 'done'", solutions)

    def others(self, solutions: Iterable[str]) -> int:
        """Number of solutions that are done and not among these: of other cases or of other sources."""
        with self._failures():
            (done,) = self._connection.execute("SELECT count(*) FROM flows WHERE status = 'done'").fetchone()
        return int(done) - len(self.entries(solutions))

    def answers(self, digests: Iterable[str]) -> dict[str, Json]:
        """The answers of those points that have one, by digest of the case."""
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
        """Make the tables in an empty file. Raises ResultError for any other file that is not a ledger."""
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
            raise ResultError(
                f"{self._path}: not the ledger of a sweep (the application number at byte 68 is "
                f"{application}); move it away, or sweep elsewhere"
            )
        elif version != VERSION:
            raise ResultError(
                f"{self._path}: the ledger of a sweep in format {version}, written by {self._program()}; "
                f"{PROGRAM} reads format {VERSION}: use the version that wrote it, or move the ledger away "
                "and sweep again"
            )

    def _program(self) -> str:
        """The version that made the ledger."""
        with suppress(sqlite3.Error):
            return printable(self._connection.execute("SELECT name FROM program").fetchone()[0])
        return "another version"

    @contextmanager
    def _change(self) -> Iterator[None]:
        """A transaction: all changes of the block are written to disk, or none."""
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
        """Turn errors of SQLite and of the system into a ResultError with advice."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            damage = damage_of(self._path) if code in _OF_CONTENTS else ""
            what = f"{error}: {damage}" if damage else str(error)
            raise ResultError(f"{self._path}: {what} ({_ADVICE.get(code, _DAMAGED)})") from error
        except OSError as error:
            place = error.filename or self._path.with_name(_OWNERS)
            raise ResultError(f"{place}: {error.strerror} ({_ADVICE[sqlite3.SQLITE_IOERR]})") from error


class _Owner:
    """This process among those that share a ledger: a file with its token, locked while the process lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():  # files in it are removed
            raise OSError(errno.ENOTDIR, "a link is no folder of a sweep; remove it", str(folder))
        self._folder = folder
        self._descriptor, self.token = self._register()

    def discard_ended(self) -> None:
        """Remove the files of processes that have ended."""
        for entry in self._folder.iterdir():
            self.lives(entry.name)

    def lives(self, token: str) -> bool:
        """Whether the process of a token is alive. The file of a process that has ended is removed."""
        if token == self.token:  # over a network, opening and closing the file again would end the lock
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
            if file.exists():  # another process may have removed it before it was locked
                return descriptor, token
            os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _text(stored: bytes) -> str:
    """A text of the file; damaged bytes are replaced, so that its checksum tells."""
    return stored.decode("utf-8", "backslashreplace")


def _stored(digest: str, content: Json) -> tuple[str, int]:
    """The content as JSON, and its checksum. Every float, also NaN and infinity, is read back exactly."""
    text = json.dumps(dict(content))
    return text, _checksum(digest, text)


def _checksum(digest: str, text: str) -> int:
    """Detects flipped bits, which SQLite does not."""
    return zlib.crc32(f"{digest} {text}".encode())
