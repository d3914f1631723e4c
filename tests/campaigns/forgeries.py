"""Random changes of HDF5 files and ledgers by a program that knows how, so that no checksum tells."""

from __future__ import annotations

import json
import random
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

import h5py
import numpy as np

SPECIAL: Final = (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e308, 5e-324, -1e-30, 2.0**63, 0.5)
TEXTS: Final = ("", "x", "\x1b[31m", "\u2028" * 3, "nan", "1 m", "x" * 70_000, "../../etc/passwd", "{}", "[]")

Forgery: TypeAlias = Callable[[h5py.File, str, random.Random], None]
"""Changes the entry of a name in a file."""


def forge(path: Path, chance: random.Random) -> None:
    """Change one to three entries of an HDF5 file."""
    with h5py.File(path, "r+") as file:
        for _ in range(chance.choice([1, 1, 2, 3])):
            names: list[str] = []
            file.visit(names.append)
            if names:
                chance.choice(FORGERIES)(file, chance.choice(names), chance)


def _lost(file: h5py.File, name: str, _: random.Random) -> None:
    del file[name]


def _moved(file: h5py.File, name: str, chance: random.Random) -> None:
    target = f"{name}{chance.choice(['x', '2', ' '])}"
    if target not in file:
        file.move(name, target)


def _values(file: h5py.File, name: str, chance: random.Random) -> None:
    """Some or all values of an array become special ones."""
    entry = file[name]
    if not isinstance(entry, h5py.Dataset) or not entry.size:
        return
    if entry.dtype.kind not in "fiu":
        _replaced(file, name, chance)
        return
    values = np.atleast_1d(np.asarray(entry[...], dtype=np.float64))
    at = slice(None) if chance.random() < 0.3 else chance.randrange(len(values))
    values[at] = chance.choice(SPECIAL)
    with np.errstate(all="ignore"):
        new = values.reshape(entry.shape).astype(entry.dtype)
    entry[...] = new


def _replaced(file: h5py.File, name: str, chance: random.Random) -> None:
    """An entry is of another kind, or an array of another shape."""
    attributes = dict(file[name].attrs)
    old = file[name][...] if isinstance(file[name], h5py.Dataset) else np.zeros(3)
    del file[name]
    if chance.random() < 0.15:
        file.create_group(name).attrs.update(attributes)
        return
    shapes = [old[:0], old[: len(old) // 2], np.concatenate([old, old])] if old.ndim else [np.array([old])]
    new = chance.choice(
        [*shapes, np.bytes_("much"), chance.choice(SPECIAL), np.zeros((2, 2, 2)), np.bool_(True)]
    )
    file.create_dataset(name, data=new).attrs.update(attributes)


def _attribute(file: h5py.File, name: str, chance: random.Random) -> None:
    """An attribute of an entry, or of the file, is lost, or has another value or kind."""
    target = chance.choice([file[name], file])
    keys = list(target.attrs)
    if not keys:
        return
    key = chance.choice(keys)
    del target.attrs[key]
    if chance.random() < 0.8:
        target.attrs[key] = chance.choice(
            [*TEXTS[:6], 3, np.nan, [1, 2, 3], np.zeros((2, 2)), [b"a", b"b"], True]
        )


def _linked(file: h5py.File, name: str, chance: random.Random) -> None:
    """An entry becomes a link."""
    links = [h5py.SoftLink("/"), h5py.SoftLink(f"/{name}"), h5py.ExternalLink("/etc/passwd", "/")]
    del file[name]
    file[name] = chance.choice(links)


FORGERIES: Final[tuple[Forgery, ...]] = (
    _lost,
    _moved,
    _values,
    _values,
    _replaced,
    _replaced,
    _attribute,
    _linked,
)


def forge_ledger(path: Path, chance: random.Random) -> None:
    """Change a cell of a ledger, or an entry and its checksum."""
    with closing(sqlite3.connect(path)) as ledger, ledger:
        tables = [row[0] for row in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = chance.choice(tables)
        columns = [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]
        if table == "flows" and chance.random() < 0.7:
            _forge_entry(ledger, chance)
        elif chance.random() < 0.1:
            ledger.execute(f"DROP TABLE {table}")
        else:
            new = chance.choice([*TEXTS, 3, -1, 2**62, 1.5, None, b"\xff\xfe"])
            ledger.execute(f"UPDATE OR IGNORE {table} SET {chance.choice(columns)} = ?", (new,))


def _forge_entry(ledger: sqlite3.Connection, chance: random.Random) -> None:
    found = ledger.execute("SELECT digest, record FROM flows").fetchone()
    if found is None:
        return
    digest, text = found
    changed = json.dumps(_changed(json.loads(text), chance))
    ledger.execute(
        "UPDATE flows SET record = ?, checksum = ?", (changed, zlib.crc32(f"{digest} {changed}".encode()))
    )


def _changed(value: Any, chance: random.Random) -> Any:
    """A JSON value with a part lost or of another kind."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        if chance.random() < 0.3:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    return chance.choice([None, 3, -1.5, 1e308, "x", [], {}, [1], {"x": 1}, True, "\x1b[31m"])
