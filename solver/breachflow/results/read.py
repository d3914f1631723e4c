"""Reading results: checked first, then loaded; snapshots only when asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import ResultError
from breachflow.results.check import open_checked, plain, read_attribute
from breachflow.results.data import CellTopology, Column, Field, Patch, Quantity, Snapshot
from breachflow.results.layout import (
    LAYOUT_ATTRIBUTE,
    LAYOUT_VERSION,
    SNAPSHOT_FIELDS,
    TABLE_ATTRIBUTE,
    ContentError,
    SnapshotStep,
    decode_name,
    is_snapshot_file,
    steps_folder,
)
from breachflow.results.text import result_line, result_table
from breachflow.words import nearest

if TYPE_CHECKING:
    import h5py


class Snapshots(Sequence[Snapshot]):
    """The snapshots of a transient result, each read from its file when it is asked for."""

    def __init__(self, folder: Path, steps: Sequence[SnapshotStep], n_cells: int) -> None:
        self._folder = folder
        self._steps = tuple(steps)
        self._n_cells = n_cells

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...
    @overload
    def __getitem__(self, index: slice) -> Snapshots: ...
    def __getitem__(self, index: int | slice) -> Snapshot | Snapshots:
        if isinstance(index, slice):
            return Snapshots(self._folder, self._steps[index], self._n_cells)
        return _read_snapshot(self._folder, self._steps[index], self._n_cells)

    def __repr__(self) -> str:
        return f"<{len(self)} snapshots in {self._folder.name}>"


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """One result file. `print(result)` gives its table; any name of the summary is an attribute.

    result.mass_flow and result["mass_flow"] are plain values in SI; result.summary["mass_flow"]
    has its unit and description with it.
    """

    path: Path
    points: NDArray[np.float64]
    """(n_points, 3) coordinates, m."""
    cells: CellTopology
    summary: Mapping[str, Quantity]
    history: Mapping[str, Column]
    probes: Mapping[str, Mapping[str, Column]]
    patches: Mapping[str, Patch]
    """The boundary faces of the mesh by the name of their patch; none in files of older versions."""
    case_text: str
    case_completed: str
    provenance: Mapping[str, str | int | float | bool]
    times: NDArray[np.float64]
    """Times of the snapshots, s; empty in a steady result."""
    snapshots: Snapshots
    steady_fields: Mapping[str, Field]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields: of a transient result those of the last snapshot."""
        return self.snapshots[-1].fields if self.snapshots else self.steady_fields

    @property
    def n_cells(self) -> int:
        return len(self.cells.types)

    def field(self, name: str) -> NDArray[Any]:
        """The values of one field, (n_cells,) or (n_cells, 3), in SI."""
        if name not in self.fields:
            raise KeyError(f"no field {name!r}{_suggestion(name, self.fields)}")
        return self.fields[name].values

    def __getitem__(self, name: str) -> float | int | bool | str:
        if name not in self.summary:
            raise KeyError(f"no quantity {name!r} in the summary{_suggestion(name, self.summary)}")
        return self.summary[name].value

    def __getattr__(self, name: str) -> Any:
        summary = self.__dict__.get("summary", {})
        if name not in summary:
            raise AttributeError(f"a result has no {name!r}{_suggestion(name, summary)}")
        return summary[name].value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.summary})

    def __str__(self) -> str:
        return result_table(self.path, self.summary, self.provenance, self.times)

    def __repr__(self) -> str:
        return result_line(self.path, self.summary)


def read_result(path: str | os.PathLike[str]) -> Result:
    """Check and load a result file. Raises ResultError if it is damaged, hostile or none of ours."""
    path = Path(path)
    with open_checked(path) as (root, _):
        _require_layout(root)
        points, cells = _read_mesh(root)
        steps = _read_steps(root)
        n_cells = len(cells.types)
        return Result(
            path=path,
            points=points,
            cells=cells,
            summary={decode_name(name): _quantity(item) for name, item in _group(root, "summary").items()},
            history=_columns(_group(root, "history")),
            probes={decode_name(name): _columns(item) for name, item in _group(root, "probes").items()},
            patches=_patches(_group(root, "patches"), len(points)) if "patches" in root else {},
            case_text=_text(root, "case/given"),
            case_completed=_text(root, "case/completed"),
            provenance=_attributes(_group(root, "provenance")),
            times=np.array([step.time for step in steps], dtype=np.float64),
            snapshots=Snapshots(steps_folder(path), steps, n_cells),
            steady_fields={} if steps else _fields(_group(root, "VTKHDF/CellData"), n_cells),
        )


def _read_snapshot(folder: Path, step: SnapshotStep, n_cells: int) -> Snapshot:
    path = folder / step.file
    if folder.is_symlink() or path.is_symlink():
        raise ResultError(f"{path}: snapshots are not read through symbolic links; put the file itself there")
    if not path.exists():
        raise ResultError(f"{path}: this snapshot is missing; keep {folder.name} beside its result file")
    with open_checked(path) as (root, digest):
        if digest != step.digest:
            raise ContentError("not the snapshot that the result names; it belongs to another run")
        return Snapshot(step.time, _fields(_group(root, SNAPSHOT_FIELDS), n_cells))


def _require_layout(root: h5py.File) -> None:
    if TABLE_ATTRIBUTE in root.attrs:
        raise ContentError(
            "the table of a sweep, not the result of a run; read it with breachflow.read_table"
        )
    if LAYOUT_ATTRIBUTE not in root.attrs:
        raise ContentError("an HDF5 file, but not one that Breachflow wrote")
    version = read_attribute(root, LAYOUT_ATTRIBUTE)
    if version != LAYOUT_VERSION:
        raise ContentError(
            f"written in layout {version}; this Breachflow reads layout {LAYOUT_VERSION}: update it"
        )


