"""Writing results: as one file, or as snapshots with an index."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from breachflow.files import make_folder, whose_partial_file, write_atomically
from breachflow.results.data import Field, ResultData, Snapshot
from breachflow.results.files.image import field_values, index_image, result_image, snapshot_image
from breachflow.results.files.layout import (
    SnapshotStep,
    is_snapshot_file,
    snapshot_file,
    snapshot_numbers,
    steps_folder,
)
from breachflow.results.files.read import read_snapshot
from breachflow.results.files.seal import image_digest, seal


def write_result(path: str | os.PathLike[str], data: ResultData) -> None:
    """Write `data` as the result file `path`, whole or not at all.

    Snapshots of an earlier result of this name are removed. Raises ResultError where the file cannot be
    written; a previous file is then unchanged.
    """
    path = Path(path)
    _write_sealed(path, result_image(data))
    _discard_snapshots(steps_folder(path))


def result_bytes(data: ResultData) -> bytes:
    """The content of the file that `write_result` would write."""
    image = result_image(data)
    return b"".join((image, seal(image_digest(image))))


class SnapshotWriter:
    """Writes a transient result: a file for each snapshot, which is never changed, and an index.

    An earlier result of the same name stays complete until the first index replaces its index: the new
    snapshots have numbers that no file has. The caller holds the lock of the output.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._folder = steps_folder(self._path)
        self._steps: list[SnapshotStep] = []
        self._fields: Mapping[str, Field] = {}
        self._next_number = 0

    @property
    def steps(self) -> list[SnapshotStep]:
        """The snapshots so far."""
        return list(self._steps)

    def go_on(self, steps: Sequence[SnapshotStep], n_cells: int) -> None:
        """Take over the snapshots of a run that goes on here.

        Raises ResultError where one is missing, damaged or another one.
        """
        for step in steps:
            self._fields = read_snapshot(self._folder, step, n_cells).fields
        self._steps = list(steps)
        self._next_number = max(snapshot_numbers(_names_in(self._folder)), default=-1) + 1

    def write(self, snapshot: Snapshot) -> Path:
        """Write one snapshot; returns its file.

        Raises ValueError where its time does not follow the last one or its fields differ in name, shape or
        type from those before, ResultError where the file cannot be written.
        """
        self._require_fitting(snapshot)
        if not self._steps:
            make_folder(self._folder)
            self._next_number = max(snapshot_numbers(_names_in(self._folder)), default=-1) + 1
        file = snapshot_file(self._next_number)
        digest = _write_sealed(self._folder / file, snapshot_image(snapshot))
        self._next_number += 1
        self._fields = snapshot.fields
        self._steps.append(SnapshotStep(file, float(snapshot.time), digest))
        return self._folder / file

    def write_index(self, data: ResultData) -> None:
        """Write the result file over the snapshots so far; a later index replaces it.

        `data.fields` are written only where there is no snapshot. Raises ResultError where the file cannot be
        written.
        """
        if self._steps:
            image = index_image(data, self._path, self._steps, self._fields)
        else:
            image = result_image(data)
        _write_sealed(self._path, image)

    def finish(self, data: ResultData) -> None:
        """Write the last index and remove the snapshots of earlier runs.

        Raises ResultError where the file cannot be written.
        """
        self.write_index(data)
        _discard_snapshots(self._folder, keep={step.file for step in self._steps})

    def _require_fitting(self, snapshot: Snapshot) -> None:
        if not math.isfinite(snapshot.time):
            raise ValueError(f"the time of a snapshot is {snapshot.time}")
        if not self._steps:
            return
        last = self._steps[-1].time
        if snapshot.time <= last:
            raise ValueError(f"snapshot at {snapshot.time} s after the one at {last} s")
        if _shapes(snapshot.fields) != _shapes(self._fields):
            raise ValueError("a snapshot's fields differ in name, shape or type from those before it")


def _write_sealed(path: Path, image: memoryview) -> str:
    """Write an image and its seal; returns the digest of the image."""
    digest = image_digest(image)
    write_atomically(path, (image, seal(digest)))
    return digest


def _shapes(fields: Mapping[str, Field]) -> dict[str, tuple[Any, ...]]:
    values = {name: field_values(field) for name, field in fields.items()}
    return {name: (array.shape, array.dtype) for name, array in values.items()}


def _names_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _discard_snapshots(folder: Path, keep: Collection[str] = ()) -> None:
    """Remove the snapshots that no index names; those that cannot be removed only take space."""
    if folder.is_symlink():
        return
    for name in _names_in(folder):
        if name not in keep and (is_snapshot_file(name) or whose_partial_file(name)):
            with suppress(OSError):
                (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()
