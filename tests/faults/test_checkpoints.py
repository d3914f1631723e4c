"""Checkpoints: full disks, kills, flipped bits and contents that do not fit."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pytest
from system_calls import kill_at_every_call, wrapped

from breachflow.arrays import Floats, Ints
from breachflow.errors import ResultError
from breachflow.results.checkpoint.file import Checkpoint, read_checkpoint, write_checkpoint
from breachflow.results.checkpoint.packing import pack, unpack
from breachflow.results.checkpoint.pair import CheckpointPair, Earlier, checkpoint_paths
from breachflow.results.files.layout import CHECKPOINT_ATTRIBUTE, ContentError
from tally import tally

OWNER = {"case": "a = 1", "sources": "0"}


class Part(StrEnum):
    ONE = "one"
    OTHER = "other"


class Corner(NamedTuple):
    values: Floats
    numbers: Ints
    name: str = ""


@dataclass
class Whole:
    """A record of every kind that is kept."""

    part: Part | None = None
    count: int = 0
    size: float = float("nan")
    flag: bool = False
    corners: list[Corner] = field(default_factory=list)
    rows: list[dict[str, float]] = field(default_factory=list)
    pairs: list[tuple[float, str]] = field(default_factory=list)
    places: tuple[int, ...] = ()
    state: Floats = field(default_factory=lambda: np.zeros((0, 4)))


def record(number: int) -> Whole:
    corner = Corner(np.random.default_rng(number).random((40, 4)), np.arange(7, dtype=np.int32), "left/right")
    return Whole(
        part=Part.OTHER,
        count=number,
        size=float("inf"),
        flag=True,
        corners=[corner, corner],
        rows=[{"time": 0.1 + 0.2, "residual": 5e-324}, {}],
        pairs=[(-0.0, "\u00e4\n")],
        places=(3, 4),
        state=np.full((50, 4), float(number)),
    )


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "result.vtkhdf"


def taken(output: Path) -> int:
    """The number of the record from which a run would go on; -1 where there is none."""
    found = CheckpointPair(output, OWNER).take(Whole, Earlier.GO_ON)
    assert found.faults == []
    return -1 if found.record is None else int(found.record.state[0, 0])


def test_a_record_reads_back_with_every_bit(output: Path) -> None:
    write_checkpoint(output, Checkpoint(3, OWNER, record(5)))
    found = read_checkpoint(output, Whole)
    assert (found.number, found.owner) == (3, OWNER)
    assert repr(found.record) == repr(record(5))
    for ours, theirs in zip(pack(found.record).arrays, pack(record(5)).arrays, strict=True):
        assert (ours.dtype, ours.tobytes()) == (theirs.dtype, theirs.tobytes())


# ---- disks and kills ----


def test_a_failing_disk_at_every_call_keeps_a_checkpoint(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either the last but one or, where only the folder could not be made durable, the last one."""
    pair, fails_at, failures = CheckpointPair(output, OWNER), 0, 0
    pair.write(record(0))
    while True:
        fails_at += 1
        calls: list[str] = []

        def fail(name: str, calls: list[str] = calls, fails_at: int = fails_at) -> None:
            calls.append(name)
            if len(calls) == fails_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            for name, call in wrapped(fail).items():
                patch.setattr(os, name, call)
            try:
                pair.write(record(fails_at))
            except ResultError:
                failures += 1
        if len(calls) < fails_at:
            break
        tally(faults=1)
        assert taken(output) in (fails_at - 1, fails_at)
        pair = CheckpointPair(output, OWNER)
        pair.take(Whole, Earlier.GO_ON)
        pair.write(record(fails_at))
        assert {entry.name for entry in output.parent.iterdir()} <= {
            one.name for one in checkpoint_paths(output)
        }
    assert failures > 10


def test_killed_at_every_call_a_checkpoint_is_left(output: Path) -> None:
    """It is the last checkpoint or the one before."""
    CheckpointPair(output, OWNER).write(record(0))
    outcomes = []

    def write_the_next() -> None:
        pair = CheckpointPair(output, OWNER)
        pair.take(Whole, Earlier.GO_ON)
        pair.write(record(1))

    def look() -> None:
        outcomes.append(taken(output))
        for path in checkpoint_paths(output):
            path.unlink(missing_ok=True)
        CheckpointPair(output, OWNER).write(record(0))

    kill_at_every_call(write_the_next, look)
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {0, 1}
    assert outcomes.count(0) > 5


# ---- damage ----


def test_flipped_bits_are_refused_or_harmless(output: Path) -> None:
    """Harmless is what HDF5 ignores; the seal is required, so that a flip of it is no way around it."""
    write_checkpoint(output, Checkpoint(3, OWNER, record(5)))
    whole, chance = output.read_bytes(), np.random.default_rng(2)
    for position in chance.integers(len(whole), size=400):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << int(chance.integers(8))
        output.write_bytes(flipped)
        with pytest.raises(ResultError, match=r"damaged|not an HDF5 file|left open|checksum"):
            read_checkpoint(output, Whole)
        tally(flips=1, refused=1)


def test_of_another_version(output: Path) -> None:
    write_checkpoint(output, Checkpoint(3, OWNER, record(5)))
    with h5py.File(output, "r+") as file:
        file.attrs[CHECKPOINT_ATTRIBUTE] = 99
    with pytest.raises(ResultError, match=r"a checkpoint in format 99, written by breachflow \d"):
        read_checkpoint(output, Whole)
    with h5py.File(output, "r+") as file:
        del file.attrs[CHECKPOINT_ATTRIBUTE]
    with pytest.raises(ResultError, match="not a checkpoint"):
        read_checkpoint(output, Whole)


MISFITS = {
    "Whole.count: is not of type int": {"count": 1.5},
    "Whole.flag: is not of type bool": {"flag": 1},
    "Whole.size: is not of type float": {"size": "1"},
    "Whole.part: is not one of Part": {"part": "third"},
    "Whole.corners: is not a list": {"corners": {}},
    "Whole.corners.0: is not a record Corner": {"corners": [[1, 2]]},
    "Whole.pairs.0: is not a list of 2 values": {"pairs": [[1.0]]},
    "Whole.rows.0: is not a table": {"rows": [3]},
    "Whole.state: is not an array": {"state": {"array": 99}},
    "Whole.state: is not an array of float64": {"state": {"array": 1}},
}


@pytest.mark.parametrize("message", MISFITS)
def test_what_does_not_fit_the_types_is_refused_with_its_place(message: str) -> None:
    packed = pack(record(1))
    with pytest.raises(ContentError) as caught:
        unpack(Whole, packed._replace(tree={**packed.tree, **MISFITS[message]}))
    assert str(caught.value) == message


def test_a_key_too_many_or_too_few_is_refused() -> None:
    packed = pack(record(1))
    for tree in ({**packed.tree, "more": 1}, {"count": 1}, None):
        with pytest.raises(ContentError, match=r"^Whole: is not a record Whole$"):
            unpack(Whole, packed._replace(tree=tree))
