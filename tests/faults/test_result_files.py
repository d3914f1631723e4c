"""Result files: full disks, kills, flipped bits, hostile contents and rival runs."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from system_calls import kill_at_every_call

from breachflow.errors import ResultError
from breachflow.files import make_folder, write_atomically
from breachflow.results import (
    Column,
    Field,
    Patch,
    Quantity,
    Result,
    ResultData,
    Snapshot,
    SnapshotWriter,
    output_lock,
    read_result,
    write_result,
)
from campaigns.campaign import rounds
from tally import tally

N_CELLS = 200

FLIPS = max(rounds(3000), 700)


def fields(value: float) -> dict[str, Field]:
    noise = np.random.default_rng(1).random(N_CELLS)
    return {"pressure": Field(value + noise, "Pa", "static pressure")}


def result_data(value: float) -> ResultData:
    """A strip of quadrilaterals; summary and fields contain `value`, which distinguishes results."""
    x = np.arange(N_CELLS + 1, dtype=np.float64)
    i = np.arange(N_CELLS)
    top = N_CELLS + 1
    return ResultData(
        points=np.column_stack([np.tile(x, 2), np.repeat([0.0, 1.0], N_CELLS + 1)]),
        cell_offsets=np.arange(N_CELLS + 1) * 4,
        cell_points=np.column_stack([i, i + 1, i + 1 + top, i + top]).ravel(),
        cell_types=np.full(N_CELLS, 9, dtype=np.uint8),
        fields=fields(value),
        summary={"mass_flow": Quantity(value, "kg/s", "mass flow"), "converged": Quantity(True, "", "")},
        history={"residual": Column(np.geomspace(1.0, 1e-9, 50), "1", "residual")},
        case_text="# as given\n" * 20,
        case_completed="# completed\n" * 20,
        provenance={"version": "0.1.0"},
        patches={"wall": Patch("wall", np.column_stack([i, i + 1]))},
        probes={"lip": {"pressure": Column(np.arange(9.0), "Pa", "static pressure")}},
    )


def contents(result: Result) -> tuple[Any, ...]:
    """Everything that was read, in a form that can be compared."""
    columns = {name: column.values.tolist() for name, column in result.history.items()}
    described = {
        name: (field.values.tolist(), field.unit, field.description) for name, field in result.fields.items()
    }
    probes = {
        name: [column.values.tolist() for column in probe.values()] for name, probe in result.probes.items()
    }
    mesh = [array.tolist() for array in (result.points, *result.cells, result.times)]
    patches = {name: (patch.kind, patch.faces.tolist()) for name, patch in result.patches.items()}
    texts = (result.case_text, result.case_completed, result.provenance, result.summary)
    return columns, described, probes, mesh, patches, texts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "result.vtkhdf"


# ---- failing writers ----


class FailingSystem:
    """Counts the calls that write files; call number `fails_at` fails. Each write is short."""

    def __init__(self, patch: pytest.MonkeyPatch, fails_at: int) -> None:
        self.calls: list[str] = []
        self._fails_at = fails_at
        for name in ("open", "write", "fsync", "replace", "close"):
            patch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append(name)
            failing = len(self.calls) == self._fails_at
            if failing and name == "close":
                original(*arguments)
            if failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if name == "write":
                arguments = (arguments[0], arguments[1][:3000])
            return original(*arguments, **options)

        return call


def each_failure(write: Callable[[], None]) -> Iterator[ResultError]:
    """Fail at the first call, at the second, and so on, until the write succeeds."""
    for fails_at in range(1, 10_000):
        with pytest.MonkeyPatch.context() as patch:
            system = FailingSystem(patch, fails_at)
            try:
                write()
            except ResultError as error:
                failure = error
            else:
                assert len(system.calls) < fails_at
                return
        yield failure


def test_a_failing_disk_at_every_call_keeps_the_previous_file(path: Path) -> None:
    write_result(path, result_data(1.0))
    data = result_data(2.0)
    states = []
    for failure in each_failure(lambda: write_result(path, data)):
        assert str(failure).startswith(f"{path}: cannot write: No space left on device (free some space")
        assert failure.exit_code == 8
        assert [entry.name for entry in path.parent.iterdir()] == ["result.vtkhdf"]
        replaced = "is complete" in str(failure)
        tally(faults=1)
        assert read_result(path).mass_flow == (2.0 if replaced else 1.0)
        states.append(replaced)
        if replaced:
            write_result(path, result_data(1.0))
    assert states == sorted(states)
    assert states.count(False) > 10
    assert states.count(True) == 3  # open, fsync and close of the folder
    assert read_result(path).mass_flow == 2.0


def write_transient(path: Path, value: float) -> None:
    writer = SnapshotWriter(path)
    writer.write(Snapshot(1.0, fields(value)))
    writer.write(Snapshot(2.0, fields(value)))
    writer.finish(result_data(value))


def test_a_failing_disk_at_every_call_keeps_the_previous_transient_result(path: Path) -> None:
    write_transient(path, 1.0)
    failures = 0
    for failure in each_failure(lambda: write_transient(path, 2.0)):
        failures += 1
        tally(faults=1)
        result = read_result(path)
        replaced = f"{path}:" in str(failure) and "is complete" in str(failure)
        assert result.mass_flow == (2.0 if replaced else 1.0)
        for snapshot in result.snapshots:
            assert int(snapshot.fields["pressure"].values[0]) == result.mass_flow
        names = [entry.name for entry in path.parent.rglob("*")]
        assert not [name for name in names if "partial" in name]
        if replaced:
            write_transient(path, 1.0)
    assert failures > 20
    assert len(list(path.with_suffix(".steps").iterdir())) == 2


def test_a_file_size_limit_of_the_system(path: Path) -> None:
    write_result(path, result_data(1.0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        with pytest.raises(ResultError, match=r"cannot write: File too large \(no file of this size"):
            write_result(path, result_data(2.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_result(path).mass_flow == 1.0
    assert len(list(path.parent.iterdir())) == 1


def test_outputs_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    cases = {
        "absent/r.vtkhdf": "No such file or directory (create the folder first",
        "file/r.vtkhdf": "Not a directory (a part of the path is a file",
        "folder": "Is a directory (this is a folder: give a file name",
        "pipe": "not a regular file (",
        "x" * 300: "File name too long (choose a shorter name",
    }
    for name, message in cases.items():
        with pytest.raises(ResultError) as caught:
            write_result(tmp_path / name, result_data(1.0))
        assert f"{tmp_path / name}: cannot write: {message}" in str(caught.value)
    with pytest.raises(ResultError, match=r"absent/r\.steps: cannot write: No such file"):
        SnapshotWriter(tmp_path / "absent/r.vtkhdf").write(Snapshot(0.0, fields(1.0)))


# ---- kills ----


def test_killed_at_every_call_a_whole_result_is_left(path: Path) -> None:
    outcomes = []

    def look() -> None:
        result = read_result(path)
        values = {int(snapshot.fields["pressure"].values[0]) for snapshot in result.snapshots}
        outcomes.append(" ".join(map(str, [int(result.mass_flow), *values, len(result.snapshots)])))
        write_transient(path, 1.0)

    write_transient(path, 1.0)
    kill_at_every_call(lambda: write_transient(path, 2.0), look)
    assert set(outcomes) == {"1 1 2", "2 2 2"}
    assert outcomes == sorted(outcomes)
    assert outcomes.count("1 1 2") > 15
    with output_lock(path):
        pass
    write_transient(path, 3.0)
    names = sorted(entry.name for entry in path.parent.rglob("*"))
    assert len([name for name in names if name.endswith(".h5")]) == 2
    assert len(names) == 4  # result.vtkhdf, result.steps and two snapshots


def test_the_next_holder_of_the_lock_removes_what_a_kill_left(path: Path) -> None:
    (path.parent / ".result.vtkhdf.12ab34cd.partial").write_text("half")
    (path.parent / ".other.vtkhdf.12ab34cd.partial").write_text("half")
    with output_lock(path):
        pass
    assert [entry.name for entry in path.parent.iterdir()] == [".other.vtkhdf.12ab34cd.partial"]


def test_the_next_writer_removes_what_a_kill_left_and_nothing_of_a_writer_that_lives(path: Path) -> None:
    left, living = (path.parent / f".result.vtkhdf.{token}.partial" for token in ("12ab34cd", "00000000"))
    for file in (left, living):
        file.write_text("half")
    with living.open("r+") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        write_atomically(path, [b"whole"])
    assert sorted(path.parent.iterdir()) == sorted([living, path])
    assert path.read_bytes() == b"whole"


def test_a_partial_file_that_another_removes_at_once_is_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, removed = fcntl.flock, []

    def remove_first(file: object, operation: int) -> None:
        for partial in [] if removed else list(path.parent.glob(".*.partial")):
            removed.append(partial)
            partial.unlink()
        before(file, operation)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    write_atomically(path, [b"whole"])
    assert len(removed) == 1
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"whole"


# ---- damage ----


def flipped(image: bytes, position: int, bit: int) -> bytes:
    return image[:position] + bytes([image[position] ^ (1 << bit)]) + image[position + 1 :]


def test_flipped_bits_never_read_as_other_values(path: Path) -> None:
    write_result(path, result_data(1.0))
    expected = contents(read_result(path))
    image = path.read_bytes()
    chance = random.Random(20260101)
    unnoticed = 0
    for _ in range(FLIPS):
        path.write_bytes(flipped(image, chance.randrange(len(image)), chance.randrange(8)))
        try:
            result = read_result(path)
        except ResultError:
            tally(flips=1, refused=1)
            continue
        unnoticed += 1
        tally(flips=1)
        assert contents(result) == expected  # only the words around the checksum may change unnoticed
    assert unnoticed < FLIPS * 0.005


def test_flipped_bytes_in_the_seal_and_in_front_are_noticed_or_harmless(path: Path) -> None:
    write_result(path, result_data(1.0))
    expected = contents(read_result(path))
    image = path.read_bytes()
    for position in range(64):
        path.write_bytes(flipped(image, position, 3))
        with suppress(ResultError):
            assert contents(read_result(path)) == expected
    for position in range(len(image) - 84, len(image)):  # also in the words around the checksum
        path.write_bytes(flipped(image, position, 3))
        with pytest.raises(ResultError, match="the file is damaged"):
            read_result(path)


def unseal(path: Path) -> None:
    """Remove the seal, as a program does that rewrites the file."""
    image = path.read_bytes()
    path.write_bytes(image[: image.rindex(b"\nbreachflow sha256 ")])


def stored_chunks(path: Path) -> list[int]:
    """Positions of all bytes of filtered values."""
    positions: list[int] = []

    def visit(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.chunks:
            for i in range(item.id.get_num_chunks()):
                chunk = item.id.get_chunk_info(i)
                positions.extend(range(chunk.byte_offset, chunk.byte_offset + chunk.size))

    with h5py.File(path) as file:
        file.visititems(visit)
    return positions


def test_without_the_seal_the_checksums_of_hdf5_still_notice(path: Path) -> None:
    write_result(path, result_data(1.0))
    unseal(path)
    image = path.read_bytes()
    assert read_result(path).mass_flow == 1.0
    chance = random.Random(2)
    for position in chance.sample(stored_chunks(path), 150):
        path.write_bytes(flipped(image, position, chance.randrange(8)))
        with pytest.raises(ResultError, match="damaged or not a Breachflow result"):
            read_result(path)


def test_open_in_another_program_is_not_damaged(path: Path) -> None:
    write_result(path, result_data(1.0))
    with h5py.File(path, "r+"):
        with pytest.raises(ResultError, match="open for writing in another program; close it there"):
            read_result(path)
        marked = path.read_bytes()
    assert read_result(path).mass_flow == 1.0
    path.write_bytes(marked)  # as a program leaves it that is killed
    with pytest.raises(ResultError, match="or left open by one that was killed"):
        read_result(path)


def test_truncated_files_are_refused(path: Path) -> None:
    write_result(path, result_data(1.0))
    unseal(path)
    image = path.read_bytes()
    for length in [*range(0, len(image), 331), len(image) - 1]:
        path.write_bytes(image[:length])
        with pytest.raises(ResultError):
            read_result(path)


def test_a_damaged_snapshot_is_noticed_when_it_is_read(path: Path) -> None:
    write_transient(path, 1.0)
    snapshot = path.with_suffix(".steps") / "000001.h5"
    image = snapshot.read_bytes()
    chance = random.Random(3)
    result = read_result(path)
    for _ in range(100):
        snapshot.write_bytes(flipped(image, chance.randrange(len(image)), chance.randrange(8)))
        with pytest.raises(ResultError, match=r"000001\.h5: (the file is damaged|not the snapshot)"):
            _ = result.snapshots[1]
        assert result.snapshots[0].time == 1.0


# ---- hostile contents ----

Attack = Callable[[h5py.File], None]


def external_link(file: h5py.File) -> None:
    file["VTKHDF/CellData/secret"] = h5py.ExternalLink("secret.h5", "/secret")


def external_link_at_root(file: h5py.File) -> None:
    file["secret"] = h5py.ExternalLink("secret.h5", "/")


def external_storage(file: h5py.File) -> None:
    file["VTKHDF/CellData"].create_dataset(
        "secret", (N_CELLS,), "u1", external=[("secret.h5", 0, h5py.h5f.UNLIMITED)]
    )


def virtual_elsewhere(source: str) -> Attack:
    def attack(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((N_CELLS,), "f8")
        layout[:] = h5py.VirtualSource(source, "secret", (N_CELLS,), "f8")
        file["VTKHDF/CellData"].create_virtual_dataset("secret", layout)

    return attack


def virtual_mesh(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((50,), "f8")
    layout[:] = h5py.VirtualSource("result.steps/000000.h5", "secret", (50,), "f8")
    file["history"].create_virtual_dataset("secret", layout)


def petabytes(file: h5py.File) -> None:
    file["history"].create_dataset("huge", (10**13,), "f8", chunks=(1000,), compression="gzip")


def partly_missing(file: h5py.File) -> None:
    huge = file["history"].create_dataset("huge", (200_000,), "f8", chunks=(20_000,), compression="gzip")
    huge[:20_000] = np.random.default_rng(0).random(20_000)


def large_chunks(file: h5py.File) -> None:
    file["history"].create_dataset(
        "wide", data=np.zeros(5), chunks=(10**6,), maxshape=(None,), compression="gzip"
    )


def soft_link(file: h5py.File) -> None:
    file["VTKHDF/CellData/twin"] = h5py.SoftLink("/VTKHDF/CellData/pressure")


def cycle(file: h5py.File) -> None:
    file["probes/lip/again"] = file["probes"]


def twice(file: h5py.File) -> None:
    file["history/again"] = file["history/residual"]


def too_deep(file: h5py.File) -> None:
    file.create_group("/".join(["probes", *"abcdefghij"]))


def foreign_filter(file: h5py.File) -> None:
    file["history"].create_dataset("lzf", data=np.arange(500.0), compression="lzf")


def variable_text(file: h5py.File) -> None:
    file["summary"].create_dataset("text", data="free", dtype=h5py.string_dtype())


def compound(file: h5py.File) -> None:
    file["history"].create_dataset("pair", data=np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]))


def reference(file: h5py.File) -> None:
    file["history"].create_dataset("reference", data=file.ref, dtype=h5py.ref_dtype)


def long_numbers(file: h5py.File) -> None:
    file["history"].create_dataset("long", data=np.zeros(3, dtype=np.longdouble))


def named_type(file: h5py.File) -> None:
    file["history/type"] = np.dtype("f8")


def replace_dataset(name: str, values: Any) -> Attack:
    def attack(file: h5py.File) -> None:
        attributes = dict(file[name].attrs)
        del file[name]
        file.create_dataset(name, data=values).attrs.update(attributes)

    return attack


def remove(name: str) -> Attack:
    def attack(file: h5py.File) -> None:
        del file[name]

    return attack


def variable_unit(file: h5py.File) -> None:
    file["summary/mass_flow"].attrs["units"] = "kg/s"


def patch_without_kind(file: h5py.File) -> None:
    del file["patches/wall"].attrs["kind"]


def newer_layout(file: h5py.File) -> None:
    file.attrs["breachflow_layout"] = 2


def foreign(file: h5py.File) -> None:
    del file.attrs["breachflow_layout"]


def steps_outside(file: h5py.File) -> None:
    for name, text in (("files", "../secret.h5"), ("digests", "0" * 64)):
        file.create_dataset(f"steps/{name}", data=np.array([text.encode()]))
    file.create_dataset("steps/times", data=[0.0])


ATTACKS: list[tuple[str, Attack, str]] = [
    ("external link", external_link, "/VTKHDF/CellData/secret: a link to another file is not allowed here"),
    ("external link at root", external_link_at_root, "/secret: a link to another file is not allowed here"),
    ("external storage", external_storage, "/VTKHDF/CellData/secret: stores its values in another file"),
    ("virtual file", virtual_elsewhere("secret.h5"), "refers to 'secret.h5', which is no snapshot of this"),
    ("virtual parent", virtual_elsewhere("../000000.h5"), "its snapshots are in '..', but those of a file"),
    ("virtual root", virtual_elsewhere("/etc/000000.h5"), "its snapshots are in '/etc', but those of a file"),
    (
        "virtual detour",
        virtual_elsewhere("result.steps/../000000.h5"),
        "its snapshots are in 'result.steps/..', but those of a file",
    ),
    (
        "virtual pattern",
        virtual_elsewhere("result.steps/%%b.h5"),
        "'result.steps/%%b.h5', which is no snapshot",
    ),
    ("virtual history", virtual_mesh, "/history/secret: a virtual dataset is not allowed here"),
    ("80 TB", petabytes, "/history/huge: declares 80000000000000 bytes but stores only 0"),
    ("partly missing", partly_missing, "/history/huge: a part of it is missing"),
    ("large chunks", large_chunks, "/history/wide: its chunks are larger than itself"),
    ("soft link", soft_link, "/VTKHDF/CellData/twin: a soft link is not allowed here"),
    ("cycle", cycle, "/probes/lip/again: linked more than once"),
    ("twice", twice, "linked more than once"),
    ("deep", too_deep, "/probes/a/b/c/d/e/f/g/h: groups nested too deeply"),
    ("lzf", foreign_filter, "/history/lzf: filter number 32000 is not one of gzip, shuffle, fletcher32"),
    ("variable text", variable_text, "/summary/text: text of variable length is not allowed here"),
    ("compound", compound, "/history/pair: holds neither numbers nor text"),
    ("reference", reference, "/history/reference: holds neither numbers nor text"),
    ("long numbers", long_numbers, "/history/long: numbers of type float128 are not allowed here"),
    ("named type", named_type, "/history/type: neither a group nor a dataset"),
    (
        "group as field",
        lambda file: file.create_group("VTKHDF/CellData/g"),
        "/VTKHDF/CellData/g: not one value",
    ),
    (
        "field of other length",
        replace_dataset("VTKHDF/CellData/pressure", np.zeros(7)),
        "pressure: not one value",
    ),
    ("points missing", remove("VTKHDF/Points"), "/VTKHDF/Points: missing"),
    ("summary missing", remove("summary"), "/summary: missing; the file is not a complete Breachflow result"),
    ("case missing", remove("case/given"), "/case/given: missing or not text"),
    ("case a number", replace_dataset("case/given", [1.0]), "/case/given: missing or not text"),
    (
        "flat points",
        replace_dataset("VTKHDF/Points", np.zeros((2 * N_CELLS + 2, 2))),
        "expected shape (402, 3)",
    ),
    (
        "negative count",
        replace_dataset("VTKHDF/NumberOfCells", [-1]),
        "/VTKHDF/Offsets: int64 of shape (201,)",
    ),
    (
        "corner out of range",
        replace_dataset("VTKHDF/Connectivity", np.full(4 * N_CELLS, 402)),
        "/VTKHDF/Connectivity: a corner is not one of the 402 points",
    ),
    (
        "offsets backwards",
        replace_dataset("VTKHDF/Offsets", np.arange(N_CELLS + 1)[::-1]),
        "/VTKHDF/Offsets: not the starts of the cells' corners",
    ),
    ("patches a dataset", replace_dataset("patches", 1.0), "/patches: missing; the file is not a complete"),
    (
        "patch a group",
        lambda file: file.create_group("patches/g"),
        "/patches/g: not faces of two points each",
    ),
    (
        "patch of triangles",
        replace_dataset("patches/wall", np.zeros((5, 3), dtype=np.int64)),
        "/patches/wall: not faces of two points each",
    ),
    (
        "patch of numbers",
        replace_dataset("patches/wall", np.zeros((5, 2))),
        "/patches/wall: not faces of two",
    ),
    (
        "patch out of range",
        replace_dataset("patches/wall", np.array([[0, 402]])),
        "/patches/wall: a point is not one of the 402 points",
    ),
    (
        "patch of points below 0",
        replace_dataset("patches/wall", np.array([[-1, 0]])),
        "/patches/wall: a point is not one of the 402 points",
    ),
    ("patch without a kind", patch_without_kind, "/patches/wall: has no attribute 'kind'"),
    ("summary a column", replace_dataset("summary/mass_flow", [1.0, 2.0]), "mass_flow: not a single value"),
    (
        "history a matrix",
        replace_dataset("history/residual", np.eye(3)),
        "residual: not one column of numbers",
    ),
    ("history text", replace_dataset("history/residual", np.array([b"a"])), "/history/residual: not numbers"),
    ("probe a dataset", replace_dataset("probes/lip", 1.0), "/probes/lip: a dataset where a group belongs"),
    ("variable unit", variable_unit, "attribute 'units' is neither a number nor text of a fixed length"),
    ("newer layout", newer_layout, "the result of a run in format 2, written by "),
    ("foreign", foreign, "an HDF5 file, but not one that Breachflow wrote"),
    ("steps outside", steps_outside, "/steps/files: '../secret.h5' is no snapshot of this result"),
]


@pytest.mark.parametrize(("attack", "message"), [a[1:] for a in ATTACKS], ids=[a[0] for a in ATTACKS])
def test_hostile_contents_are_refused(path: Path, attack: Attack, message: str) -> None:
    with h5py.File(path.with_name("secret.h5"), "w") as secret:
        secret["secret"] = np.zeros(N_CELLS)
    write_result(path, result_data(1.0))
    unseal(path)
    with h5py.File(path, "r+") as file:
        attack(file)
    with pytest.raises(ResultError) as caught:
        read_result(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_snapshots_behind_symbolic_links_are_not_read(path: Path) -> None:
    write_transient(path, 1.0)
    snapshot = path.with_suffix(".steps") / "000001.h5"
    snapshot.rename(path.with_name("elsewhere.h5"))
    snapshot.symlink_to(path.with_name("elsewhere.h5"))
    with pytest.raises(ResultError, match="snapshots are not read through symbolic links"):
        _ = read_result(path).fields


def test_what_is_no_result_at_all(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("title = 'x'\n")
    (tmp_path / "empty.vtkhdf").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    write_result(tmp_path / "result.vtkhdf", result_data(1.0))
    cases = {
        "case.toml": "a case and no result: `breachflow check` says what to expect of it, and `run`, "
        "`cabin` or `sweep` computes it",
        "empty.vtkhdf": "not an HDF5 file; give a file that `breachflow run`, `sweep` or `cabin` wrote",
        "pipe": "not a regular file; give a file that `breachflow run`, `sweep` or `cabin` wrote",
        "resultt.vtkhdf": "cannot read: No such file or directory; did you mean result.vtkhdf?",
    }
    for name, message in cases.items():
        with pytest.raises(ResultError) as caught:
            read_result(tmp_path / name)
        assert str(caught.value) == f"{tmp_path / name}: {message}"


# ---- rival runs ----

LOCKER = """
import os, sys
from breachflow.errors import OutputLocked
from breachflow.results.files.lock import output_lock
print(os.getpid(), flush=True)
for _ in sys.stdin:
    try:
        with output_lock(sys.argv[1]):
            print("won", flush=True)
            sys.stdin.readline()
    except OutputLocked as error:
        print(error.exit_code, error, flush=True)
        sys.stdin.readline()
    print("free", flush=True)