def _read_mesh(root: h5py.File) -> tuple[NDArray[np.float64], CellTopology]:
    vtk = _group(root, "VTKHDF")
    n_points, n_cells, n_corners = (
        _count(vtk, name) for name in ("NumberOfPoints", "NumberOfCells", "NumberOfConnectivityIds")
    )
    points = _array(vtk, "Points", (n_points, 3), "f")
    cells = CellTopology(
        offsets=_array(vtk, "Offsets", (n_cells + 1,), "iu"),
        points=_array(vtk, "Connectivity", (n_corners,), "iu"),
        types=_array(vtk, "Types", (n_cells,), "iu"),
    )
    _require_valid(cells, n_points, n_corners)
    return points, cells


def _require_valid(cells: CellTopology, n_points: int, n_corners: int) -> None:
    offsets, corners = cells.offsets, cells.points
    if offsets[0] != 0 or offsets[-1] != n_corners or (np.diff(offsets) < 0).any():
        raise ContentError("/VTKHDF/Offsets: not the starts of the cells' corners")
    if n_corners and not (corners.min() >= 0 and corners.max() < n_points):
        raise ContentError(f"/VTKHDF/Connectivity: a corner is not one of the {n_points} points")


def _patches(group: h5py.Group, n_points: int) -> dict[str, Patch]:
    patches = {}
    for name, dataset in group.items():
        if not _is_dataset(dataset) or dataset.shape[1:] != (2,) or dataset.dtype.kind not in "iu":
            raise ContentError(f"{dataset.name}: not faces of two points each")
        faces = _values(dataset)
        if faces.size and not (faces.min() >= 0 and faces.max() < n_points):
            raise ContentError(f"{dataset.name}: a point is not one of the {n_points} points")
        patches[decode_name(name)] = Patch(str(read_attribute(dataset, "kind")), faces)
    return patches


def _read_steps(root: h5py.File) -> list[SnapshotStep]:
    if "steps" not in root:
        return []
    files, digests = (_text(root, f"steps/{name}").split("\n") for name in ("files", "digests"))
    times = _array(_group(root, "steps"), "times", (len(files),), "f")
    if len(digests) != len(files):
        raise ContentError(f"/steps: {len(digests)} digests for {len(files)} snapshots")
    for file in files:
        if not is_snapshot_file(file):
            raise ContentError(f"/steps/files: {file!r} is no snapshot of this result")
    return [SnapshotStep(*entry) for entry in zip(files, times.tolist(), digests, strict=True)]


def _fields(group: h5py.Group, n_cells: int) -> dict[str, Field]:
    fields = {}
    for name, dataset in group.items():
        if not _is_dataset(dataset) or dataset.shape not in ((n_cells,), (n_cells, 3)):
            raise ContentError(f"{dataset.name}: not one value or one vector for each of {n_cells} cells")
        fields[decode_name(name)] = Field(_values(dataset), *_description(dataset))
    return fields


def _columns(group: h5py.Group) -> dict[str, Column]:
    if _is_dataset(group):
        raise ContentError(f"{group.name}: a dataset where a group belongs")
    columns = {}
    for name, dataset in group.items():
        if not _is_dataset(dataset) or len(dataset.shape) != 1:
            raise ContentError(f"{dataset.name}: not one column of numbers")
        columns[decode_name(name)] = Column(_values(dataset), *_description(dataset))
    return columns


def _quantity(dataset: h5py.Dataset) -> Quantity:
    if not _is_dataset(dataset) or dataset.shape != ():
        raise ContentError(f"{dataset.name}: not a single value")
    return Quantity(plain(dataset[()]), *_description(dataset))


def _attributes(group: h5py.Group) -> dict[str, str | int | float | bool]:
    return {decode_name(name): read_attribute(group, name) for name in group.attrs}


def _description(dataset: h5py.Dataset) -> tuple[str, str]:
    return str(read_attribute(dataset, "units")), str(read_attribute(dataset, "description"))


def _text(root: h5py.File, name: str) -> str:
    dataset = root.get(name)
    if not _is_dataset(dataset) or dataset.shape != (1,) or dataset.dtype.kind != "S":
        raise ContentError(f"/{name}: missing or not text")
    return str(plain(dataset[0]))


def _count(group: h5py.Group, name: str) -> int:
    return int(_array(group, name, (1,), "iu")[0])


def _array(group: h5py.Group, name: str, shape: tuple[int, ...], kinds: str) -> NDArray[Any]:
    dataset = group.get(name)
    if not _is_dataset(dataset):
        raise ContentError(f"{group.name}/{name}: missing")
    if dataset.shape != shape or dataset.dtype.kind not in kinds:
        raise ContentError(
            f"{dataset.name}: {dataset.dtype} of shape {dataset.shape}, expected shape {shape}"
        )
    return _values(dataset)


def _values(dataset: h5py.Dataset) -> NDArray[Any]:
    if dataset.dtype.kind not in "biuf":
        raise ContentError(f"{dataset.name}: not numbers")
    return np.asarray(dataset[()])


def _group(root: h5py.Group, name: str) -> h5py.Group:
    group = root.get(name)
    if group is None or _is_dataset(group):
        raise ContentError(f"/{name}: missing; the file is not a complete Breachflow result")
    return group


def _is_dataset(item: Any) -> bool:
    import h5py

    return isinstance(item, h5py.Dataset)


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else f"; there are {', '.join(known) or 'none'}"