"""

CROWD = """
import os, sys
from breachflow.errors import OutputLocked
from breachflow.results.files.lock import output_lock
marker, entered = sys.argv[1] + ".marker", 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(300):
    try:
        with output_lock(sys.argv[1]):
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            entered += 1
            os.unlink(marker)
    except OutputLocked:
        pass
print(entered)
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def rivals(path: Path) -> Iterator[Callable[[str, int], list[subprocess.Popen[str]]]]:
    started: list[subprocess.Popen[str]] = []

    def begin(script: str, count: int) -> list[subprocess.Popen[str]]:
        started.extend(start(script, path) for _ in range(count))
        return started

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_of_eight_rivals_exactly_one_wins_every_round(path: Path, rivals: Any) -> None:
    processes = rivals(LOCKER, 8)
    pids = [hear(process) for process in processes]
    for i in range(200):
        taking_part = processes[: 2 + i % 7]
        tally(rounds=1)
        for process in taking_part:
            tell(process, "go")
        answers = [hear(process) for process in taking_part]
        winner = pids[answers.index("won")]
        refusal = f"9 {path}: process {winner} on {socket.gethostname()} is writing this result; wait for it"
        others = [answer for answer in answers if answer != "won"]
        assert len(others) == len(taking_part) - 1
        assert all(answer.startswith(refusal) for answer in others)
        for process in taking_part:
            tell(process, "end")
        assert [hear(process) for process in taking_part] == ["free"] * len(taking_part)
    assert list(path.parent.iterdir()) == []


def test_a_crowd_is_never_inside_together(path: Path, rivals: Any) -> None:
    """Take and release the lock as fast as possible; its file is created and removed meanwhile."""
    processes = rivals(CROWD, 4)
    for process in processes:
        hear(process)
    for process in processes:
        tell(process, "go")
    entered = [int(hear(process)) for process in processes]  # not a number if a rival held the lock too
    assert sum(entered) >= 50
    assert list(path.parent.iterdir()) == []


def test_the_lock_of_a_killed_run_does_not_block(path: Path, rivals: Any) -> None:
    (process,) = rivals(LOCKER, 1)
    pid = int(hear(process))
    tell(process, "go")
    assert hear(process) == "won"
    os.kill(pid, signal.SIGKILL)
    process.wait()
    lock = path.with_name("result.vtkhdf.lock")
    assert lock.read_text() == f"{pid} {socket.gethostname()}\n"
    with output_lock(path):
        assert lock.read_text() == f"{os.getpid()} {socket.gethostname()}\n"
    assert not lock.exists()


def test_a_lock_that_cannot_be(tmp_path: Path) -> None:
    message = "cannot lock the output: No such file or directory"
    with pytest.raises(ResultError, match=message), output_lock(tmp_path / "absent" / "result.vtkhdf"):
        raise AssertionError
    (tmp_path / "result.vtkhdf.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(ResultError, match="cannot lock"), output_lock(tmp_path / "result.vtkhdf"):
        raise AssertionError
    assert not (tmp_path / "precious").exists()


def test_a_link_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    """Lock, checkpoints and snapshots lie beside the name, not beside the other end of a link."""
    elsewhere, link = tmp_path / "elsewhere" / "result.vtkhdf", tmp_path / "result.vtkhdf"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"as it was")
    link.symlink_to(elsewhere)
    write_result(link, result_data(1.0))
    assert not link.is_symlink()
    assert read_result(link).n_cells > 0
    assert elsewhere.read_bytes() == b"as it was"
    assert list(elsewhere.parent.iterdir()) == [elsewhere]


@pytest.mark.parametrize("make", ["file", "link to nothing"])
def test_a_file_where_a_folder_belongs_is_told(make: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("mine") if make == "file" else path.symlink_to(tmp_path / "absent")
    with pytest.raises(ResultError) as caught:
        make_folder(path)
    assert str(caught.value) == (
        f"{path}: is a {make}, and a folder belongs here; remove it, or give the name of a folder with -o"
    )
